package group

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
	"github.com/creche-go/creche/internal/site"
)

// Observer is told what happens in scopes: see [Observe]. The context that it returns is of use for two events: that of [ScopeOpened] is what
// the scope is opened with, and that of [TaskStarted] is what the task's function receives. It must be ctx or derive from
// it, as context.WithValue does; nil is ctx itself. The contexts of later events derive from them, so an observer may leave there what it
// wants to find again.
//
// An observer is called by the goroutines of the program, several at the same time, and keeps them waiting. If it panics the scope is
// cancelled, and Run or Wait panics. (A panic at ScopeOpened goes on in the caller of Run or New.)
type Observer func(ctx context.Context, e Event) context.Context

// Event is what an [Observer] is told of.
type Event struct {
	Kind  EventKind
	Scope ScopeInfo
	// Task is the one that the event is about. Of ScopeOpened it is the one within which the scope was opened, or nil.
	Task Handle
	// State is how a task has ended: Succeeded, Failed, Canceled or NotStarted. Its handle may tell a moment later.
	State State
	// Err is the error of what has ended. That of a task is the one of its function: filters may have taken it away.
	Err error
}

// EventKind is what happened.
type EventKind uint8

// The events.
const (
	// ScopeOpened comes before anything else of the scope, by the goroutine that calls Run or New. The context is the one that was
	// passed to that.
	ScopeOpened EventKind = iota
	// TaskQueued comes when a task has been started by Go or another function, by the goroutine that calls it. That of a task which could
	// run at once may come after its TaskStarted, and even after its TaskEnded.
	TaskQueued
	// TaskStarted comes before the function of a task is called, by the goroutine that calls it.
	TaskStarted
	// TaskEnded comes when the function of a task has returned, by the same goroutine, before anybody else hears of that; and for each
	// task that never began.
	TaskEnded
	// ScopeEnded comes last, when all tasks have ended, by a goroutine that waits for that, before it returns.
	ScopeEnded
)

