package engine

import (
	"context"

	"github.com/creche-go/creche/internal/sched"
)

// room bounds how many tasks of a scope wait to begin: producers wait until one does.
type room struct {
	max int64

	mu   sched.Mutex
	cond sched.Cond
	// waiting counts those who wait. It is raised before they look at the queue, and read after a task was claimed: one of the two
	// sees the other.
	waiting sched.Int32
}

func newRoom(n int) *room {
	r := &room{max: int64(n)}
	r.cond.L = &r.mu
	return r
}

// hasRoom reports whether a producer may go on. A cancellation makes room, for it claims all tasks.
func (s *Machine) hasRoom() bool {
	// In this order: what is claimed in between only makes room.
	claimed := s.head.claim.Load()
	return s.tail.pub.Load()-claimed < s.room.max || s.waiting() < s.room.max
}

// waiting counts the tasks in the queue that wait for their turn; some may have been refused, or have begun without it.
func (s *Machine) waiting() (n int64) {
	slab, i := s.head.slab.Load(), s.head.claim.Load()
	for end := s.tail.pub.Load(); slab != nil && i < end; i++ {
		for slab != nil && i >= slab.base+int64(slab.len) {
			slab = slab.next.Load() // nil if others have claimed all of it meanwhile: then there is room
		}
		if slab != nil && i >= slab.base && slab.node(i-slab.base).resolve().stage() == Queued {
			n++
		}
	}
	return n
}

// awaitRoom returns true when hasRoom may have become true, and false when wait has ended. A cancellation of the scope claims all tasks, so
// that it wakes everybody.
func (s *Machine) awaitRoom(wait context.Context) bool {
	s.attach()
	r, over := s.room, false
	h := after(wait, func() {
		r.mu.Lock()
		over = true
		r.cond.Broadcast()
		r.mu.Unlock()
	})
	defer h.stop()
	s.lendOwner(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.waiting.Add(1)
		for !over && !s.hasRoom() {
			r.cond.Wait()
		}
		r.waiting.Add(-1)
	})
	return wait.Err() == nil
}

// claimed follows each claim.
func (r *room) claimed() {
	if r.waiting.Load() > 0 {
		r.mu.Lock()
		r.cond.Broadcast()
		r.mu.Unlock()
	}
}
