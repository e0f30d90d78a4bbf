package engine

import "github.com/creche-go/creche/internal/sched"

// gate is a scope's side of a limiter. Under a limiter the chain rule holds as well, with another meaning of pending: while unclaimed
// tasks exist, and the scope's own limit leaves room, the scope waits in the limiter's queue, or a goroutine that was given places is
// about to run. The scope is in the queue once at a time, so that all scopes of the limiter have their turns.
type gate struct {
	limiter *Limiter
	// asking is set by whoever asks for the scope, until the goroutine that was given the places begins, or the claim is withdrawn.
	// It is cleared before the queue of tasks is looked at again, and read after a task was published or a place was left: one of the
	// two sees the other.
	asking sched.Bool
	claim  claim
}

// slice is how long a goroutine keeps its places, from one task to the next, while others wait. To hand them over costs a goroutine.
const slice = yieldAfter

// ask asks for places for the oldest task, unless that is done or the scope's own limit leaves no room.
func (s *Machine) ask() {
	g := s.gate
	if g.asking.Load() {
		return // without a look at the queue, whose words others write
	}
	s.skipBegun()
	for !s.empty() && g.asking.CompareAndSwap(false, true) {
		if !s.enter() {
			g.asking.Store(false)
			if s.live.Load() >= s.limit {
				return // who leaves asks
			}
			continue
		}
		if s.queueUp(s.oldestWeight()) {
			return
		}
		g.asking.Store(false)
		s.refuseRest()
		return
	}
}

// refuseRest is for a scope that is cancelled: it refuses what the canceller has left, if a rule of the user's has made him leave by
// runtime.Goexit. The caller has a place in the scope, which is given back.
func (s *Machine) refuseRest() {
	defer s.exit() // which asks again, should there be more
	s.refuseAll(s.canceled.Load())
}

// queueUp reports whether the scope was given places, or waits for them. Otherwise there is nothing to wait for.
func (s *Machine) queueUp(weight int) bool {
	l, c := s.gate.limiter, &s.gate.claim
	l.mu.Lock()
	if l.get(weight) {
		l.mu.Unlock()
		s.admit(weight, nil)
		return true
	}
	l.mu.Unlock()
	s.attach() // who waits has to hear of a cancellation
	l.mu.Lock()
	defer l.mu.Unlock()
	// A cancellation comes before the look at the claims that follows it: either it is seen here, or the claim is seen there.
	if s.canceled.Load() != nil {
		return false
	}
	*c = claim{of: s, weight: s.oldestWeight()} // anew: from now on weighAgain sees to it
	l.wait(&l.queue, c)
	l.put(0) // what was given back meanwhile
	return true
}

// withdraw takes the scope out of the limiter's queue, as it has no task to run. The caller has a place in the scope.
func (s *Machine) withdraw() {
	l, c := s.gate.limiter, &s.gate.claim
	var cut []*Node
	l.mu.Lock()
	asked := c.in != nil
	if asked {
		l.drop(c)
	}
	if s.canceled.Load() != nil {
		for x := l.first.head; x != nil; {
			next := x.next
			if x.of == s && x.node != nil {
				l.drop(x)
				cut = append(cut, x.node)
			}
			x = next
		}
	}
	l.put(0) // what stood behind may fit
	l.mu.Unlock()
	if asked {
		s.gate.asking.Store(false)
		s.exit()
	}
	for _, n := range cut {
		func() {
			defer s.exit() // also if a rule of the user's leaves by runtime.Goexit
			n.refuse(s.canceled.Load())
		}()
	}
}

// trySubmitGated is TrySubmit with a limiter.
func (s *Machine) trySubmitGated(weight int, fill func(*Node)) bool {
	l := s.gate.limiter
	l.mu.Lock()
	free := l.get(weight)
	l.mu.Unlock()
	if free && !s.enter() { // a goroutine of the scope has places, and is about to look for a task
		l.giveBack(weight)
		free = false
	}
	if !free {
		s.lock.Unlock()
		return false
	}
	n := s.New()
	fill(n)
	n.begin(Running)
	sched.Go(func() {
		defer func() {
			l.giveBack(n.held(l, weight))
			s.exit()
		}()
		n.proceed(s)
	})
	s.Submit()
	s.skipBegun()
	return true
}

// admit starts a goroutine for the places that the scope was given.
func (s *Machine) admit(places int, n *Node) { sched.Go(func() { s.gated(places, n) }) }

// gated is a goroutine of the scope that was given places, for the task n or else for the oldest. It goes on with the next one until
// there is none, or its time is over and others wait.
func (s *Machine) gated(places int, n *Node) {
	l := s.gate.limiter
	if n == nil {
		s.standBy()
		s.goOn()
	}
	running := false
	p := newPacer()
	defer func() {
		s.relay.drop(&p)
		if running { // the task called runtime.Goexit
			l.giveBack(n.held(l, places))
			s.exit()
		}
	}()
	var at cursor
	began := sched.Now()
	for {
		if n == nil {
			if p.tick() && !s.pace(&p) {
				break
			}
			if n = s.pop(&at); n == nil {
				break
			}
			if n.stage() != Queued { // it has begun without its turn, and its places are none of this goroutine's business
				n = nil
				continue
			}
			if n.weight() > 1 {
				s.weighAgain()
			}
		}
		if w := n.weight(); w < places {
			l.giveBack(places - w)
			places = w
		} else if w > places {
			s.askMore(n, places, w)
			return
		}
		s.ask()
		if raceEnabled || n.Has(OwnGoroutine) {
			s.gatedAlone(n, places)
			return
		}
		running = true
		n.run(s)
		running = false
		if places = n.held(l, places); places == 0 || l.crowd.Load() > 0 && sched.Since(began) >= slice {
			break
		}
		n = nil
	}
	l.giveBack(places)
	if s.empty() && s.gate.asking.Load() {
		s.withdraw()
	}
	s.exit()
}

// gatedAlone starts a goroutine for one task that was given places.
func (s *Machine) gatedAlone(n *Node, places int) {
	sched.Go(func() {
		defer func() {
			s.gate.limiter.giveBack(n.held(s.gate.limiter, places))
			s.exit()
		}()
		n.run(s)
	})
}

// askMore lets n, which has had its turn, wait for all its places, before others.
func (s *Machine) askMore(n *Node, places, weight int) {
	l := s.gate.limiter
	s.attach()
	l.mu.Lock()
	if c := s.canceled.Load(); c != nil {
		l.put(places)
		l.mu.Unlock()
		defer s.exit()
		n.refuse(c)
		return
	}
	l.wait(&l.first, &claim{of: s, node: n, weight: weight})
	l.put(places)
	l.mu.Unlock()
}

// weighAgain follows the departure of a heavy task from the queue: a claim that was made for it asks for more than the next one needs.
func (s *Machine) weighAgain() {
	l, c := s.gate.limiter, &s.gate.claim
	l.mu.Lock()
	defer l.mu.Unlock()
	if w := s.oldestWeight(); c.in == &l.queue && c.weight > w {
		c.weight = w
		l.put(0)
	}
}

// oldestWeight is a guess: others may claim the oldest task meanwhile.
func (s *Machine) oldestWeight() int {
	s.skipBegun()
	if n, _ := s.oldest(); n != nil {
		return n.weight()
	}
	return 1
}
