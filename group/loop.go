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
		l := new(loop)
		list, _ := opts.([]Option)
		seam.Check(ctx, caller, opts)
		l.g.s.opened, l.g.s.body, l.g.s.loop = reflect.ValueOf(fn).Pointer(), true, true
		l.g.s.open(ctx, caller, (*runner[struct{}])(&l.g), list)
		return l
	}
}

// loop is the scope of a parallel loop.
type loop struct {
	g    TaskGroup[struct{}]
	crew *engine.Crew // nil as long as the caller's goroutine is alone
}

func (l *loop) Context() context.Context              { return l.g.s.core.Context() }
func (l *loop) Limit() int                            { return l.g.s.policy.Limit }
func (l *loop) Shared() bool                          { return l.g.s.policy.Limiter != nil }
func (l *loop) Watches() bool                         { return l.g.s.policy.Rule.Kind >= policy.UntilSuccess }
func (l *loop) Recovers() bool                        { return l.g.s.policy.Panic != policy.Crash }
func (l *loop) Guard(name *string)                    { l.g.s.guarded(recover(), name) }
func (l *loop) Exiting() bool                         { return goexiting() }
func (l *loop) Idle(ctx context.Context, wait func()) { engine.NodeOf(ctx).Lend(wait) }
func (l *loop) Cut()                                  { l.g.s.ledger().unfinish() }
func (l *loop) Cancel()                               { l.g.s.cancel(nil) }

func (l *loop) Join() {
	if l.crew != nil {
		l.crew.Join(&l.g.s.core)
	}
	if l.Shared() {
		l.g.s.core.Join()
	}
}

func (l *loop) Wait() error {
	l.Join()
	if l.g.s.policy.Rule.Kind == policy.UntilSuccess {
		l.g.s.core.Join() // now all successes are counted
		if !l.g.s.ledger().reached(l.g.s.policy) {
			l.g.s.despair()
		}
	}
	_, err := l.g.Wait()
	return err
}

// element is the task that stands for an element whose end has to be told of.
func (l *loop) element(i int) *Task[struct{}] {
	t := &foreignTask[struct{}]{s: &l.g.s}
	t.slab.Init(&t.task.node, unsafe.Sizeof(t.task), 1)
	l.g.s.core.Element(&t.slab, i)
	t.task.node.SetLabel(funcName(l.g.s.opened))
	return &t.task
}

func (l *loop) Succeed(i int) { l.element(i).finish(&l.g.s, nil, returned) }

func (l *loop) Fail(i int, err error) seam.Failure {
	return l.finish(l.element(i), returned, err)
}

func (l *loop) Left(i int, v any) seam.Failure {
	t := l.element(i)
	how, err := t.left(v)
	return l.finish(t, how, err)
}

func (l *loop) finish(t *Task[struct{}], how leaving, err error) seam.Failure {
	t.finish(&l.g.s, err, how)
	if l.g.s.policy.Rule.Kind == policy.StopWhen {
		<-t.Done() // the rule may be at work for another element, whose goroutine then ends this one
	}
	return failedElement{t, &l.g.s}
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
		if l.crew == nil { // from then on the crew itself calls, from several goroutines
			l.crew = new(engine.Crew)
		}
		l.crew.Go(&l.g.s.core, l.crashing(work, l.crew.Hold))
		return
	}
	w := &loopWorker{s: &l.g.s, work: work}
	w.slab.Init(&w.task.node, unsafe.Sizeof(w.task), 1)
	if !limited {
		w.work = func(ctx context.Context) { w.task.node.Lend(func() { work(ctx) }) }
	}
	w.work = l.crashing(w.work, w.task.node.Hold)
	if m := l.g.s.core.Lock(engine.Impatient); m != nil {
		m.SubmitForeign(&w.slab, w)
	}
}

// crashing returns work, with a call to hold if a panic that nobody recovers goes through it.
func (l *loop) crashing(work func(ctx context.Context), hold func()) func(ctx context.Context) {
	if l.Recovers() {
		return work
	}
	return func(ctx context.Context) {
		defer func() {
			if panicking() {
				hold()
			}
		}()
		work(ctx)
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
