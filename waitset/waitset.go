package waitset

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/engine"
)

// WaitSet is a set of tasks, of one scope or of several, each of which it hands out once, when it has ended. It is for those who wait
// for some tasks and not for all of a group: for one group, [Completed] needs no set.
//
// A set of one type of tasks is a WaitSet[*group.Task[T]]; a WaitSet[group.Handle] takes tasks of all types, which the caller tells apart
// by comparing handles. A task may be in several sets at a time. A set owns nothing: its tasks belong to their scopes, and it needs no
// closing. Tasks that have not ended keep the sets in memory that they are in, and a group keeps its tasks for Next and Wait although a
// set has handed them out.
//
// The zero value is an empty set. A set must not be copied. Its methods may be called from several goroutines; each task goes to one of
// those who take. What a task did happens before it is handed out.
type WaitSet[H group.Handle] struct {
	mu       sync.Mutex
	members  map[*engine.Node]*member[H]
	lists    [2]list[H] // all, and those that are ready
	free     *member[H] // linked as all
	sleepers int
	wake     chan struct{} // one token: something has changed, whoever receives it looks and passes it on if need be
}

// member is a task in a set.
type member[H group.Handle] struct {
	sub     engine.Subscription
	set     *WaitSet[H]
	handle  H
	node    *engine.Node
	links   [2]links[H]
	isReady bool
}

// New returns a set of tasks. Those that have ended come first, in the order given.
func New[H group.Handle](hs ...H) *WaitSet[H] {
	s := new(WaitSet[H])
	s.Add(hs...)
	return s
}

// Add puts tasks into the set. It does nothing for those that are in it. It may be called while others wait for the set, or range over it:
// they see the new ones too.
func (s *WaitSet[H]) Add(hs ...H) {
	for i, h := range hs {
		node := engine.HandleNode(h)
		if node == nil {
			panic(fmt.Sprintf("waitset: handle %d is nil", i))
		}
		s.add(h, node)
	}
}

func (s *WaitSet[H]) add(h H, node *engine.Node) {
	s.mu.Lock()
	if s.members[node] != nil {
		s.mu.Unlock()
		return
	}
	if s.members == nil {
		s.members = map[*engine.Node]*member[H]{}
	}
	m := s.member()
	m.handle, m.node = h, node
	s.members[node] = m
	s.lists[all].push(m, all)
	// Without the lock, as the task may end meanwhile and tell the set. Nobody else forgets the member before it is ready, but Remove.
	s.mu.Unlock()
	if !node.Subscribe(&m.sub, m) {
		m.Ended()
	}
}

// Ended implements engine.Subscriber.
func (m *member[H]) Ended() {
	s := m.set
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.node == nil { // removed meanwhile
		s.recycle(m)
		return
	}
	m.isReady = true
	s.lists[ready].push(m, ready)
	s.signal()
}

// Remove takes a task out of the set and reports whether it was in it. The task is not cancelled.
func (s *WaitSet[H]) Remove(h H) bool {
	node := engine.HandleNode(h)
	if node == nil {
		panic("waitset: handle is nil")
	}
	s.mu.Lock()
	m := s.members[node]
	if m == nil {
		s.mu.Unlock()
		return false
	}
	s.forget(m)
	ended := m.isReady
	if ended {
		s.recycle(m)
	}
	s.signal() // it may have been the last that somebody waits for
	s.mu.Unlock()
	if !ended && node.Unsubscribe(&m.sub) {
		s.mu.Lock()
		s.recycle(m)
		s.mu.Unlock()
	}
	return true
}

// Len returns how many tasks are in the set: those that have not ended, and those that nobody has taken.
func (s *WaitSet[H]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.members)
}

// TryNext takes the task that ended first, if one has. It does not wait.
func (s *WaitSet[H]) TryNext() (h H, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take()
}

// Next takes the task that ended first, and waits for one if there is none. It returns false if the set is empty, or when ctx ends
// before; then nothing is lost, and Next may be called again.
func (s *WaitSet[H]) Next(ctx context.Context) (h H, ok bool) {
	s.await(ctx, func() bool {
		h, ok = s.take()
		return ok
	})
	return h, ok
}

// All returns an iterator over the tasks of the set, which takes each as [WaitSet.Next] does, until the set is empty or ctx ends. Tasks that are
// added meanwhile come too. Leaving the loop leaves the other tasks in the set; the iterator may be used again, and goes on with those.
func (s *WaitSet[H]) All(ctx context.Context) iter.Seq[H] {
	return func(yield func(H) bool) {
		for {
			h, ok := s.Next(ctx)
			if !ok || !yield(h) {
				return
			}
		}
	}
}
