package debug

import "sync"

// family has the scopes of the tree that were opened within one and have not ended, in the order in which they were opened.
type family struct {
	mu          sync.Mutex
	first, last *node
	over        bool
}

// sibling is a node's place in its family. It is guarded by the family's lock.
type sibling struct {
	prev, next *node
	in         bool
}

// add returns false if the scope above has ended.
func (f *family) add(n *node) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return false
	}
	n.in = true
	if n.prev = f.last; n.prev == nil {
		f.first = n
	} else {
		n.prev.next = n
	}
	f.last = n
	return true
}

// remove returns false if n is not there any more.
func (f *family) remove(n *node) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !n.in {
		return false
	}
	if n.prev == nil {
		f.first = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		f.last = n.prev
	} else {
		n.next.prev = n.prev
	}
	n.sibling = sibling{}
	return true
}

// close empties a family whose scope has ended. Those that are left, as nobody has tied them to it, become roots.
func (f *family) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
	for n := f.first; n != nil; n = f.first {
		f.first = n.next
		n.sibling = sibling{}
		roots.add(n) // with the lock, so that n cannot leave before it is there
	}
	f.last = nil
}

func (f *family) list() (ns []*node) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := f.first; n != nil; n = n.next {
		ns = append(ns, n)
	}
	return ns
}
