package engine

import (
	"sync/atomic"
	"unsafe"
)

// queue hands tasks from those who submit them to the goroutines that run them, first in, first out. It is a chain of
// slabs: the producer, who holds the scope's lock, publishes a node with a store; consumers claim one with a CAS. Neither
// takes the other's lock.
type queue struct {
	head atomic.Pointer[Slab] // where consumers claim; only moves forward, by whoever finds its slab claimed
	tail *Slab                // where the producer publishes; guarded by the scope's lock
}

// Slab is a row of tasks and a link of the queue. It lies at the start of an allocation of the caller's that holds the tasks
// too, all of one size, with a node at the start of each. So a node finds its slab, and through it the scope, by arithmetic,
// and a task does without the words for both. Init makes it ready.
type Slab struct {
	scope  *Scope
	base   int // index of the first node in the scope
	offset uint32
	stride uint32
	len    int32
	// claim is the next node to run. The CAS that advances it gives the node to one consumer.
	claim atomic.Int32
	// pub counts the nodes that were submitted. Its store publishes the node to those who load it.
	pub atomic.Int32
	// next is cut by the one who moves head past the slab: a handle keeps its slab in memory, not all that came after.
	next atomic.Pointer[Slab]
}

// MaxSlab is how many tasks a slab may hold, and MaxSlabBytes how large it may be.
const (
	MaxSlab      = 64
	MaxSlabBytes = 64 << 10
)

// Init tells s of its tasks: n of the given size, the first of which starts with the node first.
func (s *Slab) Init(first *Node, size uintptr, n int) {
	s.offset = uint32(uintptr(unsafe.Pointer(first)) - uintptr(unsafe.Pointer(s)))
	s.stride = uint32(size)
	s.len = int32(n)
}

func (s *Slab) node(i int32) *Node {
	return (*Node)(unsafe.Add(unsafe.Pointer(s), uintptr(s.offset)+uintptr(i)*uintptr(s.stride)))
}

// mark leaves in the i-th node what it needs to find the slab.
func (s *Slab) mark(i int32) *Node {
	n := s.node(i)
	n.pos = uint8(i)
	n.back = uint16((uintptr(s.offset) + uintptr(i)*uintptr(s.stride)) / wordSize)
	return n
}

const wordSize = unsafe.Sizeof(uintptr(0))

func (n *Node) slab() *Slab {
	return (*Slab)(unsafe.Add(unsafe.Pointer(n), -int(n.back)*int(wordSize)))
}

// add appends a slab. The caller holds the scope's lock.
func (q *queue) add(s *Slab) {
	if q.tail == nil {
		q.head.Store(s)
	} else {
		q.tail.next.Store(s)
	}
	q.tail = s
}

// vacant returns the node that the next put publishes, or nil if there is no slab with room. The caller holds the scope's lock.
func (q *queue) vacant() *Node {
	s := q.tail
	if s == nil {
		return nil
	}
	i := s.pub.Load()
	if i == s.len {
		return nil
	}
	return s.mark(i)
}

// put publishes the vacant node. The caller holds the scope's lock.
func (q *queue) put() {
	q.tail.pub.Store(q.tail.pub.Load() + 1)
}

// cursor is what a consumer remembers of the queue. Reading pub again for each task would have the producer's store wait for
// that cache line each time.
type cursor struct {
	slab *Slab
	pub  int32 // nodes of slab that were published when it last looked
	left bool  // whether some were left unclaimed behind the one that it claimed
}

// pop claims the oldest task, or returns nil if there is none.
func (q *queue) pop(c *cursor) *Node {
	for {
		s := q.head.Load()
		if s != c.slab {
			c.slab, c.pub = s, 0
		}
		if s == nil {
			return nil
		}
		i := s.claim.Load()
		if i >= c.pub {
			if c.pub = s.pub.Load(); i == c.pub {
				if i < s.len || !q.advance(s) {
					return nil
				}
				continue
			}
		}
		if s.claim.CompareAndSwap(i, i+1) {
			c.left = i+1 < c.pub
			return s.node(i)
		}
	}
}

// advance moves head past s, which is claimed to the end, and reports whether there is a slab behind it.
func (q *queue) advance(s *Slab) bool {
	next := s.next.Load()
	if next == nil {
		return q.head.Load() != s // somebody else has cut s off
	}
	if q.head.CompareAndSwap(s, next) {
		s.next.Store(nil)
	}
	return true
}

// empty reports whether every task that was put before the call has been claimed.
func (q *queue) empty() bool {
	for {
		s := q.head.Load()
		if s == nil {
			return true
		}
		if i := s.claim.Load(); i < s.len {
			return i == s.pub.Load()
		}
		if !q.advance(s) {
			return true
		}
	}
}
