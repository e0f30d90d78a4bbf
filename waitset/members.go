package waitset

import (
	"context"
	"runtime"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/engine"
)

// All of this is called with the lock of the set held, but for await.

// take hands out the first task that is ready.
func (s *WaitSet[H]) take() (h H, ok bool) {
	m := s.lists[ready].first
	if m == nil {
		return h, false
	}
	h = m.handle
	s.forget(m)
	s.recycle(m)
	return h, true
}

func (s *WaitSet[H]) member() *member[H] {
	if s.free == nil {
		block := make([]member[H], min(64, 1+len(s.members)/2))
		for i := range block {
			s.recycle(&block[i])
		}
	}
	m := s.free
	s.free, m.links[all].next = m.links[all].next, nil
	return m
}

// forget takes m out of the set. Its subscription may still be on.
func (s *WaitSet[H]) forget(m *member[H]) {
	delete(s.members, m.node)
	s.lists[all].remove(m, all)
	if m.isReady {
		s.lists[ready].remove(m, ready)
	}
	m.node = nil
}

// recycle keeps m, which nobody else knows any more, for the next task.
func (s *WaitSet[H]) recycle(m *member[H]) {
	*m = member[H]{set: s}
	m.links[all].next = s.free
	s.free = m
}

func (s *WaitSet[H]) signal() {
	if s.sleepers == 0 {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default: // a token is there already
	}
}

// await calls done, with the lock held, until it returns true, the set is empty or ctx has ended. It waits in between. It returns false if
// it was ctx.
func (s *WaitSet[H]) await(ctx context.Context, done func() bool) bool {
	if ctx == nil {
		panic("waitset: the context is nil")
	}
	yielded, ended := false, false
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		over := done() || len(s.members) == 0
		if s.lists[ready].first != nil || len(s.members) == 0 {
			s.signal() // others sleep, and there is something for them
		}
		switch {
		case over || ended:
			return over
		case !yielded:
			// Most often the next task is at hand as soon as others may run: sleeping and being woken costs more.
			yielded = true
			s.mu.Unlock()
			runtime.Gosched()
			s.mu.Lock()
		default:
			ended = !s.sleep(ctx)
		}
	}
}

// sleep returns true when something may have changed, false when ctx has ended. It lets go of the lock meanwhile.
func (s *WaitSet[H]) sleep(ctx context.Context) (again bool) {
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	s.sleepers++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.sleepers--
	}()
	engine.NodeOf(ctx).Lend(func() {
		select {
		case <-s.wake:
			again = true
			s.passOn() // before a place is taken back, which may last
		case <-ctx.Done():
		}
	})
	return again
}

// passOn is for one who was woken and does not look at once.
func (s *WaitSet[H]) passOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sleepers > 1 && (s.lists[ready].first != nil || len(s.members) == 0) {
		s.signal()
	}
}

// list is doubly linked, by those of its members' links that it is for.
type list[H group.Handle] struct{ first, last *member[H] }

// The lists that a member is in.
const (
	all   = iota // in the order in which they came
	ready        // in the order in which they ended
)

type links[H group.Handle] struct{ next, prev *member[H] }

func (l *list[H]) push(m *member[H], by int) {
	x := &m.links[by]
	if x.prev = l.last; x.prev != nil {
		x.prev.links[by].next = m
	} else {
		l.first = m
	}
	l.last = m
}

func (l *list[H]) remove(m *member[H], by int) {
	x := &m.links[by]
	if x.prev != nil {
		x.prev.links[by].next = x.next
	} else {
		l.first = x.next
	}
	if x.next != nil {
		x.next.links[by].prev = x.prev
	} else {
		l.last = x.prev
	}
	*x = links[H]{}
}
