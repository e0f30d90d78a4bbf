package group

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
	"github.com/creche-go/creche/internal/seam"
)

func init() {
	seam.Check = func(ctx context.Context, caller string, opts any) {
		if ctx == nil {
			panic("iter: " + caller + " needs a context, got nil")
		}
		list, _ := opts.([]Option)
		checkOptions(list)
	}
	seam.Open = func(ctx context.Context, caller string, fn any, opts any) seam.Loop {
		l := &loop{code: reflect.ValueOf(fn).Pointer()}
		l.s = &l.g.s
		list, _ := opts.([]Option)
		seam.Check(ctx, caller, opts)
		l.s.opened, l.s.body, l.s.loop = l.code, true, true
		l.s.open(ctx, caller, (*runner[struct{}])(&l.g), list)
		return l
	}
}

// loop is the scope of a parallel loop.
type loop struct {
	g    TaskGroup[struct{}]
	s    *scope
	code uintptr // of the function
}

func (l *loop) Context() context.Context              { return l.s.core.Context() }
func (l *loop) Limit() int                            { return l.s.policy.Limit }
func (l *loop) Shared() bool                          { return l.s.policy.Limiter != nil }
func (l *loop) Watches() bool                         { return l.s.policy.Rule.Kind >= policy.UntilSuccess }
func (l *loop) Recovers() bool                        { return l.s.policy.Panic != policy.Crash }
func (l *loop) Guard(name *string)                    { l.s.guarded(recover(), name) }
func (l *loop) Exiting() bool                         { return goexiting() }
func (l *loop) Join()                                 { l.s.core.Join() }
func (l *loop) Idle(ctx context.Context, wait func()) { engine.NodeOf(ctx).Lend(wait) }
func (l *loop) Cut()                                  { l.s.ledger().unfinish() }
func (l *loop) Cancel()                               { l.s.cancel(nil) }

func (l *loop) Wait() error {
	if l.s.policy.Rule.Kind == policy.UntilSuccess {
		l.s.core.Join() // now all successes are counted
		if !l.s.ledger().reached(l.s.policy) {
			l.s.despair()
		}
	}
	_, err := l.g.Wait()
	return err
}

// element is the task that stands for an element whose end has to be told of.
func (l *loop) element(i int) *Task[struct{}] {
	t := &foreignTask[struct{}]{s: l.s}
	t.slab.Init(&t.task.node, unsafe.Sizeof(t.task), 1)
	l.s.core.Element(&t.slab, i)
	t.task.node.SetLabel(funcName(l.code))
	return &t.task
}

func (l *loop) Succeed(i int) { l.element(i).finish(l.s, nil, returned) }

func (l *loop) Fail(i int, err error) seam.Failure {
	return l.finish(l.element(i), returned, err)
}

func (l *loop) Left(i int, v any) seam.Failure {
	t := l.element(i)
	how, err := t.left(v)
	return l.finish(t, how, err)
}

func (l *loop) finish(t *Task[struct{}], how leaving, err error) seam.Failure {
	t.finish(l.s, err, how)
	return failedElement{t, l.s}
}

type failedElement struct {
	t *Task[struct{}]
	s *scope
}

func (f failedElement) Stopped() bool {
	x, ok := f.t.node.Note().(failure)
	c := f.s.core.Canceled()
	return ok && c != nil && c.Cause == error(x.Failure)
}

func (f failedElement) Err() error {
	if x, ok := f.t.node.Note().(failure); ok {
		return x.Failure.Err
	}
	return nil
}

func (f failedElement) Taken() {
	f.t.node.Forget()
	l := f.s.ledger()
	l.mu.Lock()
	l.delivered++
	l.mu.Unlock()
}

// Go implements seam.Loop.
func (l *loop) Go(work func(ctx context.Context), limited bool) {
	if !l.Shared() {
		l.s.core.Go(work)
		return
	}
	w := &loopWorker{s: l.s, work: work}
	w.slab.Init(&w.task.node, unsafe.Sizeof(w.task), 1)
	if !limited {
		w.work = func(ctx context.Context) { w.task.node.Lend(func() { work(ctx) }) }
	}
	if m := l.s.core.Lock(engine.Impatient); m != nil {
		m.SubmitForeign(&w.slab, w)
	}
}

// loopWorker is a goroutine of a loop under a limiter. Its end means nothing: what it works on tells of itself.
type loopWorker struct {
	slab engine.Slab
	task Task[struct{}]
	s    *scope
	work func(ctx context.Context)
}

// Run implements engine.Runner.
func (w *loopWorker) Run(n *engine.Node) {
	defer n.End(engine.Canceled, false)
	defer func() {
		if n.HasOpen() { // it was opened by the function of the loop, whose context this is
			w.s.closeAll(n.Open())
		}
	}()
	w.work(n.Context())
}

// Refuse implements engine.Runner.
func (w *loopWorker) Refuse(n *engine.Node, _ *engine.Cancellation) { n.End(engine.NotStarted, false) }
