package programs

import "slices"

var kindsOfScopes = []weighted[Kind]{
	{10, Run}, {6, New}, {1, Gather}, {1, Settle}, {1, Race}, {1, Any}, {1, Quorum}, {1, Hedge},
	{1, ForEach}, {1, ForEachSlice}, {2, Map}, {1, MapUnordered}, {1, MapSlice},
}

// scope makes one that is opened at a place.
func (m *maker) scope(at place) *Scope {
	s := &Scope{ID: m.scopes, Kind: pick(m, kindsOfScopes), Catch: m.coin(4)}
	m.scopes++
	if m.left == 0 && !s.Kind.Grouped() || s.ID == 0 && s.Kind == New { // what main left open would stay so
		s.Kind = Run
	}
	if m.coin(4) {
		s.Via = Value
	} else if m.coin(6) {
		s.Via, s.D = Within, m.d()
	}
	if !s.Kind.Grouped() {
		m.parts(s, at)
		return s
	}
	s.Options = m.scopeOptions()
	at.calm = at.calm || rulesOf(s.Options).panics == "PanicCrash"
	switch g := (visible{Scope: s}); s.Kind {
	case Run:
		g.line = append(slices.Clip(at.groups), g)
		body := at.function(at.groups).with(g)
		g.line[len(g.line)-1] = g
		body.own = s
		s.Body = m.block(body, 6)
	case New:
		s.Leave = m.coin(5) && !at.keeps && at.depth > 0
		g.line = append(slices.Clip(at.outer), g)
		g.line[len(g.line)-1] = g
		inner := at.with(g)
		inner.own, inner.inside = s, true
		s.Body.Steps = m.steps(&inner, 6)
		s.Body.End.How = Succeed
	}
	return s
}

// parts makes the functions or the elements of a scope.
func (m *maker) parts(s *Scope, at place) {
	if s.Kind.Loop() {
		s.Options = m.loopOptions()
		at.calm = at.calm || rulesOf(s.Options).panics == "PanicCrash"
	}
	for range 1 + m.choose(4) {
		if m.left == 0 {
			break
		}
		m.left--
		m.tasks++
		inner := at.function(at.groups)
		inner.keeps = s.Kind.Loop()
		inner.stays = at.stays || s.Kind == ForEachSlice || s.Kind == MapSlice // they call the function on the goroutine of the caller too
		t := &Task{ID: m.tasks, Scope: s.ID}
		t.Body = m.block(inner, 3)
		s.Tasks = append(s.Tasks, t)
	}
	switch s.Kind {
	case Quorum:
		s.N = 1 + m.choose(len(s.Tasks)+1)
	case Hedge, Map, MapUnordered:
		s.N = m.choose(4)
	}
}

func (m *maker) scopeOptions() (list []Option) {
	add := func(o Option) { list = append(list, o) }
	if m.coin(2) {
		add(m.rule())
	}
	if m.coin(3) {
		add(Option{Name: "Limit", N: 1 + m.choose(3)})
	}
	if n := len(m.program.Limiters); n > 0 && m.coin(2) {
		add(Option{Name: sharedLimit, N: min(m.choose(n), m.choose(n))}) // the same one as others
	}
	if m.coin(8) {
		add(Option{Name: "Queue", N: 1 + m.choose(2)})
	}
	list = append(list, m.commonOptions()...)
	for _, name := range []string{"Discard", "CancelOnReturn"} {
		if m.coin(8) {
			add(Option{Name: name})
		}
	}
	if m.coin(8) {
		add(Option{Name: "OnStuck", N: m.d()})
	}
	return list
}

func (m *maker) loopOptions() (list []Option) {
	if m.coin(2) {
		list = append(list, m.rule())
	}
	if m.coin(2) {
		list = append(list, Option{Name: "Limit", N: 1 + m.choose(3)})
	}
	if n := len(m.program.Limiters); n > 0 && m.coin(3) {
		list = append(list, Option{Name: sharedLimit, N: m.choose(n)})
	}
	return append(list, m.commonOptions()...)
}

func (m *maker) rule() Option {
	switch name := pick(m, []weighted[string]{{1, "FailFast"}, {3, "KeepGoing"}, {2, "Tolerate"}, {2, "UntilSuccess"}, {2, "StopWhen"}}); name {
	case "Tolerate", "UntilSuccess":
		return Option{Name: name, N: 1 + m.choose(3)}
	case "StopWhen":
		return Option{Name: name, N: m.choose(len(countable)), M: 1 + m.choose(3)}
	default:
		return Option{Name: name}
	}
}

// commonOptions are those of scopes and of loops.
func (m *maker) commonOptions() (list []Option) {
	for _, name := range []string{"Ignore", "IgnoreFunc", "MapError", "Forget", "Echo", "FirstError"} {
		if m.coin(8) {
			list = append(list, Option{Name: name})
		}
	}
	if m.coin(4) {
		list = append(list, Option{Name: pick(m, []weighted[string]{{4, "PanicAsError"}, {1, "PanicCrash"}})})
	}
	if m.coin(8) {
		list = append(list, Option{Name: "Timeout", N: m.d()})
	}
	if m.coin(8) {
		list = append(list, Option{Name: "Name", N: 100 + m.scopes})
	}
	if m.coin(8) {
		list = append(list, Option{Name: observe, N: m.choose(2)})
	}
	return list
}

func (m *maker) taskOptions(s *Scope, t *Task) (list []Option) {
	scope := rulesOf(s.Options)
	if t.By == Start || m.coin(3) {
		list = append(list, Option{Name: "Name", N: t.ID}) // what Start starts has no handle to tell it by
	}
	if m.coin(8) {
		list = append(list, Option{Name: "Timeout", N: m.d()})
	}
	if m.coin(8) {
		list = append(list, Option{Name: "OwnGoroutine"})
	}
	if t.By != Start && m.coin(8) {
		list = append(list, Option{Name: "Daemon"})
	}
	if scope.shared >= 0 && m.coin(4) {
		list = append(list, Option{Name: "Weight", N: 1 + m.choose(m.program.Limiters[scope.shared])})
	}
	return list
}
