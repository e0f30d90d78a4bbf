package engine

import (
	"context"
	"sync"
	"sync/atomic"
)

// family has the open scopes that were opened with the context of one task, or of one scope's body.
type family struct {
	mu    sync.Mutex
	first *Scope // linked by kin
	over  bool   // the task has ended; whatever is opened with its context from now on is nobody's
}

// kin is a scope's place in a family, if it has one.
type kin struct {
	of         *family
	prev, next *Scope
}

type ownerKey struct{}

// join enters s in the family of the task or scope whose context its parent is or derives from.
func (s *Scope) joinFamily() {
	if !s.mortal {
		return
	}
	f, _ := s.parent.Value(ownerKey{}).(*family)
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return
	}
	s.kin = kin{of: f, next: f.first}
	if f.first != nil {
		f.first.kin.prev = s
	}
	f.first = s
}

// leaveFamily may be called more than once.
func (s *Scope) leaveFamily() {
	k := &s.kin
	if k.of == nil {
		return
	}
	k.of.mu.Lock()
	defer k.of.mu.Unlock()
	switch {
	case k.prev != nil:
		k.prev.kin.next = k.next
	case k.of.first == s:
		k.of.first = k.next
	default:
		return
	}
	if k.next != nil {
		k.next.kin.prev = k.prev
	}
	k.prev, k.next = nil, nil
}

// list returns the open scopes, the last opened first. With over set, no more are entered.
func (f *family) list(over bool) (open []*Scope) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = f.over || over
	for s := f.first; s != nil; s = s.kin.next {
		open = append(open, s)
	}
	return open
}

// HasOpen reports whether the task may have opened a scope. It is for the goroutine of the task.
func (n *Node) HasOpen() bool {
	e := n.ext.Load()
	return e != nil && e.family.Load() != nil
}

// Open returns the scopes that were opened with the task's context and are still open. It is for the end of the task.
func (n *Node) Open() []*Scope { return n.family().list(true) }

// OpenBelow returns the scopes that were opened with the context of s itself, rather than with that of a task, and are still open.
func (s *Scope) OpenBelow() []*Scope {
	if w := s.wait.Load(); w != nil {
		return w.family.list(false)
	}
	return nil
}

func (n *Node) family() *family { return lazily(&n.extra().family) }

// lazily returns what p points to, a new one if there is none yet.
func lazily[T any](p *atomic.Pointer[T]) *T {
	for {
		if x := p.Load(); x != nil {
			return x
		}
		p.CompareAndSwap(nil, new(T))
	}
}

type nodeKey struct{}

// NodeOf returns the task whose context ctx is or derives from, or nil.
func NodeOf(ctx context.Context) *Node {
	n, _ := ctx.Value(nodeKey{}).(*Node)
	return n
}
