package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Scope is one run of the machine: it runs the tasks that are submitted to it, and ends when none is left. It must be opened
// with Open, and ended with Join and Close.
//
// Its fields are ordered by who writes them, so that those who run tasks and those who submit them do not wait for each other's
// cache lines: first what is seldom written and read by all, then what is written for each task by producers, and by workers, and
// last what is written only when a goroutine starts or ends.
type Scope struct {
	runner Runner
	parent context.Context
	work   func() // s.worker: one func value for all goroutines
	limit  int32  // of goroutines; 0: none
	mortal bool   // the parent can end
	// canceled is set once. Its CAS comes before the signals are fired, and before the queue is emptied.
	canceled atomic.Pointer[Cancellation]
	wait     atomic.Pointer[waits]
	armed    *signal     // those that a cancellation fires
	signals  sync.Mutex  // guards all signals, and the link
	attached atomic.Bool // somebody has taken it upon himself to attach the scope to its parent
	closed   atomic.Bool // set before Close looks for waits

	// lock guards what producers do: the tail of the queue, and the end, after which nothing is submitted.
	lock  sync.Mutex
	ended bool
	queue queue

	list completions

	// pending counts goroutines of the scope that are runnable but not running: those that were started and did not begin
	// yet, and those that yield. See chain.
	pending atomic.Int32
	// live counts goroutines, the pending ones included, and whoever holds a place for a moment because a task must not
	// be lost between two hands. With an empty queue, live at 0 means that every task has ended: a task leaves the queue
	// only into the hands of someone who is counted.
	live atomic.Int32
	// joining is set before the joiner looks at live, and read after live was counted down: one of the two sees the other.
	joining atomic.Bool
	joined  sync.WaitGroup // 1 from joining until the end
}

// waits is the part of a scope that is made when somebody waits on its context, or a time or a parent may end it.
type waits struct {
	ctx      signal
	deadline time.Time
	timer    *hand
	link     *hand // to the parent
}

func (s *Scope) waits() *waits {
	for {
		if w := s.wait.Load(); w != nil {
			return w
		}
		s.wait.CompareAndSwap(nil, new(waits))
	}
}

// Open makes s ready, for tasks that r runs. The limit is the number of tasks that may run at once; 0 stands for no limit.
func (s *Scope) Open(parent context.Context, r Runner, limit int, timeout Timeout) {
	s.parent = parent
	s.runner = r
	s.mortal = parent != context.Background() && parent != context.TODO()
	s.limit = int32(min(limit, 1<<30))
	s.work = s.worker
	if timeout.After > 0 {
		w := s.waits()
		w.deadline, w.timer = timeout.start(func(c *Cancellation) { s.Cancel(c) })
	}
}

// Lock begins a submission; Submit, SubmitForeign, SubmitReserved or Unlock ends it. It returns false, and holds no lock, if the
// scope has ended.
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

// Submitted returns how many tasks there have been.
func (s *Scope) Submitted() int { return int(s.queue.pub.Load()) }

// Join returns once every task has ended and makes that state final: from then on Lock returns false. Everything that the
// tasks did happens before its return. It may be called several times, also at the same time.
func (s *Scope) Join() {
	s.lock.Lock()
	if !s.ended && !s.joining.Load() {
		s.joined.Add(1)
		s.joining.Store(true)
		s.tryEnd()
	}
	s.lock.Unlock()
	s.joined.Wait()
	raceAcquire(s)
}

// tryEnd ends the scope if every task has ended and somebody waits for that. The caller holds the lock, so nothing is put into
// the queue from outside; hence once the queue was seen empty each task is in the hands of someone who is counted by live until
// it has ended. The order of the two looks matters.
func (s *Scope) tryEnd() {
	if !s.ended && s.queue.empty() && s.live.Load() == 0 {
		s.ended = true
		s.joined.Done()
	}
}

// Close ends the scope's context and lets go of its parent and its timer. It follows Join.
func (s *Scope) Close() {
	s.closed.Store(true)
	w := s.wait.Load()
	if w != nil {
		w.timer.stop()
		s.signals.Lock()
		link := w.link
		w.link = nil
		s.signals.Unlock()
		link.stop()
	}
	if s.canceled.CompareAndSwap(nil, endOfScope) && w != nil {
		s.fire(&w.ctx)
	}
}
