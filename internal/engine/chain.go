package engine

import "github.com/creche-go/creche/internal/sched"

// The chain rule: while unclaimed tasks exist (and the limit leaves room), a goroutine of the scope exists that is runnable
// but not running, "pending". Whoever submits a task starts one if there is none. A goroutine that begins to run takes itself
// off the count, and before it runs each task that it claims, it starts the next one if none is there and tasks are left.
//
// So a task that blocks never keeps another from starting, however many they are, as with a goroutine for each. Yet a
// goroutine whose task has returned goes on with the next, and short tasks cost a queue operation instead of a goroutine.
// There is no timer and no watchdog, and no goroutine waits for work: one that finds none ends.
//
// When many tasks in a row have blocked, the chain only has each goroutine start the next, one after the other. Then the pending one fans
// out: it starts a goroutine for each task, all of them at once, so that other processors get their share.

// more starts a pending goroutine unless there is one or the limit is reached.
func (s *Machine) more() {
	for s.enter() {
		if !s.empty() && s.pending.CompareAndSwap(0, 1) { // with our place the scope does not end before the goroutine does
			sched.Go(s.work)
			return
		}
		// Another was faster. While we held a place, somebody may have found none: look again.
		s.leave()
		if s.pending.Load() != 0 || s.empty() {
			return
		}
	}
}

// enter takes a place among the live ones, if the limit leaves one.
func (s *Machine) enter() bool {
	if s.limit == 0 {
		s.enterAnyway()
		return true
	}
	for {
		n := s.live.Load()
		if n >= s.limit {
			return false
		}
		if s.live.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// enterAnyway takes a place whatever the limit; whoever does so runs no task.
func (s *Machine) enterAnyway() {
	s.raceHide()
	s.live.Add(1)
	s.raceShow()
}

// leave gives a place back, and ends the scope if it was the last and somebody waits for that.
func (s *Machine) leave() {
	s.raceHide()
	left := s.live.Add(-1)
	s.raceShow()
	if left == 0 && s.joining.Load() {
		s.wake()
	}
}

// exit is leave for those who do not look into the queue themselves afterwards: the place may be what a task waits for.
func (s *Machine) exit() {
	s.leave()
	if s.gate != nil {
		s.ask()
	} else if !s.empty() && s.pending.Load() == 0 {
		s.more()
	}
}

// worker is a goroutine of the scope. It was counted as live and as pending when it was started.
func (s *Machine) worker() {
	s.standBy()
	s.fanOut()
	s.goOn()
	s.began()
	alive := false
	p := newPacer()
	defer func() {
		s.relay.drop(&p)
		if !alive { // a task called runtime.Goexit: this goroutine ends, its place and its duty go to another
			s.pending.Add(1)
			sched.Go(s.work)
		}
	}()
	var at cursor
	for {
		for {
			if p.tick() && !s.pace(&p) {
				alive = true
				s.exit()
				return
			}
			n := s.pop(&at)
			if n == nil {
				break
			}
			if s.pending.Load() == 0 && (at.left || !s.empty()) {
				s.more()
			}
			if raceEnabled || n.Has(OwnGoroutine) {
				sched.Go(n.alone) // with our place
				if !s.enter() {
					alive = true
					return
				}
				continue
			}
			n.run(s)
			s.returned()
		}
		s.leave()
		if s.empty() || !s.enter() {
			alive = true
			return
		}
	}
}

// alone is a goroutine that runs one task.
func (n *Node) alone() {
	s := n.scope()
	defer s.exit()
	n.run(s)
	s.returned()
}

// fanOut is for a goroutine that is pending and has come to run. If task after task has blocked it starts a goroutine for each but the
// last, until one returns: tasks that only yield do so before there are enough of them.
func (s *Machine) fanOut() {
	for i := 1; s.streak.Load() >= longStreak && s.severalLeft() && s.enter(); i++ {
		n := s.pop(new(cursor))
		if n == nil { // others were faster
			s.leave()
			return
		}
		sched.Go(n.alone) // with the place just taken
		if i%longStreak == 0 {
			sched.Gosched() // to see what becomes of these
		}
	}
}

// began is for a goroutine that is about to run tasks, and returned follows each that has. The race detector is not to see them, as they
// would order tasks that nothing else orders; and there each task has a goroutine anyway.
func (s *Machine) began() {
	if !raceEnabled {
		s.streak.Add(1)
	}
}

func (s *Machine) returned() {
	if !raceEnabled && s.streak.Load() != 0 {
		s.streak.Store(0)
	}
}
