package programs

import (
	"errors"
	"slices"

	"github.com/creche-go/creche/group"
)

// yielded checks what a loop over results has yielded.
func (c *checker) yielded(s *scopeNode) {
	rec := &c.scopes[s.ID]
	var end *group.Error // of the loop
	at := -1
	seen, maybe := map[*Task]bool{}, map[*Task]bool{}
	for i, y := range rec.yields {
		whose := c.whose(s, y)
		if e, ok := y.err.(*group.Error); ok && i == len(rec.yields)-1 &&
			!slices.ContainsFunc(whose, func(i int) bool { return same(e, c.tasks[s.Tasks[i].ID].err) }) {
			end = e
			break
		}
		if len(whose) != 1 {
			if len(whose) == 0 {
				c.violated("W1", "scope %d yielded %v, %v, which is nobody's", s.ID, y.value, y.err)
			}
			for _, i := range whose { // errors that are all alike
				maybe[s.Tasks[i]] = true
			}
			continue
		}
		switch x := s.Tasks[whose[0]]; {
		case seen[x]:
			c.violated("W1", "scope %d yielded task %d twice", s.ID, x.ID)
		case s.Kind == Map && whose[0] < at:
			c.violated("W1", "scope %d yielded task %d too late", s.ID, x.ID)
		case y.err == nil && !c.succeeded(x):
			c.violated("W1", "scope %d yielded %v, which failed", s.ID, y.value)
		}
		at = whose[0]
		seen[s.Tasks[at]] = true
	}
	if rec.broken {
		return
	}
	var told []*Fault
	if end != nil {
		told = faultsIn(end)
		for _, f := range end.Failures {
			if f.Index >= 0 && seen[s.Tasks[f.Index]] {
				c.violated("W1", "scope %d yielded task %d, and told of it in the end: %v", s.ID, s.Tasks[f.Index].ID, end)
			}
		}
	}
	for _, x := range s.Tasks {
		switch {
		case seen[x], maybe[x], s.firstError && end != nil:
		case end == nil && c.succeeded(x) && !c.stoppedCleanly(s):
			c.violated("W1", "scope %d did not yield task %d", s.ID, x.ID)
		case end == nil && !c.tasks[x.ID].begun.was() && !c.stoppedCleanly(s):
			c.violated("S2", "scope %d ended without an error, and never began with task %d", s.ID, x.ID)
		case c.isCounted(s, c.tree.tasks[x.ID]) && !c.reached(s) && !c.tolerated(s) && !subset(c.realFaults(x), told):
			c.violated("E1", "scope %d lost the failure of task %d: %v", s.ID, x.ID, end)
		}
	}
}

// whose lists the elements that a yield may be of.
func (c *checker) whose(s *scopeNode, y yield) (list []int) {
	for i, x := range s.Tasks {
		r, all, is := &c.tasks[x.ID], faultsIn(c.tasks[x.ID].err), false
		switch {
		case y.err == nil:
			is = x.ID == y.value
		case r.how == panicked:
			is = isPanicOf(y.err, r.value)
		case r.how == exited:
			is = y.err == group.ErrGoexit
		case r.how == returned && r.err != nil:
			real := c.realFaults(x)
			is = same(y.err, r.err) || len(real) > 0 && subset(real, faultsIn(y.err)) || len(all) > 0 && subset(all, faultsIn(y.err))
		}
		if is {
			list = append(list, i)
		}
	}
	return list
}

// tolerated reports whether the scope has no more failures than it tolerates.
func (c *checker) tolerated(s *scopeNode) bool {
	n := 0
	for _, x := range s.parts {
		if c.isCounted(s, x) {
			n++
		}
	}
	return s.stop == "Tolerate" && n <= s.n
}

func isPanicOf(err error, v any) bool {
	p := (*group.PanicError)(nil)
	return errors.As(err, &p) && same(p.Value, v)
}
