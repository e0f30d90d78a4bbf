package programs

import "slices"

// stepMakers make steps; nil if there is none to be made here.
var stepMakers []weighted[func(*maker, *place) Step]

func init() {
	stepMakers = []weighted[func(*maker, *place) Step]{
		{5, (*maker).nap},
		{3, func(m *maker, _ *place) Step { return &Sleep{m.d()} }},
		{2, func(*maker, *place) Step { return &Yield{} }},
		{12, (*maker).spawn},
		{5, (*maker).openStep},
		{2, (*maker).cancel},
		{2, (*maker).cancelTask},
		{2, (*maker).join},
		{2, (*maker).peek},
		{3, (*maker).take},
		{2, (*maker).makeSet},
		{5, (*maker).useSet},
		{2, (*maker).await},
		{1, func(*maker, *place) Step { return &Hold{} }},
		{1, (*maker).shielded},
	}
}

// steps makes some steps. What they make visible is put into at.
func (m *maker) steps(at *place, longest int) (steps []Step) {
	for range m.choose(longest + 1) {
		if s := pick(m, stepMakers)(m, at); s != nil {
			steps = append(steps, s)
		}
	}
	return steps
}

func (m *maker) nap(at *place) Step { return &Nap{D: m.d(), Leave: m.coin(2) && !at.inside} }

func (m *maker) shielded(at *place) Step {
	inner := *at
	inner.inside, inner.own = true, nil
	return &Shielded{m.d(), m.steps(&inner, 3)}
}

// group chooses one that can be seen, the inner ones more often.
func (m *maker) group(at *place) (visible, bool) {
	if len(at.groups) == 0 {
		return visible{}, false
	}
	i := min(m.choose(len(at.groups)), m.choose(len(at.groups)))
	return at.groups[len(at.groups)-1-i], true
}

func (m *maker) spawn(at *place) Step {
	g, ok := m.group(at)
	if !ok || m.left == 0 {
		return nil
	}
	t := m.task(at, g)
	if t.By == Go || t.By == Do || t.By == Other {
		at.tasks = append(slices.Clip(at.tasks), t.ID)
	}
	return &Spawn{t}
}

// task makes one that is started in g.
func (m *maker) task(at *place, g visible) *Task {
	m.left--
	m.tasks++
	t := &Task{ID: m.tasks, Scope: g.ID}
	t.By = pick(m, []weighted[By]{{8, Go}, {3, Do}, {2, Other}, {2, TryGo}, {2, Start}})
	t.Options = m.taskOptions(g.Scope, t)
	t.Body = m.block(at.function(g.line), 3)
	if t.By == Start {
		t.Ready = m.choose(len(t.Body.Steps)+2) - 1
	}
	return t
}

func (m *maker) openStep(at *place) Step {
	if at.depth > 4 {
		return nil
	}
	return &Open{m.scope(*at)}
}

func (m *maker) cancel(at *place) Step {
	if g, ok := m.group(at); ok {
		return &Cancel{g.ID, m.coin(2)}
	}
	return nil
}

// handle chooses a task that can be seen.
func (m *maker) handle(at *place) (int, bool) {
	if len(at.tasks) == 0 {
		return 0, false
	}
	return at.tasks[m.choose(len(at.tasks))], true
}

// some chooses several.
func (m *maker) some(at *place) (list []int) {
	for _, t := range at.tasks {
		if m.coin(2) {
			list = append(list, t)
		}
	}
	return list
}

// patience is how long to wait; most often as long as the context lasts.
func (m *maker) patience() int {
	if m.coin(3) {
		return m.d()
	}
	return 0
}

func (m *maker) cancelTask(at *place) Step {
	if t, ok := m.handle(at); ok {
		return &CancelTask{t, m.coin(2)}
	}
	return nil
}

func (m *maker) join(at *place) Step {
	if t, ok := m.handle(at); ok {
		return &Join{t, m.patience()}
	}
	return nil
}

func (m *maker) peek(at *place) Step {
	if t, ok := m.handle(at); ok {
		return &Peek{t}
	}
	return nil
}

func (m *maker) take(at *place) Step {
	g, ok := m.group(at)
	if !ok || rulesOf(g.Options).discard {
		return nil
	}
	s := &Take{Scope: g.ID, By: "Next", Max: m.choose(4)}
	if g.Scope == at.own { // others might wait for themselves
		s.By = pick(m, []weighted[string]{{2, "Next"}, {2, "Completed"}, {1, "Results"}})
	}
	if s.By == "Next" {
		s.Within = m.patience()
	}
	for range m.choose(3) {
		if m.left > 0 {
			s.Tasks = append(s.Tasks, m.task(at, g))
		}
	}
	return s
}

func (m *maker) makeSet(at *place) Step {
	s := &MakeSet{m.sets, m.some(at)}
	m.sets++
	at.sets = append(slices.Clip(at.sets), s.Set)
	return s
}

func (m *maker) useSet(at *place) Step {
	if len(at.sets) == 0 {
		return nil
	}
	set := at.sets[m.choose(len(at.sets))]
	switch t, ok := m.handle(at); {
	case ok && m.coin(2):
		return &Add{set, t}
	case ok && m.coin(4):
		return &Remove{set, t}
	}
	s := &TakeSet{Set: set, Max: m.choose(4), Within: m.patience()}
	s.By = pick(m, []weighted[string]{{3, "Next"}, {1, "TryNext"}, {2, "All"}, {2, "Wait"}})
	if s.By == "Wait" {
		s.Max, s.Mode = 0, m.choose(3)
	}
	return s
}

func (m *maker) await(at *place) Step {
	list := m.some(at)
	if len(list) == 0 {
		return nil
	}
	return &Await{m.choose(3), m.patience(), list}
}
