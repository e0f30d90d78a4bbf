package group

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/creche-go/creche/internal/engine"
)

// Race calls the functions concurrently and returns what the first of them returns that has ended, be it an error. The others are
// cancelled and awaited, and what they return is dropped. If ctx ended before, the error is the cause of that. Without functions the
// error wraps [ErrTooFewTasks].
func Race[T any](ctx context.Context, fns ...func(ctx context.Context) (T, error)) (v T, err error) {
	if err := checkContest("Race", 1, fns); err != nil {
		return v, err
	}
	var first *Task[T]
	_, err = Run(ctx, func(_ context.Context, g *TaskGroup[T]) error {
		for _, fn := range fns {
			g.Go(fn)
		}
		first, _ = g.Next(context.Background())
		return nil
	}, contest)
	if st := first.State(); st == Succeeded || st == Failed {
		return first.Result()
	}
	return v, err
}

// Any calls the functions concurrently and returns the value of the first that succeeds. The others are cancelled and awaited. If none
// succeeds the error is an [*Error] with every failure, in the order of the functions. Without functions it wraps [ErrTooFewTasks].
func Any[T any](ctx context.Context, fns ...func(ctx context.Context) (T, error)) (v T, err error) {
	vs, err := win(ctx, "Any", 1, fns, nil)
	if err != nil {
		return v, err
	}
	return vs[0], nil
}

// Quorum calls the functions concurrently and returns the values of the first n that succeed, in the order of the functions. The others
// are cancelled and awaited. As soon as too many have failed, all are, and the error is an [*Error] with every failure, in the order of
// the functions. With fewer than n functions it wraps [ErrTooFewTasks].
func Quorum[T any](ctx context.Context, n int, fns ...func(ctx context.Context) (T, error)) ([]T, error) {
	if n < 1 {
		panic(fmt.Sprintf("group: Quorum needs n ≥ 1, got %d", n))
	}
	return win(ctx, "Quorum", n, fns, nil)
}

// Hedge calls the first function, the next one when that has not succeeded after the time delay, or at once when it has failed, and so
// on. It returns the value of the first that succeeds; the others are cancelled and awaited. If none succeeds the error is an [*Error]
// with every failure, in the order of the functions. Without functions it wraps [ErrTooFewTasks].
func Hedge[T any](ctx context.Context, delay time.Duration, fns ...func(ctx context.Context) (T, error)) (v T, err error) {
	if delay < 0 {
		panic(fmt.Sprintf("group: Hedge needs delay ≥ 0, got %v", delay))
	}
	vs, err := win(ctx, "Hedge", 1, fns, &delay)
	if err != nil {
		return v, err
	}
	return vs[0], nil
}

// contest is for scopes whose body decides what counts.
var contest = Options(KeepGoing(), CancelOnReturn(), IgnoreFunc(func(error) bool { return true }))

func checkContest[T any](caller string, n int, fns []func(context.Context) (T, error)) error {
	checkFuncs(caller, fns)
	if len(fns) < n {
		return fmt.Errorf("%w: %s needs at least %d, got %d", ErrTooFewTasks, caller, n, len(fns))
	}
	return nil
}

// win calls the functions, all at once or with a delay, until n have succeeded or cannot.
func win[T any](ctx context.Context, caller string, n int, fns []func(context.Context) (T, error), delay *time.Duration) ([]T, error) {
	if err := checkContest(caller, n, fns); err != nil {
		return nil, err
	}
	var tasks, winners []*Task[T]
	_, err := Run(ctx, func(ctx context.Context, g *TaskGroup[T]) error {
		start := func() { tasks = append(tasks, g.Go(fns[len(tasks)])) }
		for start(); delay == nil && len(tasks) < len(fns); {
			start()
		}
		lost := 0
		for len(winners) < n && lost <= len(fns)-n {
			more := len(tasks) < len(fns) && ctx.Err() == nil
			t, ok := nextWithin(ctx, g, delay, more)
			switch {
			case ok && t.State() == Succeeded:
				winners = append(winners, t)
				continue
			case ok:
				lost++
			case !more:
				return nil
			}
			if len(tasks) < len(fns) && ctx.Err() == nil {
				start()
			}
		}
		return nil
	}, contest)
	if len(winners) < n {
		if err == nil && len(tasks) < len(fns) && ctx.Err() != nil { // it kept the others from being tried
			err = &Error{Failures: []*Failure{{"context", -1, engine.EndError(ctx.Err(), context.Cause(ctx))}}}
		}
		return nil, lostBy(tasks, err)
	}
	slices.SortFunc(winners, func(a, b *Task[T]) int { return a.Index() - b.Index() })
	vs := make([]T, n)
	for i, t := range winners {
		vs[i] = t.value
	}
	return vs, nil
}

// nextWithin is Next, but for the time limit that holds as long as there is another function to try.
func nextWithin[T any](ctx context.Context, g *TaskGroup[T], delay *time.Duration, more bool) (*Task[T], bool) {
	if delay == nil || !more {
		return g.Next(context.WithoutCancel(ctx)) // cancelled tasks end, and come too
	}
	ctx, cancel := context.WithTimeout(ctx, *delay)
	defer cancel()
	return g.Next(ctx)
}

// lostBy returns the error of a contest: every failure of its tasks, and what err, the scope's own, has beside those.
func lostBy[T any](tasks []*Task[T], err error) error {
	e := new(Error)
	for _, t := range tasks {
		if t.State() == Failed {
			e.Failures = append(e.Failures, &Failure{t.Name(), t.Index(), t.Err()})
		}
	}
	var scope *Error
	if errors.As(err, &scope) {
		e.Failures = append(e.Failures, scope.Failures...)
	}
	return e
}
