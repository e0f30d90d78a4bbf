package programs

import (
	"context"
	"errors"
	"slices"

	"github.com/creche-go/creche/group"
)

// outcome checks how the call that a scope ended with came back.
func (c *checker) outcome(s *scopeNode) {
	rec, body := &c.scopes[s.ID], &c.scopes[s.ID].body
	if !rec.over.was() {
		return // left open: its owner tells of it
	}
	switch {
	case s.Kind == Run && body.how == panicked:
		if rec.how != panicked || !same(rec.value, body.value) {
			c.violated("P2", "the body of scope %d panicked with %v, and Run with %v", s.ID, body.value, rec.value)
		}
		return
	case s.Kind == Run && body.how == exited:
		if rec.how != exited {
			c.violated("P2", "the body of scope %d called runtime.Goexit, and Run went on: %d", s.ID, rec.how)
		}
		return
	case rec.how == exited:
		c.violated("P2", "the call of scope %d ended the goroutine", s.ID)
		return
	case rec.how == panicked:
		c.panicOut(s)
		return
	}
	for _, x := range s.parts {
		if c.tasks[x.ID].how == panicked && s.propagates() && c.owned(x) {
			c.violated("P1", "task %d panicked, and scope %d returned %v", x.ID, s.ID, rec.err)
		}
	}
	switch {
	case s.Kind.Grouped():
		c.values(s)
		c.verdict(s, rec.err)
	case s.Kind.Yields():
		c.yielded(s)
	case s.Kind == Gather, s.Kind.Loop():
		c.results(s)
		c.verdict(s, rec.err)
	default:
		c.contested(s)
	}
}

// panicOut checks a panic that came out of a scope, other than the body's own.
func (c *checker) panicOut(s *scopeNode) {
	rec := &c.scopes[s.ID]
	p, ok := rec.value.(*group.PanicError)
	if !ok {
		c.violated("P1", "scope %d panicked with a %T: %v", s.ID, rec.value, rec.value)
		return
	}
	if p.Index < 0 {
		if p.Name != "body" || !c.leftBelow(s) {
			c.violated("P2", "scope %d panicked with %v", s.ID, p)
		}
		return
	}
	x := c.named(s, &group.Failure{Name: p.Name, Index: p.Index})
	if x == nil {
		c.violated("P1", "scope %d panicked because of %s[%d], which is nobody", s.ID, p.Name, p.Index)
		return
	}
	r := &c.tasks[x.ID]
	if open := c.leftOpen(actor{task: x.Task}); !open && (r.how != panicked || !same(p.Value, r.value) || !s.propagates()) {
		c.violated("P1", "scope %d panicked with %v of task %d, which panicked with %v", s.ID, p.Value, x.ID, r.value)
	}
	// The others' failures are in the panic, but for those who pass on the very same panic.
	if s.Kind.Grouped() && !c.reached(s) {
		for _, y := range c.required(s) {
			if y != x && !same(c.tasks[y.ID].err, r.final.err) && c.failureOf(s, p.Failures, y) == nil {
				c.violated("P1", "scope %d panicked, and the failure of task %d is lost", s.ID, y.ID)
			}
		}
	}
}

// named returns the task of which f tells, or nil.
func (c *checker) named(s *scopeNode, f *group.Failure) *taskNode {
	i := slices.IndexFunc(s.parts, func(x *taskNode) bool { return c.names(s, f, x) })
	if i < 0 {
		return nil
	}
	return s.parts[i]
}

func (c *checker) failureOf(s *scopeNode, list []*group.Failure, x *taskNode) *group.Failure {
	i := slices.IndexFunc(list, func(f *group.Failure) bool { return c.names(s, f, x) })
	if i < 0 {
		return nil
	}
	return list[i]
}

// isFailed reports whether a task counts as failed.
func (c *checker) isFailed(x *taskNode) bool {
	rec := &c.tasks[x.ID]
	switch {
	case rec.handle != nil:
		return rec.final.state == group.Failed
	case !rec.begun.was() || !c.owned(x):
		return false
	}
	return c.failed(actor{task: x.Task}) || c.leftOpen(actor{task: x.Task})
}

