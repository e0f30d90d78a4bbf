package debug

import (
	"context"
	"fmt"
	"time"

	"github.com/creche-go/creche/group"
)

// Look returns the present tree.
func Look(opts ...Option) *Tree { return look(settingsOf(opts)) }

// look takes one scope after the other, while the program goes on: what it tells of two scopes need not have been true at the same time.
func look(s settings) *Tree {
	l := &looker{settings: s, at: now()}
	l.tree = &Tree{Time: time.Now(), Warnings: []Warning{}, Scopes: []Scope{}}
	roots, lost := roots.list()
	for _, n := range roots {
		l.visit(n, nil)
	}
	l.warnOfLost(lost)
	l.tree.Warnings = l.sorted()
	if s.stacks {
		l.locate()
	}
	return l.tree
}

type looker struct {
	settings
	tree     *Tree
	at       time.Duration
	warnings []Warning
	running  []place // with stacks
}

// place is where in the tree a task is.
type place struct {
	task        group.Handle
	scope, item int
}

// visit adds the scope, and those below, to the tree.
func (l *looker) visit(n *node, parent *node) {
	file, line := n.info.Opened()
	s := Scope{
		ID:     n.id,
		Name:   cut(n.info.Name(), maxName),
		Opened: fmt.Sprintf("%s:%d", file, line),
		Age:    ageOf(l.at - n.opened),
		State:  "open",
	}
	if parent != nil {
		s.Parent = parent.id
		if owner := n.owner(); owner != nil {
			i := owner.Index()
			s.Task = &i
		}
	}
	if cause := n.cause(); cause != nil {
		s.State, s.Cause = "cancelled", cut(fmt.Sprint(cause), maxCause)
	}
	latest := l.addTasks(&s, n)
	below := n.below.list()
	l.warn(n, &s, below, max(n.opened, latest))
	l.tree.Counts.add(s.Counts)
	l.tree.Scopes = append(l.tree.Scopes, s)
	for _, c := range below {
		l.visit(c, n)
	}
}

// cause returns why the scope was cancelled, or nil. A scope need not have heard yet that the context is over which it was opened with.
func (n *node) cause() error {
	if err := n.info.Cause(); err != nil {
		return err
	}
	return context.Cause(n.Context)
}

// addTasks returns when the latest task began.
func (l *looker) addTasks(s *Scope, n *node) (latest time.Duration) {
	alive, ended, latest := n.tasks.list()
	s.Tasks = make([]Task, 0, len(alive))
	before := n.history.previous()
	s.Counts = Counts{
		Succeeded: ended[group.Succeeded], Failed: ended[group.Failed], Cancelled: ended[group.Canceled], NotStarted: ended[group.NotStarted],
	}
	for _, a := range alive {
		t := Task{Name: cut(a.task.Name(), maxName), Index: a.task.Index(), State: "queued"}
		if a.running {
			t.State = "running"
			s.Counts.Running++
			if l.stacks {
				l.running = append(l.running, place{a.task, len(l.tree.Scopes), len(s.Tasks)})
			}
		} else {
			s.Counts.Queued++
			a.at = before.bound(t.Index, a.at)
		}
		t.Age = ageOf(l.at - a.at)
		s.Tasks = append(s.Tasks, t)
	}
	return latest
}
