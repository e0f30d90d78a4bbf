package timeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/site"
)

// Recorder notes what happens in scopes, for as long as there is room. It is safe for concurrent use, also while its pictures are written.
type Recorder struct {
	began time.Time
	ring  ring

	mu   sync.Mutex
	last uint32              // the number of the scope that was opened last
	open map[uint32]*opening // by their numbers
}

// New returns a recorder with room for so many events, of which a task has three, and a scope one when it has ended. A buffer that is full loses
// its oldest event with each new one; what is written says how many these were. The room is taken at once: 64 bytes an event.
func New(events int) *Recorder {
	if events < 1 {
		panic(fmt.Sprintf("timeline: New needs room for an event at least, got %d", events))
	}
	return &Recorder{began: time.Now(), ring: ring{slots: make([]slot, events)}, open: map[uint32]*opening{}}
}

// opening is what is known of a scope. It keeps nothing of it in memory, but for the task that opened it, as long as that runs.
type opening struct {
	number, parent uint32 // of the scope that this one lies in, or 0
	task           int32  // the index of the parent's task that opened it, or -1
	around         group.Handle
	name           string
	opened, ended  time.Duration
	state          group.State // Running until it has ended
}

// recorded is the context of a scope.
type recorded struct {
	context.Context
	by   *Recorder
	info group.ScopeInfo
	*opening
}

func (s *recorded) Value(key any) any {
	if key == s.by {
		return s
	}
	return s.Context.Value(key)
}

// Observe records what happens in the scope and in those below it:
//
//	group.Run(ctx, body, r.Observe())
//
// It does no harm if a scope has it twice.
func (r *Recorder) Observe() group.Option { return group.Observe(r.observe) }

func (r *Recorder) observe(ctx context.Context, e group.Event) context.Context {
	now := time.Since(r.began)
	s, _ := ctx.(*recorded)
	if s == nil || s.by != r {
		s, _ = ctx.Value(r).(*recorded)
	}
	if e.Kind == group.ScopeOpened {
		if s != nil && s.info == e.Scope {
			return nil
		}
		return &recorded{ctx, r, e.Scope, r.enter(s, e, now)}
	}
	if s == nil || s.info != e.Scope {
		return nil // another observer has left our context out
	}
	if e.Kind == group.ScopeEnded {
		r.leave(s.number, now, e.Err)
		return nil
	}
	t := e.Task
	r.ring.put(event{at: now, scope: s.number, index: int32(t.Index()), name: t.Name(), daemon: t.IsDaemon(), kind: e.Kind, state: e.State})
	return nil
}

func (r *Recorder) enter(above *recorded, e group.Event, now time.Duration) *opening {
	o := &opening{task: -1, around: e.Task, name: site.Title(e.Scope), opened: now, state: group.Running}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	o.number = r.last
	r.open[o.number] = o
	// What is opened with a context that has outlived its task or scope lies in none.
	_, nested := e.Scope.Parent()
	if !nested || above == nil || r.open[above.number] == nil || e.Task != nil && e.Task.State() >= group.Succeeded {
		return o
	}
	o.parent = above.number
	if e.Task != nil && e.Task != above.around { // otherwise it is the parent that lies in the task, and this one in the parent's body
		o.task = int32(e.Task.Index())
	}
	return o
}

func (r *Recorder) leave(number uint32, now time.Duration, err error) {
	r.mu.Lock()
	o := r.open[number]
	delete(r.open, number)
	r.mu.Unlock()
	if o == nil {
		return
	}
	ended := *o
	ended.around, ended.ended, ended.state = nil, now, stateOf(err)
	r.ring.put(event{at: now, kind: group.ScopeEnded, scope: number, ended: &ended})
}

// stateOf returns what has become of a scope with this error. One that only tells of a cancellation from above has not failed.
func stateOf(err error) group.State {
	if err == nil {
		return group.Succeeded
	}
	var e *group.Error
	if !errors.As(err, &e) || e.Omitted > 0 {
		return group.Failed
	}
	for _, f := range e.Failures {
		if f.Index >= 0 || f.Name != "context" {
			return group.Failed
		}
	}
	return group.Canceled
}

// scopes returns what is known of the scopes that are open.
func (r *Recorder) scopes() (list []*opening) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.open {
		list = append(list, o)
	}
	return list
}
