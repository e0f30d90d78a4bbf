package engine

import (
	"unsafe"

	"github.com/creche-go/creche/internal/sched"
)

// The queue hands tasks from those who submit them to the goroutines that run them, first in, first out. Tasks are numbered in
// the order of submission. The producer, who holds the scope's lock, publishes the next one with a store; consumers claim one with
// a CAS. Neither takes the other's lock. The tasks lie in a chain of slabs.

// queueTail is what producers write; it is kept apart from what consumers write.
type queueTail struct {
	// pub counts the tasks that were submitted. Its store publishes the task, and the slab that it lies in, to those who load it.
	pub     sched.Int64
	slab    *Slab // where the producer publishes; guarded by the scope's lock
	foreign int64 // tasks of other types among them; guarded by the scope's lock
}

// queueHead is what consumers write.
type queueHead struct {
	// claim is the number of the next task to run. The CAS that advances it gives the task to one consumer.
	claim sched.Int64
	slab  sched.Pointer[Slab] // where consumers claim; only moves forward, by whoever finds it claimed
}

// Slab is a row of tasks and a link of the queue. It lies at the start of an allocation of the caller's that holds the tasks
// too, all of one size, with a node at the start of each. So a node finds its slab, and through it the scope, by arithmetic,
// and a task does without the words for both. Init makes it ready.
type Slab struct {
	scope *Machine
	base  int64 // number of the first task
	// next is cut by the one who moves the head past the slab: a handle keeps its slab in memory, not all that came after.
	next sched.Pointer[Slab]
	// inverse is 2³² by the stride, rounded up: to multiply is faster than to divide.
	inverse uint32
	stride  uint16
	offset  uint8
	len     uint8
}

// Init tells s of its tasks: n of the given size, the first of which starts with the node first. If there are several, their size is less
// than 64 KiB; there are no more than 255.
func (s *Slab) Init(first *Node, size uintptr, n int) {
	s.offset = uint8(uintptr(unsafe.Pointer(first)) - uintptr(unsafe.Pointer(s)))
	s.len = uint8(n)
	if n > 1 {
		s.stride = uint16(size)
		s.inverse = uint32((1<<32 + uint64(size) - 1) / uint64(size))
	}
}

// index returns the place of the node that lies so many bytes behind the slab.
func (s *Slab) index(back uint32) int {
	return int(uint64(back-uint32(s.offset)) * uint64(s.inverse) >> 32)
}

func (s *Slab) node(i int64) *Node {
	return (*Node)(unsafe.Add(unsafe.Pointer(s), uintptr(s.offset)+uintptr(i)*uintptr(s.stride)))
}

// mark leaves in the i-th node what it needs to find the slab.
func (s *Slab) mark(i int64) *Node {
	n := s.node(i)
	n.word |= (uint32(s.offset) + uint32(i)*uint32(s.stride)) << (backShift - wordShift)
	return n
}

const wordShift = 2 // nodes are aligned to 4 bytes at least

// back returns how many bytes the node lies behind its slab.
func (n *Node) back() uint32 { return sched.LoadUint32(&n.word) >> backShift << wordShift }

func (n *Node) slab() *Slab { return (*Slab)(unsafe.Add(unsafe.Pointer(n), -int(n.back()))) }

// vacant returns the node that the next put publishes, or nil if the slab has no room. The caller holds the scope's lock.
func (q *queueTail) vacant() *Node {
	s := q.slab
	i := q.pub.Load() - s.base
	if i == int64(s.len) {
		return nil
	}
	return s.mark(i)
}

// put publishes the vacant node and returns it. The caller holds the scope's lock.
func (q *queueTail) put() *Node {
	i := q.pub.Load()
	q.pub.Store(i + 1)
	return q.slab.node(i - q.slab.base)
}

// append adds a slab. The caller holds the lock, or nobody else knows the machine yet.
func (s *Machine) append(slab *Slab) {
	slab.scope, slab.base = s, s.tail.pub.Load()
	if s.tail.slab == nil {
		s.head.slab.Store(slab)
	} else {
		s.tail.slab.next.Store(slab)
	}
	s.tail.slab = slab
}

// cursor is what a consumer remembers of the queue. Reading pub again for each task would have the producer's store wait for
// that cache line each time.
type cursor struct {
	pub  int64 // when it last looked
	left bool  // whether tasks were left unclaimed behind the one that it claimed
}

// pop claims the oldest task, or returns nil if there is none.
func (s *Machine) pop(c *cursor) *Node {
	q := &s.head
	for {
		i := q.claim.Load()
		if i >= c.pub {
			if c.pub = s.tail.pub.Load(); i == c.pub {
				return nil
			}
		}
		slab := q.slab.Load()
		switch {
		case i >= slab.base+int64(slab.len):
			q.advance(slab)
		case q.claim.CompareAndSwap(i, i+1): // not if others have claimed since, and the slab is a later one
			c.left = i+1 < c.pub
			if s.room != nil {
				s.room.claimed()
			}
			return slab.node(i - slab.base).resolve()
		}
	}
}

// oldest returns the task that the next pop would claim, if nobody is faster, and its number.
func (s *Machine) oldest() (*Node, int64) {
	for {
		slab, i := s.head.slab.Load(), s.head.claim.Load()
		switch {
		case i == s.tail.pub.Load():
			return nil, i
		case i < slab.base: // others have claimed since
		case i < slab.base+int64(slab.len):
			return slab.node(i - slab.base).resolve(), i
		default:
			s.head.advance(slab)
		}
	}
}

// advance leaves a slab of which everything has been claimed, unless somebody else was faster.
func (q *queueHead) advance(slab *Slab) {
	if next := slab.next.Load(); next != nil && q.slab.CompareAndSwap(slab, next) {
		slab.next.Store(nil) // whoever keeps a task of this one does not keep those that follow
	}
}

// skipBegun claims the oldest tasks as long as they do not wait for their turn: they were refused while they were queued, or begun
// without it. So nobody needs a place for that; and it makes no room, as such tasks take none.
func (s *Machine) skipBegun() {
	for n, i := s.oldest(); n != nil && n.stage() != Queued; n, i = s.oldest() {
		s.head.claim.CompareAndSwap(i, i+1)
	}
}

// severalLeft reports whether more than one task waits to be claimed.
func (s *Machine) severalLeft() bool {
	i := s.head.claim.Load() // first, as in empty
	return s.tail.pub.Load() > i+1
}

// empty reports whether every task that was submitted before the call has been claimed.
func (s *Machine) empty() bool {
	// In this order: what is published in between makes it false, which is what the caller has to assume anyway.
	i := s.head.claim.Load()
	return i == s.tail.pub.Load()
}
