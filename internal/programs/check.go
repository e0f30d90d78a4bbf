package programs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/creche-go/creche/group"
)

// A Violation is a law that a run did not keep.
type Violation struct {
	Law, Text string
	form      string // of the text
}

// Like reports whether two violations tell the same of perhaps other parts.
func (v Violation) Like(w Violation) bool { return v.Law == w.Law && v.form == w.form }

func (v Violation) String() string { return v.Law + ": " + v.Text }

// Check returns what of the laws the run did not keep.
func Check(t *Trace) []Violation {
	c := &checker{Trace: t, byHandle: map[group.Handle]*taskNode{}, musts: map[actor]time.Duration{}, mays: map[actor]time.Duration{}}
	c.index()
	for _, s := range c.tree.scopes {
		if s != nil && c.scopes[s.ID].opened.was() {
			c.lifetime(s)
			c.starting(s)
			c.admission(s)
			c.outcome(s)
			c.completions(s)
			c.observers(s)
		}
	}
	for _, x := range c.tree.tasks {
		if x != nil {
			c.task(x)
		}
	}
	c.cancellation()
	c.sets()
	c.sharedLimits()
	c.freePlaces()
	c.liveness()
	return c.found
}

// checker looks at one run.
type checker struct {
	*Trace
	// exact is set if a wait ends at the very moment of what it waits for: not so where places have to be taken back first.
	exact    bool
	found    []Violation
	byHandle map[group.Handle]*taskNode
	actors   []actor // that did something
	musts    map[actor]time.Duration
	mays     map[actor]time.Duration
}

func (c *checker) violated(law, format string, args ...any) {
	c.found = append(c.found, Violation{law, fmt.Sprintf(format, args...), format})
}

func (c *checker) index() {
	c.exact = c.Exact && len(c.Limiters) == 0
	c.actors = append(c.actors, actor{})
	for _, s := range c.tree.scopes {
		if s != nil && c.scopes[s.ID].body.begun.was() {
			c.actors = append(c.actors, actor{body: s.Scope})
		}
	}
	for _, x := range c.tree.tasks {
		if x == nil {
			continue
		}
		rec := &c.tasks[x.ID]
		if rec.handle != nil {
			c.byHandle[rec.handle] = x
		}
		if rec.begun.was() {
			c.actors = append(c.actors, actor{task: x.Task})
		}
	}
}

// record returns what an actor did.
func (c *checker) record(a actor) *record {
	switch {
	case a.task != nil:
		return &c.tasks[a.task.ID].record
	case a.body != nil:
		return &c.scopes[a.body.ID].body
	}
	return &c.main
}

// scopeOf returns the scope that an actor belongs to; nil for main.
func (c *checker) scopeOf(a actor) *scopeNode {
	switch {
	case a.task != nil:
		return c.tree.scopes[a.task.Scope]
	case a.body != nil:
		return c.tree.scopes[a.body.ID]
	}
	return nil
}

func (a actor) String() string {
	switch {
	case a.task != nil:
		return fmt.Sprintf("task %d", a.task.ID)
	case a.body != nil:
		return fmt.Sprintf("the body of scope %d", a.body.ID)
	}
	return "main"
}

// last returns the latest moment at which something ended within an actor, itself included, and who that was. The moment is zero if
// something has not ended.
func (c *checker) last(a actor) (m moment, who actor) {
	m, who = c.record(a).left, a
	c.tree.opened(a, func(s *scopeNode) {
		c.tree.within(s, func(inner actor) {
			rec := c.record(inner)
			switch {
			case !rec.begun.was() || !m.was():
			case !rec.left.was() || rec.left.after(m) || rec.left.at > m.at:
				m, who = rec.left, inner
			}
		})
	})
	return m, who
}

// owned reports whether x is the task of that scope that is told of in its error, or waited for by its loops, as one of its own: not one
// that Start has kept for its caller.
func (c *checker) owned(x *taskNode) bool { return x.By != Start || c.tasks[x.ID].start.adopted }

// failed reports whether an actor has certainly failed: by an error that is not merely the echo of a cancellation.
func (c *checker) failed(a actor) bool {
	rec := c.record(a)
	switch rec.how {
	case panicked, exited:
		return true
	case returned:
		return c.real(a, rec.err)
	}
	return false
}

// echoes reports whether the error of an actor is certainly nothing but the cause of its scope's cancellation.
func (c *checker) echoes(a actor) bool {
	rec, s := c.record(a), c.scopeOf(a)
	cause := c.scopes[s.ID].cause
	return rec.how == returned && cause != nil && cause != context.Canceled && cause != context.DeadlineExceeded && same(rec.err, cause) &&
		!c.leavesOpen(a)
}

// real reports whether something in the error is certainly no echo, for an actor.
func (c *checker) real(a actor, err error) (is bool) {
	leaves(err, func(err error) {
		if f, ok := err.(*Fault); ok {
			is = is || !c.excused(a, f)
		} else if err == group.ErrGoexit || err == group.ErrNotReady {
			is = is || !errorsIs(c.causesOf(a), err)
		}
	})
	return is
}

// causesOf returns why the actor may have been cancelled, its own failure not among it.
func (c *checker) causesOf(a actor) (causes []error) {
	add := func(err error) {
		if err != nil && !c.isOwn(a, err) {
			causes = append(causes, err)
		}
	}
	s := c.scopeOf(a)
	if s != nil {
		add(c.scopes[s.ID].cause)
	}
	add(c.record(a).cause)
	for _, b := range c.actors {
		for _, x := range c.record(b).cancels {
			if a.task == nil || x.task != a.task.ID {
				continue
			}
			if add(x.cause); x.cause == nil {
				add(context.Canceled)
			}
		}
	}
	if a.task != nil && a.task.By == Start {
		add(c.tasks[a.task.ID].start.caller)
	}
	for _, p := range c.record(a).pauses {
		add(p.heard)
	}
	return causes
}

// isOwn reports whether a cause is the failure of the actor itself.
func (c *checker) isOwn(a actor, cause error) bool {
	s := c.scopeOf(a)
	f, ok := cause.(*group.Failure)
	if s == nil || !ok || same(cause, c.scopes[s.ID].parentLast) {
		return false
	}
	if a.task == nil {
		return f.Name == "body"
	}
	x := c.tree.tasks[a.task.ID]
	return c.names(s, f, x)
}

func errorsIs(list []error, target error) bool {
	return slices.ContainsFunc(list, func(err error) bool { return errors.Is(err, target) })
}

// names reports whether the failure f of the scope s is that of the task x.
func (c *checker) names(s *scopeNode, f *group.Failure, x *taskNode) bool {
	rec := &c.tasks[x.ID]
	switch {
	case !s.Kind.Grouped():
		return f.Index == slices.Index(s.Tasks, x.Task)
	case rec.handle != nil:
		return f.Index == rec.final.index
	}
	return f.Index >= 0 && f.Name == fmt.Sprint(x.ID) // of Start
}
