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
	m := s.ready.pop()
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
	s.free, m.next = m.next, nil
	return m
}

// forget takes m out of the set. Its subscription may still be on.
func (s *WaitSet[H]) forget(m *member[H]) {
	delete(s.members, m.node)
	s.all.remove(m)
	m.node = nil
}

// recycle keeps m, which nobody else knows any more, for the next task.
func (s *WaitSet[H]) recycle(m *member[H]) {
	*m = member[H]{set: s, next: s.free}
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
		if s.ready.first != nil || len(s.members) == 0 {
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
	if s.sleepers > 1 && (s.ready.first != nil || len(s.members) == 0) {
		s.signal()
	}
}

// list is doubly linked, by next and prev.
type list[H group.Handle] struct{ first, last *member[H] }

func (l *list[H]) push(m *member[H]) {
	if m.prev = l.last; m.prev != nil {
		m.prev.next = m
	} else {
		l.first = m
	}
	l.last = m
}

func (l *list[H]) remove(m *member[H]) {
	if m.prev != nil {
		m.prev.next = m.next
	} else {
		l.first = m.next
	}
	if m.next != nil {
		m.next.prev = m.prev
	} else {
		l.last = m.prev
	}
	m.next, m.prev = nil, nil
}

// queue is linked by after.
type queue[H group.Handle] struct{ first, last *member[H] }

func (q *queue[H]) push(m *member[H]) {
	if q.last != nil {
		q.last.after = m
	} else {
		q.first = m
	}
	q.last = m
}

func (q *queue[H]) pop() *member[H] {
	m := q.first
	if m != nil {
		q.remove(m)
	}
	return m
}

func (q *queue[H]) remove(m *member[H]) {
	var before *member[H]
	for x := q.first; x != m; x = x.after {
		before = x
	}
	if before != nil {
		before.after = m.after
	} else {
		q.first = m.after
	}
	if q.last == m {
		q.last = before
	}
	m.after = nil
}
