package engine

import (
	"runtime"
	"sync/atomic"
)

// gate is a scope's side of a limiter. Under a limiter the chain rule holds as well, with another meaning of pending: while unclaimed
// tasks exist, the oldest has been taken out of the queue and has asked for its places, or a goroutine of the scope that runs is about to
// do so. The scope has one such task at a time, so that all scopes of the limiter have their turns.
type gate struct {
	limiter *Limiter
	// asking is set by whoever asks for the scope, until the task that he asked for begins, or is withdrawn. It is cleared before
	// he looks at the queue again, and read after a task was published or a place was left: one of the two sees the other.
	asking atomic.Bool
}

// ask lets the oldest task ask for its places, unless one does or the scope's own limit leaves no room.
func (s *Scope) ask() {
	g := s.gate
	for !s.empty() && g.asking.CompareAndSwap(false, true) {
		if !s.enter() {
			g.asking.Store(false)
			if s.live.Load() >= s.limit {
				return // who leaves asks
			}
			continue
		}
		n := s.pop(new(cursor))
		if n == nil {
			g.asking.Store(false)
			s.leave()
			continue
		}
		s.claim(n, true)
		return
	}
}

// claim starts n, on a goroutine of its own, as soon as its places are free. It comes with a place among the live ones.
func (s *Scope) claim(n *Node, asked bool) {
	s.attach() // who waits has to hear of a cancellation
	l, w := s.gate.limiter, n.weight()
	l.mu.Lock()
	// A cancellation comes before the look at the claims that follows it: either it is seen here, or the claim is seen there.
	if s.canceled.Load() != nil {
		l.mu.Unlock()
		n.refuse(s.canceled.Load())
		if asked {
			s.gate.asking.Store(false)
		}
		s.exit()
		return
	}
	if !l.get(w) {
		c := &claim{of: s, node: n, weight: w, asked: asked}
		l.queue.push(c)
		l.crowd.Add(1)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	go s.gated(n, asked)
}

// tryAsk is ask for a task that must start at once.
func (g *gate) tryAsk(s *Scope, weight int) bool {
	if !s.empty() || !g.asking.CompareAndSwap(false, true) {
		return false
	}
	g.limiter.mu.Lock()
	defer g.limiter.mu.Unlock()
	if !g.limiter.get(weight) {
		g.asking.Store(false)
		return false
	}
	return true
}

// unask gives back what tryAsk took.
func (g *gate) unask(weight int) {
	g.limiter.mu.Lock()
	g.limiter.put(weight)
	g.limiter.mu.Unlock()
	g.asking.Store(false)
}

// gated is a goroutine of the scope that has the places for n. It goes on with the next task as long as nobody else waits for them.
func (s *Scope) gated(n *Node, asked bool) {
	if asked {
		s.gate.asking.Store(false)
	}
	defer func() {
		if n != nil { // the task called runtime.Goexit
			s.release(n)
		}
	}()
	var p pacer
	for n != nil {
		if p.due() {
			runtime.Gosched()
			p.yielded()
		}
		s.ask()
		if raceEnabled || n.Has(OwnGoroutine) {
			go s.gatedAlone(n)
			n = nil
			return
		}
		n.run(s)
		n = s.next(n)
	}
}

func (s *Scope) gatedAlone(n *Node) {
	defer s.release(n)
	n.run(s)
}

// next passes the places of n, which has ended, on: to the next task of the scope, which it returns, or to whoever waits.
func (s *Scope) next(n *Node) *Node {
	l := s.gate.limiter
	if l.crowd.Load() == 0 && n.ext.Load() == nil && !s.gate.asking.Load() {
		if next := s.pop(new(cursor)); next != nil {
			if next.weight() == 1 {
				return next
			}
			s.giveBack(n)
			s.claim(next, false)
			return nil
		}
	}
	// If the first who waits is of this scope there is no need for another goroutine.
	l.mu.Lock()
	l.free += n.held()
	if c := l.queue.first; c != nil && c.of == s && l.returning.first == nil {
		if c = l.queue.take(l.free); c != nil {
			l.free -= c.weight
			l.crowd.Add(-1)
			l.put(0)
			l.mu.Unlock()
			if c.asked {
				s.gate.asking.Store(false)
			}
			s.leave() // the claim came with a place of its own
			return c.node
		}
	}
	l.put(0)
	l.mu.Unlock()
	s.exit()
	return nil
}

// release gives the places of n back, and its place in the scope.
func (s *Scope) release(n *Node) {
	s.giveBack(n)
	s.exit()
}

func (s *Scope) giveBack(n *Node) {
	l := s.gate.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(n.held())
}

// gone marks a task that has given its places back, so that a wait of its which is not over yet takes nothing back.
const gone = -1

// held returns how many places the task, which has ended, has still to give back. The caller holds the limiter's lock.
func (n *Node) held() int {
	if e := n.ext.Load(); e != nil {
		lent := e.lent > 0
		e.lent = gone
		if lent {
			return 0
		}
	}
	return n.weight()
}

// Lend calls wait, which blocks, and lends the places of the task n to others as long as one of its waits is on. Where n is nil or has
// no places, it just calls it.
func (n *Node) Lend(wait func()) {
	if n == nil || n.scope().gate == nil || n.Has(Daemon) {
		wait()
		return
	}
	l, e := n.scope().gate.limiter, n.extra()
	l.mu.Lock()
	lends := e.lent != gone && n.stage() == Running
	if lends {
		if e.lent++; e.lent == 1 {
			l.put(n.weight())
		}
	}
	l.mu.Unlock()
	if lends {
		defer n.takeBack(l, e)
	}
	wait()
}

func (n *Node) takeBack(l *Limiter, e *extra) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := n.weight()
	switch {
	case e.lent == gone:
	case e.lent > 1:
		e.lent--
	case l.free >= w && l.returning.first == nil:
		l.free -= w
		e.lent = 0
	default:
		c := &claim{weight: w, ready: make(chan struct{})}
		l.returning.push(c)
		l.crowd.Add(1)
		l.mu.Unlock()
		<-c.ready
		l.mu.Lock()
		if e.lent != gone {
			e.lent--
		}
		if e.lent != 0 { // the task has ended, or begun another wait
			l.put(w)
		}
	}
}

// lendOwner is Lend for the task within which s was opened.
func (s *Scope) lendOwner(wait func()) {
	if s.mortal {
		NodeOf(s.parent).Lend(wait)
		return
	}
	wait()
}
