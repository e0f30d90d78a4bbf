package programs

import (
	"slices"

	"github.com/creche-go/creche/group"
)

// verdict checks the error of a scope: that it tells of all that has to be told, and of nothing else.
func (c *checker) verdict(s *scopeNode, err error) {
	e, ok := err.(*group.Error)
	if err != nil && (!ok || len(e.Failures) == 0 || e.Omitted > 0) {
		c.violated("E1", "the error of scope %d is a %T: %v", s.ID, err, err)
		return
	}
	var list []*group.Failure
	if e != nil {
		list = e.Failures
	}
	required := c.required(s)
	switch {
	case err == nil:
		c.success(s, required)
	case s.firstError:
		if len(list) != 1 {
			c.violated("E1", "scope %d wants its first error, and has %d", s.ID, len(list))
		}
	default:
		c.told(s, list, required)
	}
	seen := map[*taskNode]bool{}
	for _, f := range list {
		c.justified(s, f, seen)
	}
	c.ordered(s, list)
}

// told checks that every failure is in the list.
func (c *checker) told(s *scopeNode, list []*group.Failure, required []*taskNode) {
	rec := &c.scopes[s.ID]
	if !c.reached(s) {
		for _, x := range required {
			f := c.failureOf(s, list, x)
			if f == nil {
				c.violated("E1", "the failure of task %d is not in the error of scope %d: %v", x.ID, s.ID, rec.err)
				continue
			}
			r := &c.tasks[x.ID]
			for _, fault := range append(faultsIn(r.err), faultsOf(r.value)...) {
				if !c.excused(actor{task: x.Task}, fault) && !slices.Contains(faultsIn(f.Err), fault) {
					c.violated("E1", "%v is not in the failure of task %d: %v", fault, x.ID, f.Err)
				}
			}
		}
	}
	if body := (actor{body: s.Scope}); c.failed(body) && !s.takesAway(rec.body.err) {
		all := faultsIn(rec.err)
		for _, fault := range faultsIn(rec.body.err) {
			if !c.excused(body, fault) && !slices.Contains(all, fault) {
				c.violated("E1", "%v of the body is not in the error of scope %d: %v", fault, s.ID, rec.err)
			}
		}
	}
}

// success checks a nil error.
func (c *checker) success(s *scopeNode, required []*taskNode) {
	rec := &c.scopes[s.ID]
	if c.failed(actor{body: s.Scope}) && !s.takesAway(rec.body.err) || c.leftBelow(s) {
		c.violated("E1", "scope %d returned nil, its body %v", s.ID, rec.body.err)
	}
	failures := 0
	for _, x := range s.parts {
		if c.isCounted(s, x) {
			failures++
		}
	}
	switch {
	case c.reached(s):
	case s.stop == "Tolerate" && failures <= s.n:
	case len(required) > 0:
		c.violated("E1", "scope %d returned nil, and task %d has failed", s.ID, required[0].ID)
	}
	if c.stoppedCleanly(s) {
		return
	}
	for _, x := range s.parts {
		r := &c.tasks[x.ID]
		st := r.final.state
		switch {
		case s.Kind.Grouped() && r.handle != nil && (st == group.Canceled || st == group.NotStarted) && !c.cancelledAlone(x):
			c.violated("S2", "scope %d returned nil, and task %d is %v: %v", s.ID, x.ID, st, r.final.err)
		case !s.Kind.Grouped() && !r.begun.was():
			c.violated("S2", "scope %d returned nil, and never began with task %d", s.ID, x.ID)
		}
	}
	if s.stop == "UntilSuccess" && c.Exact && c.may(s.owner) > rec.over.at && s.timeout == 0 && s.Via != Within {
		c.violated("S2", "scope %d returned nil without %d successes", s.ID, s.n)
	}
}

