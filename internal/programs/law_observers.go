package programs

import (
	"fmt"
	"slices"

	"github.com/creche-go/creche/group"
)

// observers checks what the observer of a scope was told: of the scope and each below that it was opened, of each task in it once that it
// was queued, that it started if it did, and how it ended, and then that the scope has ended.
func (c *checker) observers(s *scopeNode) {
	o := c.scopes[s.ID].told
	if o == nil || c.Blind {
		return
	}
	bad := func(format string, args ...any) {
		c.violated("Observe", "the observer of scope %d "+format, append([]any{s.ID}, args...)...)
	}
	told := map[group.Handle][]group.Event{}
	open := map[group.ScopeInfo]bool{}
	for _, e := range o.events {
		was, known := open[e.Scope]
		switch e.Kind {
		case group.ScopeOpened:
			if known {
				bad("was told twice that %v was opened", e.Scope)
			}
			open[e.Scope] = true
			continue
		case group.ScopeEnded:
			open[e.Scope] = false
		default:
			told[e.Task] = append(told[e.Task], e)
		}
		if !was {
			bad("was told of %v while %v was not open", e.Kind, e.Scope)
		}
	}
	for i, still := range open {
		if still {
			bad("was not told of the end of %v", i)
		}
	}
	if least := c.opened(s); len(open) < least {
		bad("was told of %d scopes, and there were %d", len(open), least)
	}
	for h, events := range told {
		if x := c.taskOf(h); x != nil {
			c.observed(x, events, bad)
		}
	}
	for _, x := range s.parts {
		if h := c.tasks[x.ID].handle; h != nil && told[h] == nil {
			bad("was not told of task %d", x.ID)
		}
	}
}

// observed checks what an observer was told of one task.
func (c *checker) observed(x *taskNode, events []group.Event, bad func(format string, args ...any)) {
	rec := &c.tasks[x.ID]
	var times [group.ScopeEnded + 1]int
	for _, e := range events {
		times[e.Kind]++
	}
	started := 0
	if rec.begun.was() {
		started = 1
	}
	if times[group.TaskQueued] != 1 || times[group.TaskStarted] != started || times[group.TaskEnded] != 1 {
		bad("was told of task %d: %v", x.ID, events)
		return
	}
	at := func(k group.EventKind) int {
		return slices.IndexFunc(events, func(e group.Event) bool { return e.Kind == k })
	}
	end := events[at(group.TaskEnded)]
	switch {
	case at(group.TaskStarted) > at(group.TaskEnded):
		bad("was told that task %d ended before it started", x.ID)
	case rec.handle != nil && end.State != rec.final.state:
		bad("was told that task %d is %v, and it is %v", x.ID, end.State, rec.final.state)
	case rec.how == returned && !c.leftOpen(actor{task: x.Task}) && !same(end.Err, rec.err):
		bad("was told that task %d returned %v, and it was %v", x.ID, end.Err, rec.err)
	}
}

// taskOf returns the task of a handle, or nil: that of Start is known by its name.
func (c *checker) taskOf(h group.Handle) *taskNode {
	if x := c.byHandle[h]; x != nil {
		return x
	}
	for _, x := range c.tree.tasks {
		if x != nil && x.By == Start && h.Name() == fmt.Sprint(x.ID) {
			return x
		}
	}
	return nil
}

// opened counts the scopes that were opened with contexts of the scope s, itself included; of those without a group nobody knows.
func (c *checker) opened(s *scopeNode) int {
	n := 1
	c.tree.within(s, func(a actor) {
		c.tree.opened(a, func(inner *scopeNode) {
			if c.scopes[inner.ID].group != nil {
				n++
			}
		})
	})
	return n
}
