package group

import (
	"context"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// Go starts a task that calls fn, and returns its handle. It never blocks (but see [Queue]): under a [Limit] the task waits its turn. The context
// that fn receives is the task's own: it ends when the scope or this task is cancelled, and when the task ends.
//
// In a scope that has been cancelled fn is not called, and the task ends as [NotStarted]. Go may be called as
// long as the scope is open, also while its owner waits; after the end it panics.
func (g *TaskGroup[T]) Go(fn func(ctx context.Context) (T, error), opts ...TaskOption) *Task[T] {
	return g.start("Go", fn, 0, checkTask("Go", fn == nil, opts))
}

// Do is Go for a function without a value: Wait returns none for it, and the value of the handle is zero.
func (g *TaskGroup[T]) Do(fn func(ctx context.Context) error, opts ...TaskOption) *Task[T] {
	return g.start("Do", disguised[T](fn), engine.NoValue, checkTask("Do", fn == nil, opts))
}

// TryGo is Go if the task can start at once. It returns false, and starts nothing, if the limit leaves no room or the scope has been
// cancelled.
func (g *TaskGroup[T]) TryGo(fn func(ctx context.Context) (T, error), opts ...TaskOption) (t *Task[T], ok bool) {
	p := checkTask("TryGo", fn == nil, opts)
	if g.s.core.Opened() && g.s.core.Poll() != nil && !g.s.core.Ended() {
		return nil, false
	}
	if p.Daemon { // no limit is in its way
		return g.start("TryGo", fn, 0, p), true
	}
	m := g.s.lock("TryGo", engine.Impatient, p)
	if g.s.heard.has(TaskQueued) {
		g.s.queueing()
		defer func() { g.s.queued(t, ok) }()
	}
	ok = m.TrySubmit(max(1, p.Weight), func(n *engine.Node) {
		g.s.valued = true
		t = taskOf[T](n)
		t.prepare(fn, p)
	})
	return t, ok
}

// Next returns the next completed task of the group that nobody has taken, in the order in which they ended, and takes it: it
// belongs to the caller now, and Wait tells neither its value nor its failure (unless that ended the scope). If there is none, Next
// waits for one. It returns false when no task is left that could come, or when ctx has ended and none is there; then nothing is
// lost, Next may be called again, and what nobody takes is Wait's.
//
// Tasks of Go and Do of this group come, whatever their end, also those that were cancelled or never began: [Task.State] tells. What
// the task did happens
// before the return. Several goroutines may call Next: each task goes to one of them.
//
//	for t, ok := g.Next(ctx); ok; t, ok = g.Next(ctx) {
//		v, err := t.Result()
//		...
//	}
//	return ctx.Err()
//
// In the body of [Run] this loop stops early when the scope is cancelled, as it is under [FailFast] by the first failure. Hence the last
// line: if the tasks that still ran succeed, nothing else would tell that the loop was cut short; if something failed, it adds nothing.
// To see every task whatever happens, give Next a context that does not end with the scope, or use package waitset.
func (g *TaskGroup[T]) Next(ctx context.Context) (*Task[T], bool) {
	if ctx == nil {
		panic("group: Next needs a context, got nil")
	}
	g.s.check()
	if g.s.policy.Discard {
		panic("group: Next on a scope that discards: it keeps no tasks to take")
	}
	if n := g.s.core.Take(ctx); n != nil {
		return taskOf[T](n), true
	}
	return nil, false
}

// Go starts a task of another type in the scope s, which may be any [*TaskGroup]. It is a task of that scope like the others, but
// neither Next nor the values of Wait tell of it: its result is there for whoever has the handle. Its failures are the scope's.
func Go[U any](s Scope, fn func(ctx context.Context) (U, error), opts ...TaskOption) *Task[U] {
	if s == nil {
		panic("group: Go needs a scope, got nil")
	}
	p := checkTask("Go", fn == nil, opts)
	c := s.scope()
	t := &foreignTask[U]{s: c}
	t.slab.Init(&t.task.node, unsafe.Sizeof(t.task), 1)
	m := c.lock("Go", context.Background(), p)
	t.task.prepare(fn, p)
	if c.heard.has(TaskQueued) {
		c.queueing()
		defer c.queued(&t.task, true)
	}
	m.SubmitForeign(&t.slab, t)
	return &t.task
}

func (g *TaskGroup[T]) start(caller string, fn func(context.Context) (T, error), flags engine.Flags, p *policy.Task) *Task[T] {
	m := g.s.lock(caller, context.Background(), p)
	if flags&engine.NoValue == 0 && !g.s.valued { // all workers read this line
		g.s.valued = true
	}
	t := taskOf[T](m.New())
	t.prepare(fn, p)
	t.node.Set(flags)
	switch {
	case g.s.heard.has(TaskQueued):
		g.s.submit(m, t, p.Daemon)
	case p.Daemon:
		m.SubmitDaemon(&t.node)
	default:
		m.Submit()
	}
	return t
}

// plainTask is the policy of a task without options.
var plainTask policy.Task

func checkTask(caller string, none bool, opts []TaskOption) *policy.Task {
	if none {
		panic("group: " + caller + " needs a function, got nil")
	}
	if len(opts) == 0 {
		return &plainTask
	}
	return taskPolicy(opts)
}
