package engine

import "github.com/creche-go/creche/internal/sched"

// New returns the task of the submission that Lock began, for the caller to fill.
func (s *Machine) New() *Node {
	if s.work == nil {
		s.work = s.worker
	}
	n := s.tail.vacant()
	if n == nil {
		s.append(s.host.Grow(s.Submitted()))
		n = s.tail.vacant()
	}
	return n
}

// Submit hands the task that New returned to the machine and ends the submission. If the scope is cancelled the task is refused
// before Submit returns, or just being refused by the canceller.
func (s *Machine) Submit() {
	n := s.tail.put()
	if c := s.canceled.Load(); c != nil {
		s.enterAnyway()
		defer s.exit() // also if a rule of the user's leaves by runtime.Goexit
		s.lock.Unlock()
		n.resolve().refuse(c) // the canceller may have it in hand already
		s.refuseAll(c)
		return
	}
	if s.gate != nil {
		s.lock.Unlock()
		s.ask()
		return
	}
	if raceEnabled && s.limit == 0 {
		s.enterAnyway()
		n = s.pop(new(cursor)) // nil if a cancellation was faster
		s.lock.Unlock()
		if n == nil {
			s.exit()
			return
		}
		sched.Go(n.alone)
		return
	}
	s.lock.Unlock()
	if s.pending.Load() == 0 {
		s.more()
	}
}

// SubmitDaemon is Submit for a task that does not wait for its turn. It is not counted as live. Its place in the queue is left to
// whoever comes by. Before Lock, Poll was called: nobody else looks whether the scope's parent has ended, and here it is too late, as
// the lock is held.
func (s *Machine) SubmitDaemon(n *Node) {
	if s.canceled.Load() == nil {
		n.begin(Running)
		s.daemons.Add(n.daemon())
		s.list.placeless.Add(1)
		sched.Go(func() { s.daemon(n) })
	}
	s.Submit()
	s.skipBegun()
}

// daemon returns what the task adds to the daemons of its scope: one in the lower half until its goroutine ends, and in the upper half,
// until it has ended itself, one that loops yield.
func (n *Node) daemon() int64 {
	if n.Has(Foreign) {
		return 1
	}
	return 1 + loopDaemon
}

const loopDaemon = 1 << 32

// daemon is a goroutine that runs one.
func (s *Machine) daemon(n *Node) {
	defer func() {
		// Whoever counts daemons down after the end of the task, and then looks at joining, meets the joiner as leave does.
		if s.daemons.Add(-1) == 0 && s.joining.Load() {
			s.wake()
		}
	}()
	n.proceed(s)
}

// SubmitForeign is Submit for a task of another type, the only one of the slab given, which r runs. The task that New would
// return holds its place in the queue.
func (s *Machine) SubmitForeign(slab *Slab, r Runner) {
	slab.scope, slab.base = s, s.tail.pub.Load()
	n := slab.mark(0)
	n.Set(Foreign)
	n.ask().runner = r
	p := s.New()
	p.Set(proxy)
	p.ask().foreign = n
	s.tail.foreign++
	if n.Has(Daemon) {
		s.SubmitDaemon(n)
		return
	}
	s.Submit()
}

// resolve returns the task that n stands for.
func (n *Node) resolve() *Node {
	if n.Has(proxy) {
		return n.asked().foreign
	}
	return n
}

// TrySubmit is Submit for the task that New would return, if a goroutine can be had for it at once. Otherwise there is no submission,
// and the lock is released as well. The function fill is called with the task.
func (s *Machine) TrySubmit(weight int, fill func(*Node)) bool {
	if s.canceled.Load() != nil || s.limit > 0 && s.wanted() >= int64(s.limit) {
		s.lock.Unlock()
		return false
	}
	if s.gate != nil {
		return s.trySubmitGated(weight, fill)
	}
	fill(s.New())
	s.Submit()
	return true
}

// wanted returns how many places the tasks take that run, and those that wait would if they could. The caller holds the lock.
func (s *Machine) wanted() int64 { return s.tail.pub.Load() - s.list.placeless.Load() }
