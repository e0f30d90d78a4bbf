package engine

import (
	"context"

	"github.com/creche-go/creche/internal/sched"
)

// Machine runs the tasks of a scope, and ends when none is left. A scope gets it with its first task.
//
// Its fields are ordered by who writes them, so that those who run tasks and those who submit them do not wait for each other's
// cache lines: what all read for each task and nobody writes so often, what producers write, and what workers write. Between two
// of these lie at least 48 bytes that hardly anybody touches. Lines have 64, and allocations of this size begin at a multiple of 16.
type Machine struct {
	*Scope
	room  *room // nil: any number of tasks may wait
	gate  *gate // nil: no limiter
	limit int32 // of goroutines; 0: none
	// pending counts goroutines of the scope that are runnable but not running: those that were started and did not begin
	// yet, and those that yield. See chain.
	pending sched.Int32
	// live counts goroutines, the pending ones included, and whoever holds a place for a moment because a task must not
	// be lost between two hands. With an empty queue, live at 0 means that every task has ended: a task leaves the queue
	// only into the hands of someone who is counted.
	live  sched.Int32
	relay relay
	// streak counts the goroutines that have begun to run tasks since a task last returned. It is a hint, which orders nothing: see fanOut.
	streak sched.Int32

	// joining is set before the joiner looks at live, and read after live was counted down: one of the two sees the other.
	joining sched.Bool
	joined  sched.WaitGroup // 1 from joining until the end
	work    func()          // s.worker: one func value for all goroutines; set with the first submission
	daemons sched.Int64     // that have not ended, see Node.daemon
	_       [8]byte

	// lock guards what producers do: the tail of the queue, and the end, after which nothing is submitted.
	lock  sched.Mutex
	ended bool
	tail  queueTail

	list completions // ends with what workers write
	head queueHead
}

// bound sets the bounds of a scope that is being opened.
func (s *Machine) bound(c *Conditions) {
	s.limit = int32(min(c.Limit, 1<<30))
	if c.Queue > 0 {
		s.room = newRoom(c.Queue)
	}
	if c.Limiter != nil {
		s.gate = &gate{limiter: c.Limiter}
	}
}

// begin takes the lock for a submission, as Scope.Lock tells.
func (s *Machine) begin(wait context.Context) bool {
	for {
		s.lock.Lock()
		switch {
		case s.ended:
			s.lock.Unlock()
			return false
		case s.room == nil || wait == nil || s.hasRoom():
			return true
		}
		s.lock.Unlock()
		if !s.awaitRoom(wait) {
			return false
		}
	}
}

func (s *Machine) join() {
	if !s.tryJoin(false) {
		// Most often the last tasks end as soon as others may run: sleeping and being woken costs more.
		sched.Gosched()
		if !s.tryJoin(false) && !s.tryJoin(true) {
			s.lendOwner(s.joined.Wait)
		}
	}
	raceAcquire(&s.ended)
}

// tryJoin reports whether the scope has ended, and ends it if every task has. Otherwise, if wait is set, joined tells when it does.
func (s *Machine) tryJoin(wait bool) bool {
	s.lock.Lock()
	if wait && !s.ended && !s.joining.Load() {
		s.joined.Add(1)
		s.joining.Store(true)
	}
	return s.tryEnd()
}

// wake is for the last of the live ones, and of the daemons: it ends the scope if somebody waits for that.
func (s *Machine) wake() {
	s.lock.Lock()
	s.tryEnd()
}

// tryEnd ends the scope if every task has ended, and cancels it if only daemons are left. It reports whether the scope has ended. The
// caller holds the lock, which tryEnd releases, so nothing is put into the queue from outside; hence once the queue was seen empty each
// task is in the hands of someone who is counted by live, or by daemons, until it has ended. The order of the looks matters: a daemon
// may start other tasks.
func (s *Machine) tryEnd() bool {
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

// dismiss refuses the tasks that wait for their turn, because of c.
func (s *Machine) dismiss(c *Cancellation) {
	s.enterAnyway() // so that the scope does not end between a task's leaving the queue and its refusal
	defer s.exit()
	s.refuseAll(c)
	if s.gate != nil {
		s.withdraw()
	}
}

// refuseAll empties the queue. The caller holds a place in the scope.
func (s *Machine) refuseAll(c *Cancellation) {
	var at cursor
	for n := s.pop(&at); n != nil; n = s.pop(&at) {
		n.refuse(c)
	}
}