// isCounted reports whether a task has a failure that filters leave.
func (c *checker) isCounted(s *scopeNode, x *taskNode) bool {
	rec := &c.tasks[x.ID]
	switch {
	case !c.isFailed(x):
		return false
	case rec.how == panicked && s.propagates(), c.leftOpen(actor{task: x.Task}):
		return true // neither is filtered, or who knows
	case rec.how == panicked:
		err, _ := rec.value.(error)
		return !s.takesAway(err)
	}
	return !s.takesAway(rec.err)
}

// required lists the tasks of which the error of the scope has to tell: those that failed and that nobody took.
func (c *checker) required(s *scopeNode) (list []*taskNode) {
	if c.isBlurred(s) {
		return nil
	}
	taken := c.takenOf(s)
	for _, x := range s.parts {
		if c.isCounted(s, x) && !c.leftOpen(actor{task: x.Task}) && (!taken[x] || c.stopped(s, x)) {
			list = append(list, x)
		}
	}
	return list
}

// stopped reports whether it was the failure of x that cancelled the scope.
func (c *checker) stopped(s *scopeNode, x *taskNode) bool {
	rec := &c.scopes[s.ID]
	f, ok := rec.cause.(*group.Failure)
	return ok && !same(rec.cause, rec.parentLast) && c.names(s, f, x)
}

// reached reports whether the scope came to its goal, so that failures do not count.
func (c *checker) reached(s *scopeNode) bool {
	n := 0
	for _, x := range s.parts {
		if rec := &c.tasks[x.ID]; rec.how == returned && rec.err == nil && c.owned(x) && !c.leftOpen(actor{task: x.Task}) {
			n++
		}
	}
	return s.stop == "UntilSuccess" && n >= s.n
}

// stoppedCleanly reports whether somebody may have ended the scope without a reason to report.
func (c *checker) stoppedCleanly(s *scopeNode) bool {
	if s.cancelsBodies || s.stop == "StopWhen" || c.reached(s) {
		return true
	}
	for _, a := range c.actors {
		for _, call := range c.record(a).cancels {
			if call.scope == s.ID && call.cause == nil {
				return true
			}
		}
	}
	return s.hasDaemons()
}

// cancelledAlone reports whether somebody has cancelled the task through its handle.
func (c *checker) cancelledAlone(x *taskNode) bool {
	return slices.ContainsFunc(c.actors, func(a actor) bool {
		return slices.ContainsFunc(c.record(a).cancels, func(call cancelling) bool { return call.task == x.ID })
	})
}

// excused reports whether the fault may be the echo of a cancellation that the actor was sent.
func (c *checker) excused(a actor, f *Fault) bool {
	if f.Kind == echoing && slices.Contains(c.scopeOf(a).filters, "Echo") {
		return true
	}
	return slices.ContainsFunc(c.causesOf(a), func(err error) bool { return slices.Contains(faultsIn(err), f) })
}

// parentEnded reports whether the context that the scope was opened with had ended, and its own because of that.
func (c *checker) parentEnded(s *scopeNode, err error) bool {
	rec := &c.scopes[s.ID]
	return rec.parentCause != nil && errors.Is(err, rec.parentCause) && (!c.Exact || c.may(s.owner) <= rec.over.at || s.Via == Within)
}

// cancelledBy reports whether somebody has called Cancel with this cause.
func (c *checker) cancelledBy(s *scopeNode, cause error) bool {
	return slices.ContainsFunc(c.actors, func(a actor) bool {
		return slices.ContainsFunc(c.record(a).cancels, func(call cancelling) bool {
			return call.scope == s.ID && call.cause != nil && same(call.cause, cause)
		})
	})
}

// timedOut reports whether the time of the scope was over.
func (c *checker) timedOut(s *scopeNode, err error) bool {
	rec := &c.scopes[s.ID]
	return s.timeout > 0 && errors.Is(err, context.DeadlineExceeded) && (!c.Exact || rec.over.at >= rec.opened.at+c.units(s.timeout))
}
