package engine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Scope is one run of the machine: it runs the tasks that are submitted to it, and ends when none is left. It must be opened
// with Open, and ended with Join and Close.
//
// Its fields are ordered by who writes them, so that those who run tasks and those who submit them do not wait for each other's
// cache lines: what all read for each task and nobody writes so often, what producers write, and what workers write. Between two
// of these lie at least 48 bytes that hardly anybody touches. Lines have 64, and allocations of this size begin at a multiple of 16.
type Scope struct {
	// canceled is set once. Its CAS comes before the signals are fired, and before the queue is emptied.
	canceled atomic.Pointer[Cancellation]
	runner   Runner
	parent   context.Context
	room     *room // nil: any number of tasks may wait
	gate     *gate // nil: no limiter
	limit    int32 // of goroutines; 0: none
	mortal   bool  // the parent can end
	// pending counts goroutines of the scope that are runnable but not running: those that were started and did not begin
	// yet, and those that yield. See chain.
	pending atomic.Int32
	// live counts goroutines, the pending ones included, and whoever holds a place for a moment because a task must not
	// be lost between two hands. With an empty queue, live at 0 means that every task has ended: a task leaves the queue
	// only into the hands of someone who is counted.
	live  atomic.Int32
	relay relay

	// joining is set before the joiner looks at live, and read after live was counted down: one of the two sees the other.
	joining atomic.Bool
	joined  sync.WaitGroup // 1 from joining until the end
	wait    atomic.Pointer[waits]
	work    func() // s.worker: one func value for all goroutines; set with the first slab
	kin     *kin
	daemons atomic.Int64 // that have not ended, see Node.daemon

	// lock guards what producers do: the tail of the queue, and the end, after which nothing is submitted.
	lock  sync.Mutex
	ended bool
	tail  queueTail

	list completions // ends with what workers write
	head queueHead
}

// Opened reports whether Open was called.
func (s *Scope) Opened() bool { return s.runner != nil }

// Conditions are what a scope is opened with. The zero value sets no bounds.
type Conditions struct {
	Limit   int // of tasks that may run at once
	Queue   int // of tasks that may wait to begin
	Limiter *Limiter
	Timeout Timeout
}

// Open makes s ready, for tasks that r runs.
func (s *Scope) Open(parent context.Context, r Runner, c Conditions) {
	s.parent = parent
	s.runner = r
	s.mortal = parent != context.Background() && parent != context.TODO()
	s.limit = int32(min(c.Limit, 1<<30))
	if c.Queue > 0 {
		s.room = newRoom(c.Queue)
	}
	if c.Limiter != nil {
		s.gate = &gate{limiter: c.Limiter}
	}
	if c.Timeout.After > 0 {
		w := s.waits()
		w.deadline, w.timer = c.Timeout.start(func(c *Cancellation) { s.Cancel(c) })
	}
	s.joinFamily() // last: from now on others may end the scope
}

// Lock begins a submission; Submit, SubmitDaemon, SubmitForeign or TrySubmit ends it. It returns false, and holds no lock, if the
// scope has ended. With patient set, it first waits until there is room in the queue, or the scope is cancelled.
func (s *Scope) Lock(patient bool) bool {
	for {
		s.lock.Lock()
		switch {
		case s.ended:
			s.lock.Unlock()
			return false
		case s.room == nil || !patient || s.hasRoom():
			return true
		}
		s.lock.Unlock()
		s.awaitRoom()
	}
}

// Submitted returns how many tasks there have been.
func (s *Scope) Submitted() int { return int(s.tail.pub.Load()) }

// Join returns once every task has ended and makes that state final: from then on Lock returns false. Everything that the
// tasks did happens before its return. It may be called several times, also at the same time.
func (s *Scope) Join() {
	if !s.tryJoin(false) {
		// Most often the last tasks end as soon as others may run: sleeping and being woken costs more.
		runtime.Gosched()
		if !s.tryJoin(true) {
			s.lendOwner(s.joined.Wait)
		}
	}
	raceAcquire(&s.ended)
}

// tryJoin reports whether the scope has ended, and ends it if every task has. Otherwise, if wait is set, joined tells when it does.
func (s *Scope) tryJoin(wait bool) bool {
	s.lock.Lock()
	if wait && !s.ended && !s.joining.Load() {
		s.joined.Add(1)
		s.joining.Store(true)
	}
	return s.tryEnd()
}

// wake is for the last of the live ones, and of the daemons: it ends the scope if somebody waits for that.
func (s *Scope) wake() {
	s.lock.Lock()
	s.tryEnd()
}

// tryEnd ends the scope if every task has ended, and cancels it if only daemons are left. It reports whether the scope has ended. The
// caller holds the lock, which tryEnd releases, so nothing is put into the queue from outside; hence once the queue was seen empty each
// task is in the hands of someone who is counted by live, or by daemons, until it has ended. The order of the looks matters: a daemon
// may start other tasks.
func (s *Scope) tryEnd() bool {
	daemons := s.daemons.Load() > 0
	if s.ended || !s.empty() || s.live.Load() > 0 {
		ended := s.ended
		s.lock.Unlock()
		return ended
	}
	if daemons {
		// Under the lock, so that no daemon can have started a task in between.
		dismissed := s.canceled.CompareAndSwap(nil, endOfScope)
		if dismissed {
			s.enterAnyway()
		}
		s.lock.Unlock()
		if dismissed {
			s.fireAll()
			s.exit()
		}
		return false
	}
	s.ended = true
	if s.joining.Load() {
		s.joined.Done()
	}
	s.lock.Unlock()
	return true
}

// Ended reports whether the scope has been joined.
func (s *Scope) Ended() bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.ended
}

// Close ends the scope's context and lets go of its parent and its timer. It follows Join.
func (s *Scope) Close() {
	w := s.wait.Load()
	if w != nil {
		w.timer.stop()
		s.detach(w)
	}
	s.leaveFamily()
	if s.canceled.Load() == nil && s.canceled.CompareAndSwap(nil, endOfScope) {
		if w := s.wait.Load(); w != nil { // again: somebody may have begun to wait meanwhile
			s.fire(&w.ctx, nil)
		}
	}
}
