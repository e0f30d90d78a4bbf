package engine

import "github.com/creche-go/creche/internal/sched"

// relay keeps the goroutines of a scope out of each other's way while tasks are so short that two would wait for each other's cache
// lines most of the time: then one runs them all and has the baton, and the one that is pending stands by. It is a matter of speed
// alone. Whoever stands by counts as pending and is runnable all the time, as the chain rule wants it.
type relay struct {
	// baton is the number of the goroutine that runs short tasks, or 0. All of this is a hint, which orders nothing.
	baton sched.Int32
	given sched.Int32 // numbers
	// looks counts how often somebody who stands by has let the rest of the program run. Meanwhile the one with the baton need not.
	looks sched.Int32
}

// standBy is for a goroutine that is pending and has come to run. It returns when there is nothing to stand by for: the one with the
// baton has given it up, or has met a task that is not short.
func (s *Machine) standBy() {
	const patience = 2
	for idle := 0; s.relay.baton.Load() != 0 && !s.empty() && (s.gate == nil || s.gate.limiter.crowd.Load() == 0); idle++ {
		before := s.head.claim.Load()
		sched.Gosched()
		for range 1000 { // a few tasks long: without it the look comes too soon if nobody else wants to run
		}
		s.relay.looks.Add(1)
		if s.head.claim.Load()-before > 1 {
			idle = -1
		} else if idle == patience {
			s.relay.baton.Store(0)
		}
	}
}

// pace is for a worker between two tasks, after some. It returns false if the worker is one too many.
func (s *Machine) pace(p *pacer) bool {
	r := &s.relay
	due := p.read()
	switch baton := r.baton.Load(); {
	case !p.brisk():
		r.drop(p)
	case baton == 0:
		if p.number == 0 {
			p.number = r.given.Add(1)
		}
		r.baton.CompareAndSwap(0, p.number)
	case baton == p.number:
	case !s.stepBack():
		return false
	default:
		s.standBy()
		s.goOn()
		p.yielded()
		return true
	}
	if !due {
		return true
	}
	if looks := r.looks.Load(); looks != p.looks {
		p.looks = looks
	} else if s.stepBack() {
		sched.Gosched()
		s.goOn()
	} else {
		sched.Gosched()
	}
	p.yielded()
	return true
}

// stepBack makes a worker that has no task a pending one, until goOn, unless there is one already.
func (s *Machine) stepBack() bool {
	if s.gate != nil {
		return s.gate.asking.CompareAndSwap(false, true)
	}
	return s.pending.CompareAndSwap(0, 1)
}

func (s *Machine) goOn() {
	if s.gate != nil {
		s.gate.asking.Store(false)
	} else {
		s.pending.Add(-1)
	}
}

// drop gives the baton up, if p's worker has it.
func (r *relay) drop(p *pacer) {
	if p.number != 0 && r.baton.Load() == p.number {
		r.baton.CompareAndSwap(p.number, 0)
	}
}