// String returns the name of the constant.
func (k EventKind) String() string {
	names := [...]string{"ScopeOpened", "TaskQueued", "TaskStarted", "TaskEnded", "ScopeEnded"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("EventKind(%d)", k)
}

// Observe tells o what happens in the scope and, as they are opened with contexts that derive from its own, in the scopes below it. Those may
// have observers of their own beside it; the outermost is told first. Elements of the loops of package iter are not tasks: of a loop only
// its beginning and its end are told.
func Observe(o Observer) Option {
	if o == nil {
		panic("group: Observe needs an observer, got nil")
	}
	return observeOption{o}
}

type observeOption struct{ o Observer }

func (o observeOption) applyScope(p *policy.Scope) { p.Observers = append(p.Observers, o.o) }
func (o observeOption) String() string             { return "group.Observe(" + nameOf(o.o) + ")" }

// ScopeInfo is what an [Observer] may know of a scope. Two are equal if they are of the same scope. It keeps the scope in memory.
type ScopeInfo struct{ s *scope }

// Name returns the name of the scope, or nothing.
func (i ScopeInfo) Name() string { return i.s.policy.Name }

// Opened returns where in the program the scope was opened; for [Run] that is where its body begins.
func (i ScopeInfo) Opened() (file string, line int) { return site.Line(i.s.place()) }

// HasBody reports whether the scope ends with a function, as that of [Run], of a combinator or of a loop does. One that was opened by [New] is
// open until somebody calls Wait.
func (i ScopeInfo) HasBody() bool { return i.s.body }

// String tells name and place.
func (i ScopeInfo) String() string { return i.s.String() }

// Parent returns the observed scope that this one was opened in, whether in a task or in the body, and false if there is none.
func (i ScopeInfo) Parent() (ScopeInfo, bool) {
	if p := i.s.core.Within(); p != nil && scopeOf(p).watched {
		return ScopeInfo{scopeOf(p)}, true
	}
	return ScopeInfo{}, false
}

// Cause returns why the scope was cancelled, or nil if it was not.
func (i ScopeInfo) Cause() error {
	if c := i.s.core.Canceled(); c != nil && c.From != engine.ByEnd {
		return c.Cause
	}
	return nil
}

// observation is what a scope with observers keeps for them.
type observation struct {
	observers []Observer
	ctx       context.Context // the scope's
	over      atomic.Bool     // ScopeEnded was told; whoever sets it tells
}

// observe finds the observers of the scope, which is being opened, and returns the context to open it with.
func (s *scope) observe(ctx context.Context, within *engine.Scope) context.Context {
	var list []Observer
	if within != nil && scopeOf(within).watched {
		if o := scopeOf(within).ledger().observation; o != nil {
			list = o.observers
		}
	}
	for _, o := range s.policy.Observers {
		list = append(list[:len(list):len(list)], o.(Observer))
	}
	if len(list) == 0 {
		return ctx
	}
	o := &observation{observers: list}
	s.ledger().observation, s.watched = o, true
	e := Event{Kind: ScopeOpened, Scope: ScopeInfo{s}, Task: taskAround(ctx)}
	o.ctx = o.tell(ctx, e)
	return o.ctx
}

// taskAround returns the task that ctx is of, or nil.
func taskAround(ctx context.Context) Handle {
	if n := engine.NodeOf(ctx); n != nil {
		if r, ok := n.Runner().(interface{ handleOf(*engine.Node) Handle }); ok {
			return r.handleOf(n)
		}
	}
	return nil
}

// tell returns the context that the observers make of ctx.
func (o *observation) tell(ctx context.Context, e Event) context.Context {
	for _, f := range o.observers {
		if c := f(ctx, e); c != nil {
			ctx = c
		}
	}
	return ctx
}

// told is tell for a scope that is open: it returns, whatever the observers do, but for a runtime.Goexit.
func (s *scope) told(o *observation, ctx context.Context, e Event) (after context.Context) {
	after, e.Scope = ctx, ScopeInfo{s}
	returned := false
	defer func() {
		if !returned {
			name := "Observe"
			s.guarded(recover(), &name)
		}
	}()
	rich := ctx
	for _, f := range o.observers { // tell written out: this is done three times for each task, and the event is large
		if c := f(rich, e); c != nil {
			rich = c
		}
	}
	returned = true
	return rich
}

// observed returns the observation of the tasks of the scope, which is watched, or nil.
func (s *scope) observed() *observation {
	if s.loop {
		return nil
	}
	return s.book.Load().observation
}

// submit ends the submission of t in a scope that is watched.
func (s *scope) submit(m *engine.Machine, t Handle, daemon bool) {
	m.Hold()
	defer m.Release()
	submitted := false
	defer func() {
		if !submitted { // a rule of the user's has left by runtime.Goexit
			s.tellQueued(t)
		}
	}()
	if daemon {
		m.SubmitDaemon(t.handle())
	} else {
		m.Submit()
	}
	submitted = true
	s.tellQueued(t)
}

// queued follows a submission of t that submit has no part in, if it went well. It lets go of the scope, which was held for that.
func (s *scope) queued(m *engine.Machine, t Handle, ok bool) {
	defer m.Release()
	if ok {
		s.tellQueued(t)
	}
}

func (s *scope) tellQueued(t Handle) {
	if o := s.observed(); o != nil {
		s.told(o, o.ctx, Event{Kind: TaskQueued, Task: t})
	}
}

// begin returns the context for the function of t. Until the end of the task it is the task's note, if it is not the task's own.
func (s *scope) begin(t Handle) context.Context {
	n := t.handle()
	ctx := n.Context()
	l := s.book.Load()
	if l.watcher != nil {
		l.watcher.begin(t)
	}
	o := l.observation
	if o == nil || s.loop {
		return ctx
	}
	rich := s.told(o, ctx, Event{Kind: TaskStarted, Task: t})
	if rich == ctx {
		return ctx
	}
	if engine.NodeOf(rich) != n {
		s.blame("Observe", errForeignContext)
		return ctx
	}
	n.SetNote(rich)
	return rich
}

var errForeignContext = errors.New("group: an observer returned a context that does not derive from the one it was given")

// contextOf returns the context that the function of t has had.
func (s *scope) contextOf(t Handle) context.Context {
	n := t.handle()
	if rich, ok := n.Note().(context.Context); ok {
		n.Forget()
		return rich
	}
	return n.Context()
}

// ended follows the function of t, before the machine hears of its end.
func (s *scope) ended(ctx context.Context, t Handle, st engine.State, err error) {
	if o := s.observed(); o != nil {
		s.told(o, ctx, Event{Kind: TaskEnded, Task: t, State: State(st), Err: err})
	}
}

// succeed ends a task whose success nobody but observers has to be told of.
func (s *scope) succeed(t Handle) {
	defer t.handle().End(engine.Succeeded, true) // also if an observer leaves by runtime.Goexit
	if o := s.observed(); o != nil {
		s.told(o, s.contextOf(t), Event{Kind: TaskEnded, Task: t, State: Succeeded})
	}
}

// over follows the end of the scope. Only the first call has an effect.
func (s *scope) over(err error) {
	if o := s.ledger().observation; o != nil && o.over.CompareAndSwap(false, true) {
		s.told(o, o.ctx, Event{Kind: ScopeEnded, Err: err})
	}
}
