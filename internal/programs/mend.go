package programs

import "slices"

// mend drops what refers to scopes, tasks and sets that are not there any more.
func mend(p *Program) {
	m := &mender{scopes: map[int]bool{}, tasks: map[int]bool{}, sets: map[int]bool{}}
	m.scope(p.Root)
}

// mender goes through a program in the order in which it is written: what is not known yet is gone.
type mender struct{ scopes, tasks, sets map[int]bool }

func (m *mender) scope(s *Scope) {
	m.scopes[s.ID] = s.Kind.Grouped()
	s.Body.Steps = m.steps(s.Body.Steps)
	for _, t := range s.Tasks {
		t.Body.Steps = m.steps(t.Body.Steps)
	}
}

func (m *mender) task(t *Task) bool {
	if !m.scopes[t.Scope] {
		return false
	}
	t.Body.Steps = m.steps(t.Body.Steps)
	m.tasks[t.ID] = t.By == Go || t.By == Do || t.By == Other
	return true
}

func (m *mender) steps(steps []Step) []Step {
	return slices.DeleteFunc(steps, func(s Step) bool { return !m.step(s) })
}

func (m *mender) known(tasks []int) []int {
	return slices.DeleteFunc(tasks, func(t int) bool { return !m.tasks[t] })
}

// step reports whether a step still makes sense.
func (m *mender) step(s Step) bool {
	switch s := s.(type) {
	case *Spawn:
		return m.task(s.Task)
	case *Open:
		m.scope(s.Scope)
		return s.Scope.Kind.Grouped() || len(s.Scope.Tasks) > 0
	case *Shielded:
		s.Steps = m.steps(s.Steps)
	case *Cancel:
		return m.scopes[s.Scope]
	case *CancelTask:
		return m.tasks[s.Task]
	case *Join:
		return m.tasks[s.Task]
	case *Peek:
		return m.tasks[s.Task]
	case *Take:
		s.Tasks = slices.DeleteFunc(s.Tasks, func(t *Task) bool { return !m.task(t) })
		for _, t := range s.Tasks {
			m.tasks[t.ID] = false // its handle is the loop's
		}
		return m.scopes[s.Scope]
	case *MakeSet:
		m.sets[s.Set] = true
		s.Tasks = m.known(s.Tasks)
	case *Add:
		return m.sets[s.Set] && m.tasks[s.Task]
	case *Remove:
		return m.sets[s.Set] && m.tasks[s.Task]
	case *TakeSet:
		return m.sets[s.Set]
	case *Await:
		s.Tasks = m.known(s.Tasks)
		return len(s.Tasks) > 0
	}
	return true
}
