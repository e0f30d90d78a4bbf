//go:build explore

package sched

import "sync"

// Mutex is that of package sync, but that who waits for it is known to the explorer. Outside of an exploration it is just that.
type Mutex struct {
	plain sync.Mutex
	held  bool
}

// Lock waits until the lock is free, and takes it.
func (m *Mutex) Lock() {
	r := running
	if r == nil {
		m.plain.Lock()
		return
	}
	r.point()
	r.block("a lock", func() bool { return !m.held })
	m.held = true
}

// Unlock gives it back.
func (m *Mutex) Unlock() {
	r := running
	if r == nil {
		m.plain.Unlock()
		return
	}
	if !m.held {
		r.fail("unlock of an unlocked mutex")
	}
	m.held = false // who waits can go on at the next point; nobody else sees the difference
}

// TryLock takes the lock if it is free.
func (m *Mutex) TryLock() bool {
	r := running
	if r == nil {
		return m.plain.TryLock()
	}
	r.point()
	if m.held {
		return false
	}
	m.held = true
	return true
}

// Cond is that of package sync.
type Cond struct {
	L     sync.Locker
	once  sync.Once
	plain *sync.Cond
	round int // of broadcasts
}

func (c *Cond) cond() *sync.Cond {
	c.once.Do(func() { c.plain = sync.NewCond(c.L) })
	return c.plain
}

// Wait gives the lock back until somebody calls Broadcast.
func (c *Cond) Wait() {
	r := running
	if r == nil {
		c.cond().Wait()
		return
	}
	round := c.round
	c.L.Unlock()
	r.block("a broadcast", func() bool { return c.round != round })
	c.L.Lock()
}

// Broadcast wakes all who wait.
func (c *Cond) Broadcast() {
	r := running
	if r == nil {
		c.cond().Broadcast()
		return
	}
	r.point()
	c.round++
}

// WaitGroup is that of package sync.
type WaitGroup struct {
	plain sync.WaitGroup
	n     int
}

// Add counts by d.
func (w *WaitGroup) Add(d int) {
	r := running
	if r == nil {
		w.plain.Add(d)
		return
	}
	r.point()
	if w.n += d; w.n < 0 {
		r.fail("negative count of a wait group")
	}
}

// Done counts down.
func (w *WaitGroup) Done() { w.Add(-1) }

// Wait waits for a count of zero.
func (w *WaitGroup) Wait() {
	r := running
	if r == nil {
		w.plain.Wait()
		return
	}
	r.point()
	r.block("a wait group", func() bool { return w.n == 0 })
}
