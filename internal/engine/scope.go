package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Scope is one run of the machine: it runs the tasks that are submitted to it, and ends when none is left. It must be opened
// with Open, and ended with Join and Close.
type Scope struct {
	Owner    any
	parent   context.Context
	mortal   bool // the parent can end
	deadline time.Time
	limit    int32  // of goroutines; 0: none
	work     func() // s.worker: one func value for all goroutines

	// lock guards what producers do: the tail of the queue, the caller's own storage of tasks, the count, and the end,
	// after which nothing is submitted.
	lock    sync.Mutex
	ended   bool
	count   int       // of tasks submitted
	foreign int       // of those, the ones that no loop yields
	joined  sync.Cond // waits for idle

	queue queue
	list  completions

	// joining is set before the joiner looks at live, and read after live was counted down: one of the two sees the other.
	joining atomic.Bool
	// pending counts goroutines of the scope that are runnable but not running: those that were started and did not begin
	// yet, and those that yield. See chain.
	pending atomic.Int32
	// live counts goroutines, the pending ones included, and whoever holds a place for a moment because a task must not
	// be lost between two hands. With an empty queue, live at 0 means that every task has ended: a task leaves the queue
	// only into the hands of someone who is counted.
	live atomic.Int32

	// canceled is set once. Its CAS comes before the signals are fired, and before the queue is emptied.
	canceled atomic.Pointer[Cancellation]
	attached atomic.Bool // somebody has taken it upon himself to attach the scope to its parent

	signals sync.Mutex // guards all signals, and link
	ctx     signal
	armed   signal // head of the list of signals to fire
	closed  bool
	link    *hand // to the parent
	timer   *hand
}

// Open makes s ready. The owner is for the machine's user. The limit is the number of tasks that may run at once; 0 stands
// for no limit.
func (s *Scope) Open(parent context.Context, owner any, limit int, timeout Timeout) {
	s.parent = parent
	s.Owner = owner
	s.mortal = parent != context.Background() && parent != context.TODO()
	s.limit = int32(min(limit, 1<<30))
	s.work = s.worker
	s.joined.L = &s.lock
	s.queue.init()
	if timeout.After > 0 {
		s.deadline, s.timer = timeout.start(func(c *Cancellation) { s.Cancel(c) })
	}
}

// Lock begins a submission; Submit, SubmitReserved or Unlock ends it. The caller may keep the storage of its tasks under the
// lock. It returns false, and holds no lock, if the scope has ended.
func (s *Scope) Lock() bool {
	s.lock.Lock()
	if s.ended {
		s.lock.Unlock()
		return false
	}
	return true
}

// Unlock ends a submission that came to nothing.
func (s *Scope) Unlock() { s.lock.Unlock() }

// Join returns once every task has ended and makes that state final: from then on Lock returns false. Everything that the
// tasks did happens before its return. It may be called several times, also at the same time.
func (s *Scope) Join() {
	s.lock.Lock()
	for !s.ended {
		if s.idle() {
			s.ended = true
			break
		}
		s.joining.Store(true)
		if !s.idle() {
			s.joined.Wait()
		}
	}
	s.lock.Unlock()
	raceAcquire(s)
}

// idle reports whether every task has ended. With the lock held nothing is put into the queue from outside; so once it was
// seen empty each task is in the hands of someone who is counted by live until it has ended. The order matters.
func (s *Scope) idle() bool { return s.queue.empty() && s.live.Load() == 0 }

// Close ends the scope's context and lets go of its parent and its timer. It follows Join.
func (s *Scope) Close() {
	s.timer.stop()
	s.signals.Lock()
	s.closed = true
	link := s.link
	s.link = nil
	s.signals.Unlock()
	link.stop()
	if s.canceled.CompareAndSwap(nil, endOfScope) {
		s.fireAll()
	}
}
