package group

import (
	"context"
	"errors"
	"sync"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// Start starts a task in the scope s and waits until it is ready: fn says so by calling ready, with a value that Start returns. It is for
// a task that has to listen on a port, say, before others can go on.
//
// Until it is ready the task is the caller's: it is cancelled when ctx ends, and its error, or panic, is that of Start alone. From then
// on it is a task of the scope like another, and does not notice the end of ctx. The scope awaits it in any case, and cancels it
// when it is cancelled itself.
//
// ready returns true if the task now belongs to the scope. It returns false if ctx has ended before; fn should return then, and Start
// returns once it has. If fn returns nil all the same, after it called ready, Start succeeds. To call ready again after it returned
// true panics. A function that returns nil without being ready makes Start return [ErrNotReady].
//
// Under a [Limit] the task waits its turn; a task of the same scope that calls Start keeps its place meanwhile, which may be the one that
// is needed.
//
// When ctx ended, the error is its cause, joined with an error of fn's own. When s was cancelled before the task began, it wraps
// [ErrNotStarted].
func Start[V any](ctx context.Context, s Scope, fn func(ctx context.Context, ready func(V) bool) error, opts ...TaskOption) (V, error) {
	switch {
	case ctx == nil:
		panic("group: Start needs a context, got nil")
	case s == nil:
		panic("group: Start needs a scope, got nil")
	}
	p := checkTask("Start", fn == nil, opts)
	if err := ctx.Err(); err != nil {
		var none V
		return none, engine.EndError(err, context.Cause(ctx))
	}
	h := &handshake[V]{s: s.scope(), caller: ctx, fn: fn, over: make(chan struct{})}
	h.slab.Init(&h.task.node, unsafe.Sizeof(h.task), 1)
	m := h.s.lock("Start", ctx, p)
	if m == nil {
		var none V
		return none, engine.EndError(ctx.Err(), context.Cause(ctx))
	}
	nameAfter(&h.task.node, fn)
	h.task.ask(p)
	h.submit(m)

	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		if h.move(caller, abandoned) {
			h.task.Cancel(context.Cause(ctx))
		}
	})
	engine.NodeOf(ctx).Lend(func() { <-h.over })
	if !stop() {
		<-told // nothing outlives the call
	}
	return h.result()
}

func (h *handshake[V]) submit(m *engine.Machine) {
	if h.s.heard.has(TaskQueued) {
		h.s.queueing()
		defer h.s.queued(&h.task, true)
	}
	m.SubmitForeign(&h.slab, h)
}

// handshake is a task until it is ready, and its runner.
type handshake[V any] struct {
	slab   engine.Slab
	task   Task[V]
	s      *scope
	caller context.Context
	fn     func(ctx context.Context, ready func(V) bool) error
	over   chan struct{} // closed when Start may return

	mu      sync.Mutex
	owner   owner
	offered bool // ready was called, and value set
	value   V
	err     error
	how     leaving
	refused bool // it never began
}

// owner is whose a task is. It changes once: whoever is first decides.
type owner uint8

const (
	caller    owner = iota
	adopted         // the scope's
	abandoned       // the caller's, whose context has ended
	finished        // the caller's, and it has ended
)

func (h *handshake[V]) move(from, to owner) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.owner != from {
		return false
	}
	h.owner = to
	return true
}

func (h *handshake[V]) ready(v V) bool {
	over := h.caller.Err() != nil // user's code, perhaps
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.owner == adopted:
		panic("group: ready called twice")
	case h.owner == caller && !over:
		h.owner, h.value, h.offered = adopted, v, true
		close(h.over)
		return true
	}
	if !h.offered {
		h.value, h.offered = v, true
	}
	return false
}

// Run implements engine.Runner.
func (h *handshake[V]) Run(*engine.Node) {
	err := errLeft
	defer h.end(&err)
	ctx := h.task.node.Context()
	if h.s.heard.has(TaskStarted) {
		ctx = h.s.begin(&h.task)
	}
	fn := h.fn
	h.fn = nil
	err = fn(ctx, h.ready)
}

// end is to Run what that of a task is to its run.
func (h *handshake[V]) end(errp *error) {
	err, how := *errp, returned
	if err == errLeft {
		switch {
		case h.s.policy.Panic != policy.Crash:
			how, err = h.task.left(recover())
		case goexiting():
			how, err = h.task.left(nil)
		default:
			h.task.node.Hold()
			return
		}
	}
	if h.s.heard.has(TaskEnded) {
		h.s.ledger().watcher.end(&h.task)
	}
	h.mu.Lock()
	mine := h.owner != adopted
	if h.owner == caller {
		h.owner = finished
	}
	h.mu.Unlock()
	if !mine {
		h.task.finish(h.s, err, how)
		return
	}
	if h.task.node.HasOpen() {
		how, err = h.s.leftOpen(&h.task, err, how)
	}
	h.leave(engine.Canceled, err, how)
}

func (h *handshake[V]) handleOf(*engine.Node) Handle { return &h.task }

// Refuse implements engine.Runner.
func (h *handshake[V]) Refuse(_ *engine.Node, c *engine.Cancellation) {
	h.fn, h.refused = nil, true
	h.move(caller, finished)
	h.leave(engine.NotStarted, &notStarted{engine.EndError(c.Err, c.Cause)}, returned)
}

// leave ends a task that never was the scope's: neither filters nor rule are asked.
func (h *handshake[V]) leave(st engine.State, err error, how leaving) {
	h.err, h.how = err, how
	defer close(h.over)
	defer h.s.finish(&outcome{task: &h.task, state: st}, false)
	if h.s.heard.has(TaskEnded) {
		h.s.ended(h.s.contextOf(&h.task), &h.task, st, err)
	}
	h.task.node.SetNote(err)
}

// result is for the goroutine of Start, once over is closed.
func (h *handshake[V]) result() (V, error) {
	h.mu.Lock()
	owner := h.owner
	h.mu.Unlock()
	var none V
	switch {
	case owner == adopted:
		return h.value, nil
	case h.how == panicked:
		panic(h.err)
	case h.err == nil && h.offered:
		return h.value, nil
	case h.err == nil && owner == finished:
		return none, ErrNotReady
	}
	return none, h.failure(owner)
}

// failure returns the error of a task that did not become ready: the cancellation instead of its echo.
func (h *handshake[V]) failure(owner owner) error {
	err := h.err
	e := echo{known: h.s.policy.Filters.Echo, asking: func(string) {}}
	if e.Cancellation = h.task.node.Canceled(); owner == abandoned {
		ended := engine.EndError(h.caller.Err(), context.Cause(h.caller))
		if err == nil || h.refused || e.Cancellation != nil && e.real(err) == nil {
			return ended
		}
		return errors.Join(ended, err)
	}
	if h.refused {
		return err
	}
	if e.Cancellation = h.s.core.Canceled(); e.Cancellation != nil && e.real(err) == nil {
		return engine.EndError(e.Err, e.Cause)
	}
	return err
}
