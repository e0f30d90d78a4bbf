package timeline

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// event is what happened to a task, or that a scope has ended. With what a slot has besides it fills one cache line.
type event struct {
	at     time.Duration // since the recorder was made
	name   string
	ended  *opening // of a scope that has
	scope  uint32   // its number
	index  int32
	kind   group.EventKind
	state  group.State
	daemon bool
}

// ring is a buffer in which each event takes the place of the oldest. The goroutines that put events meet at a counter only.
type ring struct {
	next  atomic.Uint64
	slots []slot
}

type slot struct {
	mu     sync.Mutex
	number uint64 // of the event, from 1 on
	event  event
}

func (r *ring) put(e event) {
	n := r.next.Add(1)
	s := &r.slots[n%uint64(len(r.slots))]
	s.mu.Lock()
	if s.number < n { // else one of a later round was faster
		s.number, s.event = n, e
	}
	s.mu.Unlock()
}

// events returns what is there, the oldest first, and how many there were before that.
func (r *ring) events() (list []event, dropped uint64) {
	type numbered struct {
		number uint64
		event
	}
	var found []numbered
	for i := range r.slots {
		s := &r.slots[i]
		s.mu.Lock()
		if s.number > 0 {
			found = append(found, numbered{s.number, s.event})
		}
		s.mu.Unlock()
	}
	slices.SortFunc(found, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	for _, f := range found {
		list = append(list, f.event)
	}
	if n := r.next.Load(); n > uint64(len(r.slots)) {
		dropped = n - uint64(len(r.slots))
	}
	return list, dropped
}
