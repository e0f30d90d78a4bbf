package programs

import (
	"context"
	"fmt"

	"github.com/creche-go/creche/group"
)

// spawn starts a task.
func (f frame) spawn(t *Task) {
	rec := &f.tasks[t.ID]
	g, opts := f.scopes[t.Scope].group, f.taskOptions(t.Options)
	defer func() {
		if v := recover(); v != nil {
			rec.got = f.now()
			rec.odd = v
			if t.By != Start { // whose panic before it is ready is the caller's
				v = fmt.Sprintf("%s panicked: %v", t.By, v)
			}
			f.panics(v)
		}
	}()
	rec.asked = f.now()
	switch t.By {
	case Go:
		keep(rec, g.Go(f.function(t), opts...))
	case Do:
		fn := f.function(t)
		keep(rec, g.Do(func(ctx context.Context) error {
			_, err := fn(ctx)
			return err
		}, opts...))
	case TryGo:
		if h, ok := g.TryGo(f.function(t), opts...); ok {
			keep(rec, h)
		} else {
			rec.refused = true
		}
	case Other:
		fn := f.function(t)
		keep(rec, group.Go(g, func(ctx context.Context) (string, error) {
			_, err := fn(ctx)
			return t.who().Who, err
		}, opts...))
	case Start:
		f.start(rec, g, t, opts)
	}
	rec.got = f.now()
}

// keep notes the handle.
func keep[T any](rec *taskRecord, h *group.Task[T]) {
	rec.handle = h
	rec.result = func() (any, error) { return h.Result() }
}

func (t *Task) who() Fault { return Fault{Who: fmt.Sprintf("task %d", t.ID), Task: t.ID} }

// function is what the task calls.
func (r *runner) function(t *Task) func(context.Context) (int, error) {
	rec := &r.tasks[t.ID]
	return func(ctx context.Context) (int, error) {
		f := r.frame(&rec.record, ctx)
		defer f.leave()
		if err := f.block(t.who(), t.Body); err != nil {
			return 0, err
		}
		return t.ID, nil
	}
}

// start calls Start.
func (f frame) start(rec *taskRecord, g *group.TaskGroup[int], t *Task, opts []group.TaskOption) {
	x := &rec.start
	x.how = panicked // should it not return
	x.value, x.err = group.Start(f.ctx, g, func(ctx context.Context, ready func(int) bool) error {
		inner := f.runner.frame(&rec.record, ctx)
		defer inner.leave()
		if t.Ready < 0 {
			return inner.block(t.who(), t.Body)
		}
		n := min(t.Ready, len(t.Body.Steps))
		if inner.do(t.Body.Steps[:n]) {
			return inner.end(t.who(), t.Body.End)
		}
		at := inner.now()
		if ready(t.ID) {
			x.ready, x.adopted = at, true
		}
		return inner.block(t.who(), Block{t.Body.Steps[n:], t.Body.End})
	}, opts...)
	x.how = returned
	x.caller = context.Cause(f.ctx)
	*f.last = x.err
}
