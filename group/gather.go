package group

import (
	"context"
	"fmt"
	"slices"
)

// Gather calls the functions concurrently and returns their values in the order of the functions. The first failure cancels the others;
// Gather returns when all have returned, with every real failure in the error, and no values. Without functions there are no values and
// no error.
//
// It is a scope of its own, as the other combinators are: nothing outlives the call, ctx cancels it, and a panic of a function goes on
// in the caller's goroutine.
// Who wants names, a limit or other options writes the scope out, with [Run].
func Gather[T any](ctx context.Context, fns ...func(ctx context.Context) (T, error)) ([]T, error) {
	checkFuncs("Gather", fns)
	vs, err := Run(ctx, func(_ context.Context, g *TaskGroup[T]) error {
		for _, fn := range fns {
			g.Go(fn)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return vs, nil
}

// Settle calls the functions concurrently, awaits them all, whatever they return, and returns the tasks, all of which have ended, in the
// order of the functions. The error is nil unless ctx ended and some function did not succeed because of it; then it has the cause of
// that beside all failures, and there are no tasks. To have what has come in when a deadline is over, start the tasks in a scope under
// [KeepGoing] with a [Timeout], and keep the handles.
func Settle[T any](ctx context.Context, fns ...func(ctx context.Context) (T, error)) ([]*Task[T], error) {
	checkFuncs("Settle", fns)
	tasks := make([]*Task[T], 0, len(fns))
	_, err := Run(ctx, func(_ context.Context, g *TaskGroup[T]) error {
		for _, fn := range fns {
			tasks = append(tasks, g.Go(fn))
		}
		for _, ok := g.Next(context.Background()); ok; _, ok = g.Next(context.Background()) { // each failure is delivered by its task
		}
		return nil
	}, KeepGoing())
	if err != nil {
		return nil, lostBy(tasks, err)
	}
	return tasks, nil
}

// Gather2 is [Gather] for two functions with values of different types.
func Gather2[A, B any](ctx context.Context, a func(context.Context) (A, error), b func(context.Context) (B, error)) (_ A, _ B, err error) {
	var x *Task[A]
	var y *Task[B]
	checkSome("Gather2", a == nil, b == nil)
	err = gather(ctx, func(s Scope) { x, y = Go(s, a), Go(s, b) })
	return valueOf(x, err), valueOf(y, err), err
}

// Gather3 is [Gather] for three functions with values of different types.
func Gather3[A, B, C any](ctx context.Context, a func(context.Context) (A, error), b func(context.Context) (B, error),
	c func(context.Context) (C, error)) (_ A, _ B, _ C, err error) {
	var x *Task[A]
	var y *Task[B]
	var z *Task[C]
	checkSome("Gather3", a == nil, b == nil, c == nil)
	err = gather(ctx, func(s Scope) { x, y, z = Go(s, a), Go(s, b), Go(s, c) })
	return valueOf(x, err), valueOf(y, err), valueOf(z, err), err
}

// Gather4 is [Gather] for four functions with values of different types.
func Gather4[A, B, C, D any](ctx context.Context, a func(context.Context) (A, error), b func(context.Context) (B, error),
	c func(context.Context) (C, error), d func(context.Context) (D, error)) (_ A, _ B, _ C, _ D, err error) {
	var w *Task[A]
	var x *Task[B]
	var y *Task[C]
	var z *Task[D]
	checkSome("Gather4", a == nil, b == nil, c == nil, d == nil)
	err = gather(ctx, func(s Scope) { w, x, y, z = Go(s, a), Go(s, b), Go(s, c), Go(s, d) })
	return valueOf(w, err), valueOf(x, err), valueOf(y, err), valueOf(z, err), err
}

func gather(ctx context.Context, start func(Scope)) error {
	_, err := Run(ctx, func(_ context.Context, g *TaskGroup[struct{}]) error {
		start(g)
		return nil
	})
	return err
}

// valueOf returns the value of a task that has ended, if all is well.
func valueOf[T any](t *Task[T], err error) (v T) {
	if err == nil {
		v = t.value
	}
	return v
}

func checkFuncs[T any](caller string, fns []func(context.Context) (T, error)) {
	for i, fn := range fns {
		if fn == nil {
			panic(fmt.Sprintf("group: %s: function %d is nil", caller, i))
		}
	}
}

func checkSome(caller string, none ...bool) {
	if i := slices.Index(none, true); i >= 0 {
		panic(fmt.Sprintf("group: %s: function %d is nil", caller, i))
	}
}
