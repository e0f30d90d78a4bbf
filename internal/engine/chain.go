package engine

import "runtime"

// The chain rule: while unclaimed tasks exist (and the limit leaves room), a goroutine of the scope exists that is runnable
// but not running, "pending". Whoever submits a task starts one if there is none. A goroutine that begins to run takes itself
// off the count, and before it runs each task that it claims, it starts the next one if none is there and tasks are left.
//
// So a task that blocks never keeps another from starting, however many they are, as with a goroutine for each. Yet a
// goroutine whose task has returned goes on with the next, and short tasks cost a queue operation instead of a goroutine.
// There is no timer and no watchdog, and no goroutine waits for work: one that finds none ends.

// Submit hands the task to the machine and ends the submission that Lock began. If the scope is cancelled the task is refused
// before Submit returns.
func (s *Scope) Submit(n *Node) {
	s.enlist(n)
	if c := s.Canceled(); c != nil {
		s.enterAnyway()
		s.lock.Unlock()
		n.refuse(c)
		s.exit()
		return
	}
	if raceEnabled && s.limit == 0 {
		s.enterAnyway()
		s.lock.Unlock()
		go s.alone(n)
		return
	}
	s.queue.put(n)
	s.lock.Unlock()
	if s.pending.Load() == 0 {
		s.more()
	}
}

// Reserve takes a place for the task of the submission that Lock began, if a goroutine can be had for it at once. On true
// SubmitReserved has to follow.
func (s *Scope) Reserve() bool {
	return s.Canceled() == nil && s.queue.empty() && s.enter()
}

// SubmitReserved is Submit with the place that Reserve took.
func (s *Scope) SubmitReserved(n *Node) {
	s.enlist(n)
	s.queue.put(n)
	s.lock.Unlock()
	s.pending.Add(1)
	go s.work()
}

func (s *Scope) enlist(n *Node) {
	n.index = s.count
	s.count++
	if n.Foreign() {
		s.foreign++
	}
}

// more starts a pending goroutine unless there is one or the limit is reached.
func (s *Scope) more() {
	for s.enter() {
		if s.pending.CompareAndSwap(0, 1) {
			go s.work()
			return
		}
		// Another was faster. While we held a place, somebody may have found none: look again.
		s.leave()
		if s.pending.Load() != 0 || s.queue.empty() {
			return
		}
	}
}

// enter takes a place among the live ones, if the limit leaves one.
func (s *Scope) enter() bool {
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
func (s *Scope) enterAnyway() {
	raceDisable()
	s.live.Add(1)
	raceEnable()
}

// leave gives a place back, and wakes the joiner if it was the last.
func (s *Scope) leave() {
	raceDisable()
	left := s.live.Add(-1)
	raceEnable()
	if left == 0 && s.joining.Load() {
		s.lock.Lock()
		s.joined.Broadcast()
		s.lock.Unlock()
	}
}

// exit is leave for those who do not look into the queue themselves afterwards: the place may be what a task waits for.
func (s *Scope) exit() {
	s.leave()
	if !s.queue.empty() && s.pending.Load() == 0 {
		s.more()
	}
}

// worker is a goroutine of the scope. It was counted as live and as pending when it was started.
func (s *Scope) worker() {
	s.pending.Add(-1)
	alive := false
	defer func() {
		if !alive { // a task called runtime.Goexit: this goroutine ends, its place and its duty go to another
			s.pending.Add(1)
			go s.work()
		}
	}()
	var p pacer
	for {
		for n := s.queue.pop(); n != nil; n = s.queue.pop() {
			if p.due() {
				s.pending.Add(1)
				runtime.Gosched()
				s.pending.Add(-1)
				p.yielded()
			}
			if s.pending.Load() == 0 && !s.queue.empty() {
				s.more()
			}
			if raceEnabled || n.flags&own != 0 {
				go s.alone(n) // with our place
				if !s.enter() {
					alive = true
					return
				}
				continue
			}
			n.run()
		}
		s.leave()
		if s.queue.empty() || !s.enter() {
			alive = true
			return
		}
	}
}

// alone is a goroutine that runs one task.
func (s *Scope) alone(n *Node) {
	defer s.exit()
	n.run()
}
