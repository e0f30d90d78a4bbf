package group

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// Observer is told what happens in scopes: see [Observe]. The context that it returns is of use for two events: that of [ScopeOpened] is what
// the scope is opened with, and that of [TaskStarted] is what the task's function receives. It must be ctx or derive from
// it, as context.WithValue does; nil is ctx itself. The contexts of later events derive from them, so an observer may leave there what it
// wants to find again.
//
// An observer is called by the goroutines of the program, several at the same time, and keeps them waiting. If it panics the scope is
// cancelled, and Run or Wait panics. (A panic at ScopeOpened goes on in the caller of Run or New.)
type Observer func(ctx context.Context, e Event) context.Context

// Observe tells o what happens in the scope and, as they are opened with contexts that derive from its own, in the scopes below it: events
// of the kinds named, or of all if none is. (What nobody is told of costs nothing.) The scopes below may have observers of their own beside it; the
// outermost is told first. Elements of the loops of package iter are not tasks: of a loop only its beginning and its end are told.
func Observe(o Observer, kinds ...EventKind) Option {
	if o == nil {
		panic("group: Observe needs an observer, got nil")
	}
	var set events
	for _, k := range kinds {
		if k >= eventKinds {
			panic(fmt.Sprintf("group: Observe knows no events of %v", k))
		}
		set |= 1 << k
	}
	if set == 0 {
		set = allEvents
	}
	return observeOption{o, set}
}

type observeOption struct {
	o     Observer
	kinds events
}

func (o observeOption) applyScope(p *policy.Scope) { p.Observers = append(p.Observers, o) }

func (o observeOption) String() string {
	text := "group.Observe(" + nameOf(o.o)
	for k := range eventKinds {
		if o.kinds != allEvents && o.kinds.has(k) {
			text += ", group." + k.String()
		}
	}
	return text + ")"
}

// audience is who has to be told of the events of each kind. It does not change: scopes share it.
type audience [eventKinds][]Observer

// with returns the audience that o belongs to as well.
func (a audience) with(o observeOption) *audience {
	for k := range eventKinds {
		if o.kinds.has(k) {
			a[k] = append(a[k][:len(a[k]):len(a[k])], o.o)
		}
	}
	return &a
}

// kinds returns those that somebody has to be told of.
func (a *audience) kinds() (s events) {
	for k := range eventKinds {
		if len(a[k]) > 0 {
			s |= 1 << k
		}
	}
	return s
}

// observation is what a scope with observers keeps for them.
type observation struct {
	*audience
	ctx  context.Context // the scope's
	over atomic.Bool     // ScopeEnded was told; whoever sets it tells
	// submitting counts tasks of which TaskQueued has not been told. Their scope may have ended meanwhile.
	submitting sync.WaitGroup
}

// observation returns that of the scope, or nil.
func (s *scope) observation() *observation {
	if s.heard&inherited == 0 {
		return nil
	}
	return s.book.Load().observation
}

// observe finds the observers of the scope, which is being opened, and returns the context to open it with.
func (s *scope) observe(ctx context.Context, within *engine.Scope) context.Context {
	a := new(audience)
	if within != nil {
		if o := scopeOf(within).observation(); o != nil {
			a = o.audience
		}
	}
	for _, o := range s.policy.Observers {
		a = a.with(o.(observeOption))
	}
	kinds := a.kinds()
	if kinds == 0 {
		return ctx
	}
	o := &observation{audience: a, ctx: ctx}
	s.ledger().observation = o
	if s.loop {
		kinds &^= ofTasks
	}
	s.heard = kinds | inherited
	e := Event{Kind: ScopeOpened, Scope: ScopeInfo{s}, Task: taskAround(ctx)}
	for _, f := range a[ScopeOpened] {
		if c := f(o.ctx, e); c != nil {
			o.ctx = c
		}
	}
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

// tell returns the context that the observers make of ctx. It returns, whatever they do, but for a runtime.Goexit.
func (s *scope) tell(ctx context.Context, e Event) (after context.Context) {
	o := s.book.Load().observation
	if o == nil { // OnStuck wants to know
		return ctx
	}
	after = ctx
	returned := false
	defer func() {
		if !returned {
			name := "Observe"
			s.guarded(recover(), &name)
		}
	}()
	rich := ctx
	for _, f := range o.audience[e.Kind] {
		if c := f(rich, e); c != nil {
			rich = c
		}
	}
	returned = true
	return rich
}

// queueing announces a submission, which holds the lock, so that the scope has not ended. Then queued has to follow.
func (s *scope) queueing() { s.book.Load().observation.submitting.Add(1) }

// queued tells of the submission of t, if it went well. It is deferred, as rules of the user's may leave that by runtime.Goexit.
func (s *scope) queued(t Handle, ok bool) {
	o := s.book.Load().observation
	defer o.submitting.Done()
	if ok {
		s.tell(o.ctx, Event{Kind: TaskQueued, Scope: ScopeInfo{s}, Task: t})
	}
}

// submit ends the submission of t, which observers hear of.
func (s *scope) submit(m *engine.Machine, t Handle, daemon bool) {
	s.queueing()
	defer s.queued(t, true)
	if daemon {
		m.SubmitDaemon(t.handle())
	} else {
		m.Submit()
	}
}

// begin returns the context for the function of t. It is the task's note until the end of the task is told, if it is not the task's own.
func (s *scope) begin(t Handle) context.Context {
	n := t.handle()
	ctx := n.Context()
	if w := s.book.Load().watcher; w != nil {
		w.begin(t)
	}
	rich := s.tell(ctx, Event{Kind: TaskStarted, Scope: ScopeInfo{s}, Task: t})
	if rich == ctx {
		return ctx
	}
	if engine.NodeOf(rich) != n {
		s.blame("Observe", errForeignContext)
		return ctx
	}
	if s.heard.has(TaskEnded) {
		n.SetNote(rich)
	}
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
	s.tell(ctx, Event{TaskEnded, ScopeInfo{s}, t, State(st), err})
}

// succeed ends a task whose success nobody but observers has to be told of.
func (s *scope) succeed(t Handle) {
	defer t.handle().End(engine.Succeeded, true) // also if an observer leaves by runtime.Goexit
	s.tell(s.contextOf(t), Event{TaskEnded, ScopeInfo{s}, t, Succeeded, nil})
}

// allTold returns when everything was told that comes before the end of the scope, which has ended.
func (s *scope) allTold() {
	if o := s.observation(); o != nil {
		o.submitting.Wait()
	}
}

// over follows the end of the scope, once allTold has returned. Only the first call has an effect.
func (s *scope) over(err error) {
	if o := s.observation(); o != nil && o.over.CompareAndSwap(false, true) {
		s.tell(o.ctx, Event{Kind: ScopeEnded, Scope: ScopeInfo{s}, Err: err})
	}
}
