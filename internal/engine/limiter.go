package engine

import (
	"sync"
	"sync/atomic"
)

// Limiter has places that the tasks of several scopes share. Who finds none free queues up: first come, first served, so that a task
// that needs many places is not overtaken for ever by those that need few. Before all others come those who take back a place
// that they lent.
type Limiter struct {
	size int

	mu        sync.Mutex
	free      int
	returning claims
	queue     claims
	// crowd counts those who wait, so that nobody needs the lock to learn that there are none. It is written under the lock; who
	// misses one that comes at the same time gives way the next time.
	crowd atomic.Int32
}

// NewLimiter returns a limiter with size places.
func NewLimiter(size int) *Limiter { return &Limiter{size: size, free: size} }

// Size returns the number of places.
func (l *Limiter) Size() int { return l.size }

// claim is a wish for places: of a task that has left its scope's queue, or of one that takes back what it lent.
type claim struct {
	of     *Scope
	node   *Node
	weight int
	asked  bool          // it is the one that the scope may have, see ask
	ready  chan struct{} // of one who takes back
	next   *claim
}

type claims struct{ first, last *claim }

func (q *claims) push(c *claim) {
	if q.first == nil {
		q.first = c
	} else {
		q.last.next = c
	}
	q.last = c
}

// take returns the first claim if it fits.
func (q *claims) take(free int) *claim {
	c := q.first
	if c == nil || c.weight > free {
		return nil
	}
	q.first, c.next = c.next, nil
	return c
}

// get takes weight places if they are free and nobody waits. The caller holds mu.
func (l *Limiter) get(weight int) bool {
	if l.free < weight || l.returning.first != nil || l.queue.first != nil {
		return false
	}
	l.free -= weight
	return true
}

// put gives places back and hands them to those who wait. The caller holds mu.
func (l *Limiter) put(weight int) {
	l.free += weight
	for {
		c := l.returning.take(l.free)
		if c == nil && l.returning.first == nil {
			c = l.queue.take(l.free)
		}
		if c == nil {
			return
		}
		l.free -= c.weight
		l.crowd.Add(-1)
		if c.ready != nil {
			close(c.ready)
		} else {
			go c.of.gated(c.node, c.asked)
		}
	}
}

// withdraw takes the claims out that are over: the caller has cancelled what they are for.
func (l *Limiter) withdraw(over func(*claim) bool) {
	var out, left claims
	l.mu.Lock()
	for c := l.queue.first; c != nil; {
		next := c.next
		c.next = nil
		if over(c) {
			out.push(c)
			l.crowd.Add(-1)
		} else {
			left.push(c)
		}
		c = next
	}
	l.queue = left
	l.put(0) // what stood behind may fit
	l.mu.Unlock()
	for c := out.first; c != nil; c = c.next {
		if cancel := c.of.canceled.Load(); cancel != nil {
			c.node.refuse(cancel)
		}
		if c.asked {
			c.of.gate.asking.Store(false)
		}
		c.of.exit()
	}
}

// weight returns how many places the task takes.
func (n *Node) weight() int {
	if a := n.asked(); a != nil && a.weight > 0 {
		return a.weight
	}
	return 1
}
