package engine

import "sync/atomic"

const (
	slabSize  = 64
	firstSlab = 4
)

// queue hands tasks from those who submit them to the goroutines that run them, first in, first out. It is a chain of
// slabs: the producer, who holds the scope's lock, publishes a slot with a store; consumers claim one with a CAS. Neither
// takes the other's lock. A slab that is claimed to the end is garbage.
type queue struct {
	head  atomic.Pointer[slab] // where consumers claim; only moves forward, by whoever finds its slab claimed
	tail  *slab                // where the producer publishes; guarded by the scope's lock
	first slab
	array [firstSlab]*Node
}

type slab struct {
	// claim is the next slot to run. The CAS that advances it gives the slot to one consumer.
	claim atomic.Int32
	_     [44]byte // the producer's line and the consumers' are not the same
	// pub counts the slots that are filled. Its store publishes the slot to those who load it.
	pub  atomic.Int32
	next atomic.Pointer[slab]
	slot []*Node
}

type fullSlab struct {
	slab
	array [slabSize]*Node
}

func (q *queue) init() {
	q.first.slot = q.array[:]
	q.tail = &q.first
	q.head.Store(&q.first)
}

// put appends n. The caller holds the scope's lock.
func (q *queue) put(n *Node) {
	s := q.tail
	i := s.pub.Load()
	if int(i) == len(s.slot) {
		t := &fullSlab{}
		t.slot = t.array[:]
		s.next.Store(&t.slab)
		q.tail, s, i = &t.slab, &t.slab, 0
	}
	s.slot[i] = n
	s.pub.Store(i + 1)
}

// pop claims the oldest task, or returns nil if there is none.
func (q *queue) pop() *Node {
	for {
		s := q.head.Load()
		i := s.claim.Load()
		switch {
		case int(i) == len(s.slot):
			next := s.next.Load()
			if next == nil {
				return nil
			}
			q.head.CompareAndSwap(s, next)
		case i == s.pub.Load():
			return nil
		case s.claim.CompareAndSwap(i, i+1):
			n := s.slot[i]
			s.slot[i] = nil
			return n
		}
	}
}

// empty reports whether every task that was put before the call has been claimed.
func (q *queue) empty() bool {
	s := q.head.Load()
	for int(s.claim.Load()) == len(s.slot) {
		if s = s.next.Load(); s == nil {
			return true
		}
	}
	return s.claim.Load() == s.pub.Load()
}
