package programs

import (
	"slices"

	"github.com/creche-go/creche/group"
)

// eachTaking calls f for each taking of the scope s, or of the set.
func (c *checker) eachTaking(scope, set int, f func(a actor, t *taking)) {
	for _, a := range c.actors {
		list := c.record(a).takings
		for i := range list {
			if list[i].scope == scope && list[i].set == set {
				f(a, &list[i])
			}
		}
	}
}

// takenOf returns the tasks of a scope that were taken.
func (c *checker) takenOf(s *scopeNode) map[*taskNode]bool {
	taken := map[*taskNode]bool{}
	c.eachTaking(s.ID, -1, func(_ actor, t *taking) {
		for _, x := range t.took {
			if x.handle != nil {
				taken[c.byHandle[x.handle]] = true
			} else if i := x.value; i > 0 {
				taken[c.tree.tasks[i]] = true
			}
		}
	})
	return taken
}

// isBlurred reports whether a loop has taken tasks of the scope that it does not tell.
func (c *checker) isBlurred(s *scopeNode) (blurred bool) {
	c.eachTaking(s.ID, -1, func(_ actor, t *taking) {
		blurred = blurred || slices.ContainsFunc(t.took, func(x taken) bool { return x.handle == nil && x.value == 0 })
	})
	return blurred
}

// completions checks what was taken of a scope.
func (c *checker) completions(s *scopeNode) {
	times := map[*taskNode]int{}
	c.eachTaking(s.ID, -1, func(a actor, t *taking) {
		var before *taskNode
		for _, x := range t.took {
			c.completion(a, x)
			y := c.byHandle[x.handle]
			if x.handle == nil {
				if x.value == 0 {
					before = nil
					continue
				}
				y = c.tree.tasks[x.value]
			}
			if y == nil || y.Scope != s.ID || y.By == Other || y.By == Start {
				c.violated("W1", "%v took %v of scope %d, which is none that a loop yields", a, y, s.ID)
				continue
			}
			if times[y]++; times[y] == 2 {
				c.violated("W1", "task %d of scope %d was taken twice", y.ID, s.ID)
			}
			if before != nil && c.Exact && c.tasks[before.ID].begun.was() && c.tasks[y.ID].begun.was() && c.end(before) > c.end(y) {
				c.violated("W3", "%v took task %d before task %d, which had ended before", a, before.ID, y.ID)
			}
			before = y
		}
	})
	if c.isBlurred(s) {
		return
	}
	taken := c.takenOf(s)
	c.eachTaking(s.ID, -1, func(a actor, t *taking) {
		for _, x := range s.parts {
			rec := &c.tasks[x.ID]
			if x.By == Other || x.By == Start || rec.handle == nil {
				continue
			}
			if t.over.was() && !t.ctxEnded && t.dry.after(rec.got) && !x.daemon && !taken[x] {
				c.violated("W3", "%v found nothing more in scope %d, and nobody took task %d", a, s.ID, x.ID)
			}
			if t.over.was() && c.exact && rec.begun.was() && c.end(x) < t.over.at && !taken[x] {
				c.violated("W4", "%v found nothing in scope %d at %v, and task %d had ended at %v", a, s.ID, t.over.at, x.ID, c.end(x))
			}
		}
	})
}

// completion checks one that was taken.
func (c *checker) completion(a actor, x taken) {
	if x.handle != nil && (!x.ended || !x.closed) || x.known && !x.left {
		c.violated("L4", "%v took a task that had not ended: %+v", a, x)
	}
	y := c.byHandle[x.handle]
	if y == nil || !c.tasks[y.ID].begun.was() {
		return
	}
	c.childrenEnded(y, x.to)
	if end := c.end(y); c.exact && x.to.at != max(x.from.at, end) && !x.added {
		c.violated("W4", "%v took task %d at %v, asked at %v, and it had ended at %v", a, y.ID, x.to.at, x.from.at, end)
	}
}

// childrenEnded checks that nothing within a task went on when it was seen ended.
func (c *checker) childrenEnded(x *taskNode, seen moment) {
	if m, who := c.last(actor{task: x.Task}); !m.was() || m.after(seen) {
		c.violated("L3", "task %d was seen ended, and %v had not", x.ID, who)
	}
}

// sets checks sightings of tasks, and sets.
func (c *checker) sets() {
	for _, a := range c.actors {
		for _, x := range c.record(a).sightings {
			c.sighting(a, x)
		}
		for _, w := range c.record(a).waits {
			c.wait(a, w)
		}
	}
	for i := range c.Trace.sets {
		c.set(i)
	}
}

func (c *checker) sighting(a actor, x sighting) {
	y, rec := c.tree.tasks[x.task], &c.tasks[x.task]
	bad := func(law, why string) {
		c.violated(law, "%v saw task %d as %v, closed %v, error %v, its context ended %v: %s", a, x.task, x.state, x.closed, x.err, x.ctxEnded, why)
	}
	switch {
	case x.closed && !x.ended:
		bad("L1", "Done was closed before the end")
	case x.waiting && !x.ctxEnded && !x.ended:
		bad("W4", "Wait returned before the end")
	case x.ended && x.state != rec.final.state:
		bad("L1", "in the end it was "+rec.final.state.String())
	case x.ended && !x.waiting && !same(x.err, rec.final.err):
		bad("L1", "in the end it was not that")
	case !x.ended && !x.waiting && x.err != group.ErrPending && !same(x.err, rec.final.err):
		bad("L1", "it had not ended")
	case x.waiting && !x.ctxEnded && !same(x.err, rec.final.err):
		bad("W4", "Wait returned another error")
	}
	if !x.ended || x.state == group.NotStarted {
		return
	}
	if !x.left {
		bad("L4", "its function had not been left")
	}
	c.childrenEnded(y, x.to)
	if end := c.end(y); x.waiting && !x.ctxEnded && c.exact && x.to.at != max(x.from.at, end) {
		bad("W4", "it had ended at "+end.String())
	}
}
