package programs

import (
	"context"
	"errors"
)

// cancellation checks that a cancellation reaches whom it should, at once, and nobody else.
func (c *checker) cancellation() {
	for _, a := range c.actors {
		for _, p := range c.record(a).pauses {
			if p.heard != nil && a != (actor{}) && !p.shielded {
				c.heard(a, p.heard)
			}
			if !c.Exact {
				continue
			}
			if must := c.must(a); !p.shielded && p.to.at > max(p.from.at, must) {
				c.violated("L5", "%v waited from %v to %v, cancelled at %v", a, p.from.at, p.to.at, must)
			}
			if may := c.may(a); p.heard != nil && p.to.at < may {
				c.violated("L5", "%v heard of a cancellation at %v (%v), and there was no reason before %v", a, p.to.at, p.heard, may)
			}
		}
	}
}

// heard checks the cause that an actor saw.
func (c *checker) heard(a actor, cause error) {
	s := c.scopeOf(a)
	if !s.Kind.Grouped() || same(cause, c.scopes[s.ID].cause) {
		return
	}
	if a.task != nil {
		x := c.tree.tasks[a.task.ID]
		if x.By == Start || x.timeout > 0 && errors.Is(cause, context.DeadlineExceeded) {
			return
		}
		for _, b := range c.actors {
			for _, call := range c.record(b).cancels {
				if call.task == x.ID && (same(cause, call.cause) || call.cause == nil && cause == context.Canceled) {
					return
				}
			}
		}
	}
	c.violated("L5", "%v heard of %v, but its scope was cancelled because of %v", a, cause, c.scopes[s.ID].cause)
}

// liveness checks that somebody had a reason to wait, if the program came to the horizon.
func (c *checker) liveness() {
	horizon := c.units(Horizon)
	if !c.Exact || c.main.left.at < horizon {
		return
	}
	spans := func(from, to moment) bool { return from.was() && from.at <= horizon && (!to.was() || to.at >= horizon) }
	for _, a := range c.actors {
		rec := c.record(a)
		for _, p := range rec.pauses {
			if spans(p.from, p.to) {
				return
			}
		}
		for _, x := range rec.sightings {
			if spans(x.from, x.to) && (!c.tasks[x.task].left.was() || c.tasks[x.task].left.at >= horizon) {
				return
			}
		}
		for _, x := range rec.takings {
			if spans(x.dry, x.over) {
				return
			}
			for _, t := range x.took {
				if spans(t.from, t.to) {
					return
				}
			}
		}
		for _, w := range rec.waits {
			if spans(w.from, w.to) {
				return
			}
		}
	}
	for _, x := range c.tree.tasks {
		if x != nil && spans(c.tasks[x.ID].asked, c.tasks[x.ID].got) {
			return
		}
	}
	for _, s := range c.tree.scopes {
		if s != nil && s.Kind.Loop() && s.shared >= 0 && spans(c.scopes[s.ID].opened, c.scopes[s.ID].over) {
			return // its workers lend no places
		}
	}
	c.violated("S3", "nobody had a reason to wait, and yet nothing moved until the horizon")
}
