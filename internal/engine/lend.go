package engine

import "github.com/creche-go/creche/internal/sched"

// gone marks a task that has ended, so that a wait of its which is not over yet takes nothing back.
const gone = -1

// held returns how many of its places the task, which has ended, still has.
func (n *Node) held(l *Limiter, places int) int {
	e := n.ext.Load()
	if e == nil {
		return places // it cannot have lent any
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e.giveUp(l)
	lent := e.lent > 0
	e.lent = gone
	if lent {
		return 0
	}
	return places
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
	if lends && !e.giveUp(l) {
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
	case l.free >= w && l.first.head == nil:
		l.free -= w
		e.lent = 0
	default:
		c := &claim{weight: w, ready: make(chan struct{})}
		e.taker = c
		l.wait(&l.first, c)
		l.mu.Unlock()
		sched.Receive(c.ready)
		l.mu.Lock()
		if e.taker != c {
			return
		}
		e.taker = nil
		if e.lent != gone {
			e.lent--
		}
		if e.lent != 0 { // the task has ended, or begun another wait, since the places were given
			l.put(w)
		}
	}
}

// giveUp lets a wait that is over, and would take the places back, go on without them, as the task has begun another wait, which lends them
// from now on, or ended. It has to: the wait may have been that of another task, whose own places may be those that are wanted. It
// reports whether there was one. The caller holds the limiter's lock.
func (e *extra) giveUp(l *Limiter) bool {
	c := e.taker
	if c == nil || c.in == nil {
		return false
	}
	l.drop(c)
	e.taker = nil
	sched.Close(c.ready)
	l.put(0) // what stood behind may fit
	return true
}

// lendOwner is Lend for the task within which s was opened.
func (s *Scope) lendOwner(wait func()) {
	if s.mortal {
		NodeOf(s.parent).Lend(wait)
		return
	}
	wait()
}
