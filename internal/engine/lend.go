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
	case l.free >= w && l.first.head == nil:
		l.free -= w
		e.lent = 0
	default:
		c := &claim{weight: w, ready: make(chan struct{})}
		l.wait(&l.first, c)
		l.mu.Unlock()
		sched.Receive(c.ready)
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
