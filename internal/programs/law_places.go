package programs

import (
	"cmp"
	"runtime"
	"slices"
	"time"
)

// A change is one of how many places are taken.
type change struct {
	at moment
	by int
}

// most returns the most places that were ever taken.
func most(list []change) (most int) {
	slices.SortFunc(list, func(a, b change) int { return cmp.Compare(a.at.order, b.at.order) })
	n := 0
	for _, x := range list {
		n += x.by
		most = max(most, n)
	}
	return most
}

// admission checks the scope's own limit.
func (c *checker) admission(s *scopeNode) {
	limit := s.limit
	if limit == 0 && s.Kind.Loop() {
		limit = runtime.GOMAXPROCS(0)
	}
	if limit == 0 || c.Blind {
		return
	}
	var list []change
	for _, x := range s.parts {
		if rec := &c.tasks[x.ID]; rec.begun.was() && rec.left.was() && !x.daemon {
			list = append(list, change{rec.begun, 1}, change{rec.left, -1})
		}
	}
	if n := most(list); n > limit {
		c.violated("S3", "%d tasks of scope %d ran at once, its limit is %d", n, s.ID, limit)
	}
}

// sharedLimits checks that no more places are taken than a limiter has. Whoever is in a call that may lend his has none, as far as is known.
func (c *checker) sharedLimits() {
	if c.Blind {
		return
	}
	for l, size := range c.Limiters {
		if knownRoomLends && slices.ContainsFunc(c.tree.scopes, func(s *scopeNode) bool { return s != nil && s.queue > 0 && s.shared == l }) {
			continue
		}
		var list []change
		for _, x := range c.tree.tasks {
			if x == nil || x.daemon || c.tree.scopes[x.Scope].shared != l {
				continue
			}
			rec, w := &c.tasks[x.ID], x.weight
			if !rec.begun.was() || !rec.left.was() {
				continue
			}
			list = append(list, change{rec.begun, w}, change{rec.left, -w})
			c.lends(actor{task: x.Task}, func(from, to moment, _ bool) {
				if from.was() && to.was() {
					list = append(list, change{from, -w}, change{to, w})
				}
			})
		}
		if n := most(list); n > size {
			c.violated("S3", "%d places of a limiter with %d were taken", n, size)
		}
	}
}

// lends calls f for each call of the actor that may lend its places, and says whether it certainly does while it blocks.
func (c *checker) lends(a actor, f func(from, to moment, certainly bool)) {
	rec := c.record(a)
	for _, x := range rec.sightings {
		f(x.from, x.to, x.waiting)
	}
	for _, x := range rec.takings {
		for _, t := range x.took {
			f(t.from, t.to, true)
		}
		f(x.dry, x.over, true)
	}
	for _, x := range rec.waits {
		f(x.from, x.to, true)
	}
	for _, x := range c.tree.tasks {
		if x != nil && x.spawner == a {
			f(c.tasks[x.ID].asked, c.tasks[x.ID].got, x.By == Start) // who waits for room in his own scope's queue lends nothing
		}
	}
	c.tree.opened(a, func(s *scopeNode) {
		r := &c.scopes[s.ID]
		switch s.Kind {
		case Run:
			f(r.body.left, r.over, true)
			c.lends(actor{body: s.Scope}, f)
		case New:
			f(r.waited, r.over, true)
		default:
			f(r.opened, r.over, !s.Kind.Loop()) // loops call functions on the goroutine of their caller too
		}
	})
}

// freePlaces checks that no task waits for places that nobody has: those who block until others have ended lend theirs.
func (c *checker) freePlaces() {
	if !c.Exact {
		return
	}
	for _, x := range c.tree.tasks {
		if x == nil || x.daemon || !c.tasks[x.ID].asked.was() || c.tasks[x.ID].refused {
			continue
		}
		s := c.tree.scopes[x.Scope]
		if s.Kind.Grouped() && s.shared >= 0 && s.limit == 0 && s.queue == 0 {
			c.waitedForPlaces(x, s)
		}
	}
}

func (c *checker) waitedForPlaces(x *taskNode, s *scopeNode) {
	rec, a := &c.tasks[x.ID], actor{task: x.Task}
	from, until := rec.asked.at, rec.begun.at
	if !rec.begun.was() {
		until = min(c.may(a), c.scopes[s.ID].over.at)
	}
	// What takes no time happens at whole units. So between them all of it has happened.
	for t := from + c.Unit/2; t < until; t += c.Unit {
		if taken, most, ok := c.placesAt(s.shared, t); ok && taken+most <= c.Limiters[s.shared] {
			c.violated("S3", "%v waited from %v to %v, although at %v only %d of %d places were taken", a, from, until, t, taken, c.Limiters[s.shared])
			return
		}
	}
}

// placesAt returns how many places of a limiter may be taken at a time, and the most that one of those who have none may want: they stand in
// line, and who wants many may keep back the others. It is not ok if there is no telling.
func (c *checker) placesAt(limiter int, t time.Duration) (taken, most int, ok bool) {
	for _, s := range c.tree.scopes {
		if s == nil || s.shared != limiter || !s.Kind.Loop() {
			continue
		}
		if r := &c.scopes[s.ID]; r.opened.was() && r.opened.at < t && (!r.over.was() || r.over.at > t) {
			return 0, 0, false // its workers have places, also between two elements
		}
	}
	for _, y := range c.tree.tasks {
		if y == nil || y.daemon || c.tree.scopes[y.Scope].shared != limiter {
			continue
		}
		rec, lending := &c.tasks[y.ID], false
		if !rec.asked.was() || rec.asked.at > t || rec.begun.was() && c.end(y) < t {
			continue
		}
		c.lends(actor{task: y.Task}, func(from, to moment, certainly bool) {
			lending = lending || certainly && from.was() && from.at < t && (!to.was() || to.at > t)
		})
		if rec.begun.was() && rec.begun.at < t && !lending {
			taken += y.weight
		} else {
			most = max(most, y.weight)
		}
	}
	return taken, most, true
}
