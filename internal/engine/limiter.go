package engine

import "github.com/creche-go/creche/internal/sched"

// Limiter has places that the tasks of several scopes share. Scopes that find none free queue up: first come, first served, so that a
// task that needs many places is not overtaken for ever by those that need few. Before all others come those who have had their turn:
// waits that take back the places they lent, and tasks that turned out to need more than their scope had asked for.
type Limiter struct {
	size int

	mu    sched.Mutex
	free  int
	first claims // of those who have had their turn
	queue claims // of scopes
	// crowd counts those who wait, so that nobody needs the lock to learn that there are none. It is written under the lock; who
	// misses one that comes at the same time gives way the next time.
	crowd sched.Int32
}

// NewLimiter returns a limiter with size places.
func NewLimiter(size int) *Limiter { return &Limiter{size: size, free: size} }

// Size returns the number of places.
func (l *Limiter) Size() int { return l.size }

// claim is a wish for places.
type claim struct {
	of         *Machine
	node       *Node // nil for the oldest task of the scope, whichever that is
	weight     int
	ready      chan struct{} // of one who takes back
	in         *claims       // where it waits
	prev, next *claim
}

// claims is a list of those that wait, guarded by the limiter's lock.
type claims struct{ head, tail *claim }

func (q *claims) push(c *claim) {
	c.in = q
	if c.prev = q.tail; c.prev != nil {
		c.prev.next = c
	} else {
		q.head = c
	}
	q.tail = c
}

func (q *claims) remove(c *claim) {
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		q.head = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		q.tail = c.prev
	}
	c.in, c.prev, c.next = nil, nil, nil
}

// get takes weight places if they are free and nobody waits. The caller holds mu.
func (l *Limiter) get(weight int) bool {
	if l.free < weight || l.first.head != nil || l.queue.head != nil {
		return false
	}
	l.free -= weight
	return true
}

// wait lets c wait in q. The caller holds mu.
func (l *Limiter) wait(q *claims, c *claim) {
	q.push(c)
	l.crowd.Add(1)
}

// drop takes c out. The caller holds mu.
func (l *Limiter) drop(c *claim) {
	c.in.remove(c)
	l.crowd.Add(-1)
}

// put gives places back and hands them to those who wait. The caller holds mu.
func (l *Limiter) put(weight int) {
	l.free += weight
	for {
		c := l.first.head
		if c == nil {
			c = l.queue.head
		}
		if c == nil || c.weight > l.free {
			return
		}
		l.drop(c)
		l.free -= c.weight
		if c.ready != nil {
			sched.Close(c.ready)
		} else {
			c.of.admit(c.weight, c.node)
		}
	}
}

// giveBack is put for those who do not hold the lock.
func (l *Limiter) giveBack(weight int) {
	l.mu.Lock()
	l.put(weight)
	l.mu.Unlock()
}

// weight returns how many places the task takes.
func (n *Node) weight() int {
	if a := n.asked(); a != nil && a.weight > 0 {
		return a.weight
	}
	return 1
}
