package programs

import (
	"math"
	"slices"
	"time"
)

// When does a context end? Two answers come from the record: that it must have ended by then, and that it may have ended from then on. What
// lies between depends on the scheduler, and on what filters and rules say.

// never is when that happens which does not.
const never = time.Duration(math.MaxInt64)

// outside is when the context of the root ends.
func (c *checker) outside() time.Duration {
	if c.CancelAt > 0 {
		return time.Duration(min(c.CancelAt, Horizon)) * c.Unit
	}
	return Horizon * c.Unit
}

func (c *checker) units(n int) time.Duration { return time.Duration(n) * c.Unit }

// must returns when the context of an actor has certainly ended, if not before.
func (c *checker) must(a actor) time.Duration {
	if a == (actor{}) {
		return c.outside()
	}
	t, ok := c.musts[a]
	if !ok {
		t = c.mustScope(c.scopeOf(a))
		if a.task != nil {
			t = min(t, c.mustTask(c.tree.tasks[a.task.ID]))
		}
		c.musts[a] = t
	}
	return t
}

// mustTask is must for what concerns one task alone.
func (c *checker) mustTask(x *taskNode) time.Duration {
	t, rec := never, &c.tasks[x.ID]
	if x.timeout > 0 && rec.begun.was() {
		t = rec.begun.at + c.units(x.timeout)
	}
	for _, a := range c.actors {
		for _, call := range c.record(a).cancels {
			if call.task == x.ID && call.hit {
				t = min(t, call.to.at)
			}
		}
	}
	return t
}

func (c *checker) mustScope(s *scopeNode) time.Duration {
	rec, t := &c.scopes[s.ID], never
	if !s.shielded {
		t = c.must(s.owner)
	}
	if s.Via == Within {
		t = min(t, rec.opened.at+c.units(s.D))
	}
	if s.timeout > 0 {
		t = min(t, rec.opened.at+c.units(s.timeout))
	}
	if s.owner.task != nil && c.leftOpen(s.owner) && !rec.over.was() {
		t = min(t, c.record(s.owner).left.at) // what bodies and elements leave open has time until their scope's tasks have ended
	}
	for _, a := range c.actors {
		for _, call := range c.record(a).cancels {
			if call.scope == s.ID {
				t = min(t, call.to.at)
			}
		}
	}
	if s.cancelsBodies {
		for _, m := range []moment{rec.body.left, rec.waited} {
			if m.was() {
				t = min(t, m.at)
			}
		}
	}
	return min(t, c.mustRule(s))
}

// mustRule is when what tasks and body did has certainly cancelled the scope.
func (c *checker) mustRule(s *scopeNode) time.Duration {
	rec, t := &c.scopes[s.ID], never
	body := actor{body: s.Scope}
	if rec.body.left.was() && (rec.body.how != returned || len(s.filters) == 0 && c.failed(body)) {
		t = rec.body.left.at
	}
	var failures, successes []time.Duration
	for _, x := range s.parts {
		r, a := &c.tasks[x.ID], actor{task: x.Task}
		if !r.left.was() || !c.owned(x) || c.leftOpen(a) {
			continue
		}
		switch {
		case r.how == panicked && s.propagates():
			t = min(t, r.left.at)
		case r.how == returned && r.err == nil:
			successes = append(successes, r.left.at)
		case len(s.filters) == 0 && c.failed(a):
			failures = append(failures, r.left.at)
		}
	}
	nth := func(list []time.Duration, n int) {
		if slices.Sort(list); n < len(list) {
			t = min(t, list[n])
		}
	}
	switch ruled := s.Kind.Grouped() || s.Kind.Loop() || s.Kind == Gather; {
	case !ruled:
	case s.stop == "FailFast":
		nth(failures, 0)
	case s.stop == "Tolerate":
		nth(failures, s.n)
	case s.stop == "UntilSuccess":
		nth(successes, s.n-1)
	}
	return t
}

// may returns when the context of an actor may have ended at the earliest.
func (c *checker) may(a actor) time.Duration {
	if a == (actor{}) {
		return c.outside()
	}
	t, ok := c.mays[a]
	if ok {
		return t
	}
	t = c.mayScope(c.scopeOf(a))
	if a.task != nil {
		x, rec := c.tree.tasks[a.task.ID], &c.tasks[a.task.ID]
		if x.timeout > 0 && rec.begun.was() {
			t = min(t, rec.begun.at+c.units(x.timeout))
		}
		for _, b := range c.actors {
			for _, call := range c.record(b).cancels {
				if call.task == x.ID {
					t = min(t, call.from.at)
				}
			}
		}
		if x.By == Start {
			t = min(t, c.may(x.spawner))
		}
	}
	c.mays[a] = t
	return t
}

func (c *checker) mayScope(s *scopeNode) time.Duration {
	rec, t := &c.scopes[s.ID], c.may(s.owner)
	at := func(m moment) {
		if m.was() {
			t = min(t, m.at)
		}
	}
	if s.Via == Within {
		t = min(t, rec.opened.at+c.units(s.D))
	}
	if s.timeout > 0 {
		t = min(t, rec.opened.at+c.units(s.timeout))
	}
	if !rec.over.was() {
		at(c.record(s.owner).left)
		if s.shielded {
			at(rec.opened) // the end of the Shield, which is in no record, is that of its context
		}
	}
	at(rec.broke)
	anyEnd := s.stop == "UntilSuccess" || s.stop == "StopWhen" || s.Kind == Race || s.Kind == Any || s.Kind == Quorum || s.Kind == Hedge
	for _, a := range c.actors {
		for _, call := range c.record(a).cancels {
			if call.scope == s.ID || anyEnd && call.task >= 0 && c.tree.tasks[call.task].Scope == s.ID {
				at(call.from)
			}
		}
	}
	daemons := false
	for _, x := range s.parts {
		daemons = daemons || x.daemon
		r := &c.tasks[x.ID]
		if r.left.was() && (anyEnd || r.how != returned || r.err != nil || c.leftOpen(actor{task: x.Task})) {
			at(r.left)
		}
	}
	if body := &rec.body; daemons || s.cancelsBodies || s.stop == "UntilSuccess" || body.how != returned || body.err != nil {
		at(body.left)
		at(rec.waited)
	}
	return t
}
