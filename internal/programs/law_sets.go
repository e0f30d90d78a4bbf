package programs

import (
	"slices"

	"github.com/creche-go/creche/group"
)

// set checks a WaitSet: what was put in came out, once for each time, and in time.
func (c *checker) set(i int) {
	adds, out, last := map[*taskNode]int{}, map[*taskNode]int{}, map[*taskNode]moment{}
	for _, a := range c.actors {
		for _, x := range c.record(a).adds {
			if x.set == i {
				y := c.tree.tasks[x.task]
				adds[y]++
				if x.to.order >= last[y].order {
					last[y] = x.to
				}
			}
		}
		for _, x := range c.record(a).removes {
			if x.set == i {
				out[c.tree.tasks[x.task]]++
			}
		}
		for _, w := range c.record(a).waits {
			if w.set == i {
				for _, h := range w.done {
					out[c.byHandle[h]]++
				}
			}
		}
	}
	c.eachTaking(-1, i, func(a actor, t *taking) {
		for _, x := range t.took {
			// It may have been put in while it was waited for.
			x.added = c.Blind || last[c.byHandle[x.handle]].after(x.from)
			c.completion(a, x)
			out[c.byHandle[x.handle]]++
		}
	})
	for _, h := range c.Trace.sets[i].rest {
		out[c.byHandle[h]]++
	}
	for y, n := range out {
		switch {
		case y == nil:
			c.violated("W1", "set %d had a task that nobody put in", i)
		case n > adds[y]:
			c.violated("W1", "set %d gave task %d away %d times, and had it %d times", i, y.ID, n, adds[y])
		}
	}
	for y := range adds {
		if out[y] == 0 {
			c.violated("W4", "set %d has lost task %d", i, y.ID)
		}
	}
	if n := c.Trace.sets[i].size; n != 0 {
		c.violated("W4", "set %d has %d tasks that do not come", i, n)
	}
	c.eachTaking(-1, i, func(a actor, t *taking) {
		for y, n := range adds {
			if !c.exact || c.Blind || n > 1 || t.by == "TryNext" || !t.over.was() || t.dry.order < last[y].order || !c.tasks[y.ID].begun.was() {
				continue
			}
			if c.end(y) < t.over.at && !c.outBefore(i, y, t.over) {
				c.violated("W4", "%v found nothing in set %d at %v, and task %d had ended at %v", a, i, t.over.at, y.ID, c.end(y))
			}
		}
	})
}

// outBefore reports whether a task had left the set.
func (c *checker) outBefore(set int, y *taskNode, m moment) (out bool) {
	h := c.tasks[y.ID].handle
	c.eachTaking(-1, set, func(_ actor, t *taking) {
		for _, x := range t.took {
			out = out || x.handle == h && x.to.at <= m.at
		}
	})
	for _, a := range c.actors {
		for _, x := range c.record(a).removes {
			out = out || x.set == set && x.task == y.ID && x.to.at <= m.at
		}
		for _, w := range c.record(a).waits {
			out = out || w.set == set && slices.Contains(w.done, h) && w.from.at <= m.at
		}
	}
	return out
}

// wait checks what a wait for several tasks returned.
func (c *checker) wait(a actor, w setWait) {
	bad := func(law, why string) {
		c.violated(law, "%v waited for set %d %v, mode %d: %d done, %d pending, error %v: %s", a, w.set, w.given, w.mode, len(w.done), len(w.pending), w.err, why)
	}
	if !w.allEnded {
		bad("W4", "one of the done has not ended")
	}
	seen := map[*taskNode]bool{}
	for _, h := range slices.Concat(w.done, w.pending) {
		y := c.byHandle[h]
		if y == nil || seen[y] {
			bad("W1", "there is one too many")
			return
		}
		seen[y] = true
	}
	for _, h := range w.done {
		if y := c.byHandle[h]; c.tasks[y.ID].begun.was() {
			c.childrenEnded(y, w.to)
		}
	}
	for _, h := range w.pending {
		if y := c.byHandle[h]; c.Exact && c.tasks[y.ID].begun.was() && c.end(y) < w.to.at {
			bad("W4", "task "+y.who().Who+" had ended")
		}
	}
	if w.err != nil {
		if w.set < 0 && len(seen) != len(w.given) {
			bad("W4", "one is missing")
		}
		return
	}
	// With a set of its own, nobody else takes from it.
	if w.set >= 0 {
		return
	}
	switch over := len(w.pending) == 0; {
	case len(seen) != len(w.given):
		bad("W4", "one is missing")
	case w.mode == 0 && !over, w.mode == 1 && len(w.done) == 0 && !over, w.mode == 2 && !w.failed && !over:
		bad("W4", "it is not over")
	}
	// Nobody waits longer than the mode says.
	first := never
	for _, h := range w.done {
		if y := c.byHandle[h]; c.tasks[y.ID].begun.was() && (w.mode == 1 || w.mode == 2 && h.State() == group.Failed) {
			first = min(first, c.end(y))
		}
	}
	if c.exact && first != never && w.to.at > max(w.from.at, first) {
		bad("W4", "it was over at "+first.String())
	}
}
