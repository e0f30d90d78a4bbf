package programs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/creche-go/creche/group"
)

// values checks those that Wait returned.
func (c *checker) values(s *scopeNode) {
	rec := &c.scopes[s.ID]
	taken := c.takenOf(s)
	var want []*taskNode
	for _, x := range s.parts {
		r := &c.tasks[x.ID]
		if (x.By == Go || x.By == TryGo) && r.handle != nil && r.final.state == group.Succeeded && !taken[x] && !s.discard {
			want = append(want, x)
		}
	}
	slices.SortFunc(want, func(x, y *taskNode) int { return c.tasks[x.ID].final.index - c.tasks[y.ID].final.index })
	same := slices.EqualFunc(want, rec.values, func(x *taskNode, v int) bool { return x.ID == v })
	if !same {
		var ids []int
		for _, x := range want {
			ids = append(ids, x.ID)
		}
		c.violated("W1", "scope %d returned the values %v, want %v", s.ID, rec.values, ids)
	}
	for _, x := range s.parts {
		for _, y := range s.parts {
			a, b := &c.tasks[x.ID], &c.tasks[y.ID]
			if a.handle != nil && b.handle != nil && b.asked.after(a.got) && a.final.index >= b.final.index {
				c.violated("W1", "task %d was started before task %d, and their indexes are %d and %d", x.ID, y.ID, a.final.index, b.final.index)
			}
		}
	}
}

// succeeded reports whether the function of a task returned nil.
func (c *checker) succeeded(x *Task) bool {
	rec := &c.tasks[x.ID]
	return rec.how == returned && rec.err == nil && !c.leftOpen(actor{task: x})
}

// results checks the values of Gather and of loops that return them.
func (c *checker) results(s *scopeNode) {
	rec := &c.scopes[s.ID]
	if s.Kind != Gather && s.Kind != MapSlice || s.Kind == Gather && rec.err != nil && rec.values == nil {
		return
	}
	if len(rec.values) != len(s.Tasks) {
		c.violated("W1", "scope %d returned the values %v for %d tasks, error %v", s.ID, rec.values, len(s.Tasks), rec.err)
		return
	}
	for i, v := range rec.values {
		want := 0
		if c.succeeded(s.Tasks[i]) {
			want = s.Tasks[i].ID
		}
		if v != want {
			c.violated("W1", "scope %d returned the values %v: at %d should be %d", s.ID, rec.values, i, want)
		}
	}
}

// contested checks the result of a contest, and of Settle.
func (c *checker) contested(s *scopeNode) {
	rec := &c.scopes[s.ID]
	bad := func(want string) {
		c.violated("W1", "%s, scope %d, returned %v, error %v: %s", s.Kind, s.ID, rec.values, rec.err, want)
	}
	need := 1
	if s.Kind == Quorum {
		need = s.N
	}
	if s.Kind == Settle {
		c.settled(s)
		return
	}
	if need > len(s.Tasks) {
		if !errors.Is(rec.err, group.ErrTooFewTasks) {
			bad("there are too few functions")
		}
		return
	}
	if rec.err == nil {
		at := -1
		for _, v := range rec.values {
			i := slices.IndexFunc(s.Tasks, func(x *Task) bool { return x.ID == v })
			if i <= at || !c.succeeded(s.Tasks[i]) {
				bad("that is not who won")
				return
			}
			at = i
		}
		if len(rec.values) != need {
			bad("wrong number of values")
		}
		c.won(s)
		return
	}
	wins := 0
	for _, x := range s.Tasks {
		if c.succeeded(x) {
			wins++
		}
		if r := &c.tasks[x.ID]; s.Kind == Race || !c.failed(actor{task: x}) {
			continue
		} else if !subset(c.realFaults(x), faultsIn(rec.err)) {
			bad(fmt.Sprintf("task %d returned %v, and that is lost", x.ID, r.err))
		}
	}
	if s.Kind != Race && wins >= need {
		bad("there were successes enough")
	}
	if s.Kind == Race && c.Exact && rec.parentCause == nil {
		first := slices.MinFunc(s.Tasks, func(x, y *Task) int { return cmp.Compare(c.end(c.tree.tasks[x.ID]), c.end(c.tree.tasks[y.ID])) })
		if c.succeeded(first) && !slices.ContainsFunc(s.Tasks, func(x *Task) bool {
			return c.end(c.tree.tasks[x.ID]) == c.end(c.tree.tasks[first.ID]) && !c.succeeded(x)
		}) {
			bad("the first had a value")
		}
	}
}

// won checks that nobody else was faster than the winners.
func (c *checker) won(s *scopeNode) {
	rec := &c.scopes[s.ID]
	if !c.Exact {
		return
	}
	var slowest *Task
	for _, x := range s.Tasks {
		if slices.Contains(rec.values, x.ID) && (slowest == nil || c.tasks[x.ID].left.at > c.tasks[slowest.ID].left.at) {
			slowest = x
		}
	}
	for _, x := range s.Tasks {
		if r := &c.tasks[x.ID]; !slices.Contains(rec.values, x.ID) && c.succeeded(x) && r.left.at < c.tasks[slowest.ID].left.at {
			c.violated("W1", "%s, scope %d, returned %v, and task %d was faster", s.Kind, s.ID, rec.values, x.ID)
		}
	}
}

// settled checks what Settle returned.
func (c *checker) settled(s *scopeNode) {
	rec := &c.scopes[s.ID]
	if rec.err != nil {
		if rec.parentCause == nil {
			c.violated("E3", "Settle, scope %d, returned %v, and its context has not ended", s.ID, rec.err)
		}
		return
	}
	for i, h := range rec.settled {
		t, r := h.(*group.Task[int]), &c.tasks[s.Tasks[i].ID]
		v, err := t.Result()
		if ok := c.succeeded(s.Tasks[i]); ok != (t.State() == group.Succeeded) || ok && v != s.Tasks[i].ID || r.how == returned && !c.leftOpen(actor{task: s.Tasks[i]}) && !same(err, r.err) {
			c.violated("W1", "Settle, scope %d: task %d is %v, %v, %v; it returned %v", s.ID, s.Tasks[i].ID, t.State(), v, err, r.err)
		}
	}
	if len(rec.settled) != len(s.Tasks) {
		c.violated("W1", "Settle, scope %d, returned %d tasks of %d", s.ID, len(rec.settled), len(s.Tasks))
	}
}

// realFaults lists the faults of a task that are no part of its cancellation.
func (c *checker) realFaults(x *Task) []*Fault {
	rec := &c.tasks[x.ID]
	return slices.DeleteFunc(append(faultsIn(rec.err), faultsOf(rec.value)...), func(f *Fault) bool { return c.excused(actor{task: x}, f) })
}

func subset(part, of []*Fault) bool {
	return !slices.ContainsFunc(part, func(f *Fault) bool { return !slices.Contains(of, f) })
}
