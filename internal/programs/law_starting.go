package programs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/creche-go/creche/group"
)

// starting checks when the tasks of a scope began.
func (c *checker) starting(s *scopeNode) {
	for _, x := range s.parts {
		rec, a := &c.tasks[x.ID], actor{task: x.Task}
		if !c.Exact || !s.Kind.Grouped() || !rec.asked.was() {
			continue
		}
		if s.queue == 0 && x.By != Start && rec.got.at != rec.asked.at {
			c.violated("S1", "%s of %v took from %v to %v", x.By, a, rec.asked.at, rec.got.at)
		}
		if must := min(c.mustScope(s), c.mustTask(x)); rec.begun.was() && rec.begun.at > must {
			c.violated("S2", "%v began at %v, cancelled at %v", a, rec.begun.at, must)
		}
		if rec.refused {
			c.tried(s, x)
		} else if s.shared < 0 || x.daemon {
			c.waited(s, x)
		}
	}
	if s.limit == 0 || s.shared >= 0 {
		return
	}
	inLine := func(x *taskNode) bool {
		return !x.daemon && (x.By == Go || x.By == Do || x.By == Other) && c.tasks[x.ID].begun.was()
	}
	for _, x := range s.parts {
		for _, y := range s.parts {
			a, b := &c.tasks[x.ID], &c.tasks[y.ID]
			if c.Exact && inLine(x) && inLine(y) && a.got.was() && b.asked.after(a.got) && a.begun.at > b.begun.at {
				c.violated("S3", "task %d began at %v, and task %d, which was started after it, at %v", x.ID, a.begun.at, y.ID, b.begun.at)
			}
		}
	}
}

// notStarted checks a task that never began.
func (c *checker) notStarted(x *taskNode) {
	rec, a := &c.tasks[x.ID], actor{task: x.Task}
	err := rec.final.err
	if !errors.Is(err, group.ErrNotStarted) {
		c.violated("S2", "%v never began, but its error is %v", a, err)
	}
	causes := c.causesOf(a)
	if c.tree.scopes[x.Scope].hasDaemons() {
		causes = append(causes, context.Canceled) // the scope was over but for them
	}
	if !slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) }) {
		c.violated("S2", "%v never began, and its error %v has no cause of %v", a, err, causes)
	}
	if c.Exact && c.may(a) == never {
		c.violated("S2", "%v never began, and nobody has cancelled it", a)
	}
}

// end is when a task gives its place back.
func (c *checker) end(x *taskNode) time.Duration {
	m, _ := c.last(actor{task: x.Task})
	if c.tree.scopes[x.Scope].Kind.Loop() { // elements wait for nothing
		m = c.tasks[x.ID].left
	}
	if !m.was() {
		return never
	}
	return m.at
}

// waited checks that a task waits to begin only as long as there is no room.
func (c *checker) waited(s *scopeNode, x *taskNode) {
	rec, a := &c.tasks[x.ID], actor{task: x.Task}
	from, until := rec.asked.at, rec.begun.at
	if s.queue > 0 {
		if x.By == Start {
			return
		}
		from = rec.got.at
	}
	if !rec.begun.was() {
		until = min(c.may(a), c.scopes[s.ID].over.at)
	}
	if until <= from || !rec.got.was() {
		return
	}
	if s.limit == 0 || x.daemon {
		c.violated("S4", "%v was started at %v and waited until %v, without a limit", a, from, until)
		return
	}
	at := []time.Duration{from}
	for _, y := range s.parts {
		if end := c.end(y); c.tasks[y.ID].begun.was() && end > from && end < until {
			at = append(at, end)
		}
	}
	for _, t := range at {
		running := 0
		for _, y := range s.parts {
			if r := &c.tasks[y.ID]; !y.daemon && r.begun.was() && r.begun.at <= t && c.end(y) > t {
				running++
			}
		}
		if running < s.limit {
			c.violated("S4", "%v waited from %v to %v, although at %v only %d tasks of scope %d ran", a, from, until, t, running, s.ID)
			return
		}
	}
}

// tried checks that TryGo had a reason to refuse.
func (c *checker) tried(s *scopeNode, x *taskNode) {
	at := c.tasks[x.ID].asked.at
	if c.mayScope(s) <= at || s.shared >= 0 {
		return
	}
	there := 0
	for _, y := range s.parts {
		if r := &c.tasks[y.ID]; y != x && !y.daemon && !r.refused && r.asked.was() && r.asked.at <= at && (!r.begun.was() || c.end(y) >= at) {
			there++
		}
	}
	if s.limit == 0 || there < s.limit {
		c.violated("S1", "TryGo refused task %d, while scope %d had %d tasks", x.ID, s.ID, there)
	}
}
