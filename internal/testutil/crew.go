package testutil

import (
	"sync/atomic"
	"testing"
)

// A Crew counts calls that have begun and not ended, and the most there were at once.
type Crew struct{ Begun, Alive, Most atomic.Int32 }

// Enter counts a call in. Defer Leave, so that it is counted out on every way of ending.
func (c *Crew) Enter() {
	c.Begun.Add(1)
	n := c.Alive.Add(1)
	for m := c.Most.Load(); n > m && !c.Most.CompareAndSwap(m, n); m = c.Most.Load() {
	}
}

// Leave counts a call out.
func (c *Crew) Leave() { c.Alive.Add(-1) }

// WantNone fails the test if a member of the crew is still at work.
func (c *Crew) WantNone(t testing.TB) {
	t.Helper()
	if n := c.Alive.Load(); n != 0 {
		t.Errorf("%d calls are still at work", n)
	}
}
