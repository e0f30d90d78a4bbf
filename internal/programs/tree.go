package programs

import "slices"

// An actor is who does steps: a task, or the body of a scope that was opened with Run. The zero actor is the main function.
type actor struct {
	task *Task
	body *Scope
}

// A tree tells who lies within whom.
type tree struct {
	*Program
	scopes []*scopeNode // by number; nil for those that are not there
	tasks  []*taskNode
	sets   int
}

type scopeNode struct {
	*Scope
	rules
	owner    actor
	shielded bool // opened within a Shield of its owner
	parts    []*taskNode
}

func (s *scopeNode) hasDaemons() bool {
	return slices.ContainsFunc(s.parts, func(x *taskNode) bool { return x.daemon })
}

type taskNode struct {
	*Task
	rules
	spawner  actor
	shielded bool // spawned within a Shield, which matters to Start
}

func newTree(p *Program) *tree {
	t := &tree{Program: p}
	t.addScope(p.Root, actor{}, false)
	for _, x := range t.tasks {
		if x != nil {
			if s := t.scopes[x.Scope]; s != nil {
				s.parts = append(s.parts, x)
			}
		}
	}
	return t
}

func (t *tree) addScope(s *Scope, owner actor, shielded bool) {
	for len(t.scopes) <= s.ID {
		t.scopes = append(t.scopes, nil)
	}
	t.scopes[s.ID] = &scopeNode{Scope: s, rules: rulesOf(s.Options), owner: owner, shielded: shielded}
	inside := actor{body: s}
	if s.Kind == New {
		inside = owner
	}
	t.addSteps(s.Body.Steps, inside, shielded && s.Kind == New)
	for _, x := range s.Tasks {
		t.addTask(x, owner, shielded)
	}
}

func (t *tree) addTask(x *Task, spawner actor, shielded bool) {
	for len(t.tasks) <= x.ID {
		t.tasks = append(t.tasks, nil)
	}
	t.tasks[x.ID] = &taskNode{Task: x, rules: rulesOf(x.Options), spawner: spawner, shielded: shielded}
	t.addSteps(x.Body.Steps, actor{task: x}, false)
}

func (t *tree) addSteps(steps []Step, by actor, shielded bool) {
	for _, step := range steps {
		switch x := step.(type) {
		case *Spawn:
			t.addTask(x.Task, by, shielded)
		case *Open:
			t.addScope(x.Scope, by, shielded)
		case *Shielded:
			t.addSteps(x.Steps, by, true)
		case *Take:
			for _, task := range x.Tasks {
				t.addTask(task, by, shielded)
			}
		case *MakeSet:
			t.sets = max(t.sets, x.Set+1)
		}
	}
}

// opened calls f for each scope that a has opened itself.
func (t *tree) opened(a actor, f func(*scopeNode)) {
	for _, s := range t.scopes {
		if s != nil && s.owner == a {
			f(s)
		}
	}
}

// within calls f for each task and each body within the scope s, those of s itself first.
func (t *tree) within(s *scopeNode, f func(actor)) {
	one := func(a actor) {
		f(a)
		t.opened(a, func(inner *scopeNode) { t.within(inner, f) })
	}
	if s.Kind == Run {
		one(actor{body: s.Scope})
	}
	for _, x := range s.parts {
		one(actor{task: x.Task})
	}
}
