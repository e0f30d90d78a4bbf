package engine

import (
	"context"

	"github.com/creche-go/creche/internal/sched"
)

// family has the open scopes that were opened with the context of one task, or of one scope's body.
type family struct {
	mu    sched.Mutex
	first *Scope // linked by kin
	over  bool   // the task, or the scope, has ended; whatever is opened with its context from now on is nobody's
	in    *Scope // that they lie within; this and the next are set before others see the family
	depth uint8  // of that scope
}

// kin is a scope's place in a family, if it has one.
type kin struct {
	of         *family
	prev, next *Scope
}

type ownerKey struct{}

// Place tells s what context it will be opened within, and returns the scope that this lies in, if any: that, or one of its tasks, has a
// context which parent is or derives from.
func (s *Scope) Place(parent context.Context) (within *Scope) {
	s.parent = parent
	s.mortal = parent != context.Background() && parent != context.TODO()
	if !s.mortal {
		return nil
	}
	f, _ := parent.Value(ownerKey{}).(*family)
	if f == nil {
		return nil
	}
	s.kin.of = f
	s.depth = (f.depth + 1) % deep
	return f.in
}

// Within returns the scope that s lies in, if it was not left meanwhile.
func (s *Scope) Within() *Scope {
	if f := s.kin.of; f != nil {
		return f.in
	}
	return nil
}

// deep is how many scopes may lie within each other before one asks to be told of its parent's end: whoever asks a scope for its error
// would have to ask all that it lies within.
const deep = 16

func (s *Scope) joinFamily() {
	f := s.kin.of
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		s.kin.of = nil
		return
	}
	if s.kin.next = f.first; f.first != nil {
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

// end returns the open scopes, the last opened first. No more are entered.
func (f *family) end() (open []*Scope) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
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
func (n *Node) Open() []*Scope { return n.family().end() }

// OpenBelow returns the scopes that were opened with the context of s itself, rather than with that of a task, and are still open. It is
// for the end of the scope.
func (s *Scope) OpenBelow() []*Scope {
	if w := s.wait.Load(); w != nil {
		return w.family.end()
	}
	return nil
}

func (n *Node) family() *family {
	p := &n.extra().family
	if p.Load() == nil {
		p.CompareAndSwap(nil, &family{in: n.scope().Scope, depth: n.scope().depth})
	}
	return p.Load()
}

// lazily returns what p points to, a new one if there is none yet.
func lazily[T any](p *sched.Pointer[T]) *T {
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