// justified checks that the failure f is one that the scope had.
func (c *checker) justified(s *scopeNode, f *group.Failure, seen map[*taskNode]bool) {
	rec := &c.scopes[s.ID]
	bad := func(why string) { c.violated("E1", "scope %d reports %v: %s", s.ID, f, why) }
	if f.Index >= 0 {
		x := c.named(s, f)
		switch {
		case x == nil:
			bad("there is no such task")
			return
		case seen[x]:
			bad("for the second time")
		case !c.isFailed(x) && c.tasks[x.ID].handle != nil:
			c.violated("E2", "scope %d reports %v, and task %d is %v", s.ID, f, x.ID, c.tasks[x.ID].final.state)
		case !c.owned(x):
			bad("but Start has returned that")
		case !c.isBlurred(s) && c.takenOf(s)[x] && !c.stopped(s, x):
			bad("but a loop took it")
		case !c.leftOpen(actor{task: x.Task}):
			c.sameFaults(s, f, x)
		}
		seen[x] = true
		return
	}
	switch f.Name {
	case "body":
		if rec.body.err == nil && !c.leftBelow(s) {
			bad("the body returned nil")
		} else if c.echoes(actor{body: s.Scope}) && same(f.Err, rec.body.err) {
			c.violated("E2", "scope %d reports %v, which only repeats why it was cancelled", s.ID, f)
		}
	case "Cancel":
		if !c.cancelledBy(s, f.Err) {
			bad("nobody called Cancel with that")
		}
	case "context":
		if !c.parentEnded(s, f.Err) {
			bad("the context has not ended because of that")
		} else if !c.unfinished(s) {
			c.violated("E3", "scope %d reports %v, although all have succeeded", s.ID, f)
		}
	case "Timeout":
		if !c.timedOut(s, f.Err) {
			bad("its time is not over")
		} else if !c.unfinished(s) {
			c.violated("E3", "scope %d reports %v, although all have succeeded", s.ID, f)
		}
	case "UntilSuccess":
		if s.stop != "UntilSuccess" || c.reached(s) {
			bad("the goal was reached, or there was none")
		}
	default:
		bad("nobody has that name")
	}
}

// sameFaults checks that a failure says what the task's function has said.
func (c *checker) sameFaults(s *scopeNode, f *group.Failure, x *taskNode) {
	rec := &c.tasks[x.ID]
	own := append(faultsIn(rec.err), faultsOf(rec.value)...)
	for _, fault := range faultsIn(f.Err) {
		if !slices.Contains(own, fault) {
			c.violated("E1", "scope %d reports %v of task %d, which returned %v", s.ID, fault, x.ID, rec.err)
		}
	}
	if _, bare := rec.err.(*Fault); bare && s.takesAway(rec.err) {
		c.violated("E4", "scope %d reports %v, which its filters take away", s.ID, f)
	}
}

// unfinished reports whether somebody did not succeed.
func (c *checker) unfinished(s *scopeNode) bool {
	rec := &c.scopes[s.ID]
	if rec.body.err != nil {
		return true
	}
	for _, x := range s.parts {
		r := &c.tasks[x.ID]
		switch {
		case r.handle != nil && r.final.state != group.Succeeded, r.begun.was() && r.err != nil:
			return true
		case !s.Kind.Grouped() && !r.begun.was():
			return true
		}
	}
	// A source that has ended after the context has may have ended because of it, for all that the loop knows.
	return s.Kind.Yields() || s.Kind == ForEach
}

// ordered checks that failures are listed in the order in which the tasks ended, and the body's last.
func (c *checker) ordered(s *scopeNode, list []*group.Failure) {
	if !c.Exact {
		return
	}
	var before *group.Failure
	rank := func(f *group.Failure) int {
		switch {
		case f.Index >= 0:
			return 0
		case f.Name == "body":
			return 2
		}
		return 1
	}
	for _, f := range list {
		if before != nil {
			wrong := rank(before) > rank(f)
			if x, y := c.named(s, before), c.named(s, f); x != nil && y != nil {
				wrong = c.end(x) > c.end(y)
			}
			if wrong {
				c.violated("E1", "scope %d reports %v before %v", s.ID, before, f)
			}
		}
		before = f
	}
}
