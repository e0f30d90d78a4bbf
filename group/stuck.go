package group

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/creche-go/creche/internal/policy"
)

// StuckTask is a task that goes on although its scope was cancelled.
type StuckTask struct {
	Name  string
	Index int
	Age   time.Duration // since it began
}

// OnStuck calls f once if tasks still run when the scope's cancellation is d ago: it tells which tasks do not look at their
// context. f is called on a goroutine of its own, which Wait awaits, with the tasks that run then, the oldest first. If it panics, Run or
// Wait does.
func OnStuck(d time.Duration, f func([]StuckTask)) Option {
	switch {
	case d <= 0:
		panic(fmt.Sprintf("group: OnStuck needs d > 0, got %v", d))
	case f == nil:
		panic("group: OnStuck needs a function, got nil")
	}
	return stuckOption{d, f}
}

type stuckOption struct {
	after time.Duration
	f     func([]StuckTask)
}

func (o stuckOption) applyScope(p *policy.Scope) {
	p.OnStuck = policy.OnStuck{After: o.after, Tell: func(tasks []policy.StuckTask) {
		list := make([]StuckTask, len(tasks))
		for i, t := range tasks {
			list[i] = StuckTask(t)
		}
		o.f(list)
	}}
}

func (o stuckOption) String() string {
	return fmt.Sprintf("group.OnStuck(%v, %s)", o.after, nameOf(o.f))
}

// watcher knows which tasks of a scope run.
type watcher struct {
	mu     sync.Mutex
	begun  map[Handle]time.Time
	timer  *time.Timer
	called chan struct{} // closed when the timer's function has returned
	over   bool

	prevent func() bool   // that the cancellation is heard of
	heard   chan struct{} // closed when that was done
}

// watch arranges for OnStuck.
func (s *scope) watch() {
	w := &watcher{begun: map[Handle]time.Time{}, called: make(chan struct{}), heard: make(chan struct{})}
	s.ledger().watcher = w
	if !s.loop { // whose elements are no tasks
		s.heard |= 1<<TaskStarted | 1<<TaskEnded
	}
	hear := func() {
		defer close(w.heard)
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.over {
			w.timer = time.AfterFunc(s.policy.OnStuck.After, func() {
				defer close(w.called)
				s.tellStuck(w)
			})
		}
	}
	if s.core.Poll() != nil {
		w.prevent = func() bool { return false }
		hear() // AfterFunc would do it on a goroutine of its own
		return
	}
	w.prevent = s.core.AfterFunc(hear)
}

func (s *scope) tellStuck(w *watcher) {
	now := time.Now()
	var list []policy.StuckTask
	w.mu.Lock()
	for t, begun := range w.begun {
		list = append(list, policy.StuckTask{Name: t.Name(), Index: t.Index(), Age: now.Sub(begun)})
	}
	w.mu.Unlock()
	if len(list) == 0 {
		return
	}
	slices.SortFunc(list, func(a, b policy.StuckTask) int {
		return cmp.Or(cmp.Compare(b.Age, a.Age), cmp.Compare(a.Index, b.Index))
	})
	name := "OnStuck"
	defer s.guard(&name)
	s.policy.OnStuck.Tell(list)
	name = ""
}

// begin and end frame the function of each task. There may be no watcher, but observers.
func (w *watcher) begin(t Handle) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun[t] = time.Now()
}

func (w *watcher) end(t Handle) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.begun, t)
}

// stop returns when the timer's function has returned or never will be called. It may be called again.
func (w *watcher) stop() {
	w.mu.Lock()
	first := !w.over
	w.over = true
	t := w.timer
	w.mu.Unlock()
	if first && w.prevent() {
		close(w.heard)
	}
	<-w.heard
	switch {
	case t == nil:
	case t.Stop():
		close(w.called)
	default:
		<-w.called
	}
}
