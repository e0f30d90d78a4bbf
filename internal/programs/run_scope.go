package programs

import (
	"context"
	"fmt"
	"slices"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// open opens a scope, and ends it, but for one that is to be left open.
func (f frame) open(s *Scope) {
	rec := &f.scopes[s.ID]
	ctx, cancel := f.derive(s)
	if !s.Leave {
		defer cancel()
	}
	rec.parent = ctx
	rec.opened = f.now()
	defer func() {
		v := recover()
		if rec.how == returned {
			return
		}
		how := exited
		if v != nil {
			how = panicked
		}
		if s.Kind != New || rec.waited.was() { // else it is left open
			rec.parentCause, rec.over = context.Cause(ctx), f.now()
			rec.how, rec.value = how, v
		}
		if v == nil {
			f.how = exited
			return
		}
		if !s.Catch {
			f.panics(v)
		}
		f.how, f.value, *f.last = notLeft, nil, &caught{v}
	}()
	switch {
	case s.Kind == New:
		f.openNew(ctx, s, rec)
	case s.Kind == Run:
		rec.values, rec.err = group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
			rec.group = g
			inner := f.runner.frame(&rec.body, ctx)
			defer inner.leave()
			return inner.block(Fault{Who: fmt.Sprint("body ", s.ID)}, s.Body)
		}, f.scopeOptions(s)...)
	case s.Kind.Loop():
		f.loop(ctx, s, rec)
	default:
		f.contest(ctx, s, rec)
	}
	rec.how = returned
	rec.parentCause = context.Cause(ctx)
	if !s.Leave {
		rec.over = f.now()
		*f.last = rec.err
	}
}

func (f frame) openNew(ctx context.Context, s *Scope, rec *scopeRecord) {
	rec.group = group.New[int](ctx, f.scopeOptions(s)...)
	f.do(s.Body.Steps)
	if !s.Leave {
		rec.waited = f.now()
		rec.values, rec.err = rec.group.Wait()
	}
}

type derived struct{}

// derive returns the context that the scope is opened with.
func (f frame) derive(s *Scope) (context.Context, context.CancelFunc) {
	switch s.Via {
	case Value:
		return context.WithValue(f.ctx, derived{}, s.ID), func() {}
	case Within:
		return f.within(s.D)
	}
	return f.ctx, func() {}
}

// contest calls the functions.
func (f frame) contest(ctx context.Context, s *Scope, rec *scopeRecord) {
	var fns []func(context.Context) (int, error)
	for _, t := range s.Tasks {
		fns = append(fns, f.function(t))
	}
	one := func(v int, err error) {
		if rec.err = err; err == nil {
			rec.values = []int{v}
		}
	}
	switch s.Kind {
	case Gather:
		rec.values, rec.err = group.Gather(ctx, fns...)
	case Settle:
		var tasks []*group.Task[int]
		tasks, rec.err = group.Settle(ctx, fns...)
		for _, t := range tasks {
			rec.settled = append(rec.settled, t)
		}
	case Race:
		one(group.Race(ctx, fns...))
	case Any:
		one(group.Any(ctx, fns...))
	case Quorum:
		rec.values, rec.err = group.Quorum(ctx, s.N, fns...)
	case Hedge:
		one(group.Hedge(ctx, f.units(s.N), fns...))
	}
}

// loop runs the parallel loop over the scope's tasks.
func (f frame) loop(ctx context.Context, s *Scope, rec *scopeRecord) {
	opts := f.scopeOptions(s)
	call := func(ctx context.Context, t *Task) (int, error) { return f.function(t)(ctx) }
	switch s.Kind {
	case ForEach:
		rec.err = iter.ForEach(ctx, slices.Values(s.Tasks), func(ctx context.Context, t *Task) error {
			_, err := call(ctx, t)
			return err
		}, opts...)
	case ForEachSlice:
		rec.err = iter.ForEachSlice(ctx, s.Tasks, func(ctx context.Context, t **Task) error {
			_, err := call(ctx, *t)
			return err
		}, opts...)
	case MapSlice:
		rec.values, rec.err = iter.MapSlice(ctx, s.Tasks, call, opts...)
	case Map, MapUnordered:
		seq := iter.Map(ctx, slices.Values(s.Tasks), call, opts...)
		if s.Kind == MapUnordered {
			seq = iter.MapUnordered(ctx, slices.Values(s.Tasks), call, opts...)
		}
		for v, err := range seq {
			rec.yields = append(rec.yields, yield{v, err})
			rec.err = err
			if len(rec.yields) == s.N {
				rec.broken, rec.broke = true, f.now()
				break
			}
		}
	}
}
