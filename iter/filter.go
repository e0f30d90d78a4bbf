package iter

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/creche-go/creche/group"
)

// Filter returns an iterator over the elements of seq for which keep returns true, in the order of seq. Otherwise it is as [Map].
func Filter[T any](ctx context.Context, seq iter.Seq[T], keep func(ctx context.Context, elem T) (bool, error), opts ...group.Option) iter.Seq2[T, error] {
	check("Filter", seq == nil, keep == nil)
	type judged struct {
		elem T
		keep bool
	}
	judge := func(ctx context.Context, v T) (judged, error) {
		ok, err := keep(ctx, v)
		return judged{v, ok}, err
	}
	return func(yield func(T, error) bool) {
		newNamedPipe(ctx, "Filter", keep, judge, opts).withResults().loop(seq, nil, func(j judged, err error) bool {
			return err == nil && !j.keep || yield(j.elem, err)
		})
	}
}

// FlatMap returns an iterator over all values that fn makes of the elements of seq: those of the first element, then those of the second,
// and so on. Otherwise it is as [Map].
func FlatMap[T, R any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) ([]R, error), opts ...group.Option) iter.Seq2[R, error] {
	check("FlatMap", seq == nil, fn == nil)
	return func(yield func(R, error) bool) {
		newPipe(ctx, "FlatMap", fn, opts).withResults().loop(seq, nil, func(vs []R, err error) bool {
			if err != nil {
				var none R
				return yield(none, err)
			}
			for _, v := range vs {
				if !yield(v, nil) {
					return false
				}
			}
			return true
		})
	}
}

// First returns what fn returns for the first element of seq, in the order of seq, for which it succeeds. Later elements are worked on
// meanwhile, and cancelled then. If fn succeeds for none, the error is a [*group.Error] with every failure; if seq has no elements it
// wraps [group.ErrTooFewTasks]. A stop rule among the options has no meaning.
func First[T, R any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) (R, error), opts ...group.Option) (r R, err error) {
	check("First", seq == nil, fn == nil)
	found := false
	p := newPipe(ctx, "First", fn, append(opts[:len(opts):len(opts)], group.KeepGoing())).withResults()
	p.loop(seq, func(end error) { err = end }, func(v R, err error) bool {
		if err == nil {
			r, found = v, true
		}
		return err != nil
	})
	if !found && err == nil {
		err = fmt.Errorf("%w: First found no element that succeeds", group.ErrTooFewTasks)
	}
	return r, err
}

// Reduce combines the elements of seq into one: fn has to be associative, as in fn(fn(a, b), c) being fn(a, fn(b, c)), but not commutative:
// neighbours are combined, in the order of seq. Runs of up to 64 elements are combined from left to right, each in one call of a
// worker, and then what came of them, from left to right again. Reduce returns the zero value if seq has no elements. With an error it
// returns the zero value; the failures have the numbers of the runs.
func Reduce[T any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, a, b T) (T, error), opts ...group.Option) (T, error) {
	check("Reduce", seq == nil, fn == nil)
	fold := func(ctx context.Context, run []T) (T, error) {
		v := run[0]
		for _, x := range run[1:] {
			var err error
			if v, err = fn(ctx, v, x); err != nil {
				return v, err
			}
		}
		return v, nil
	}
	var all []T
	var failed error
	newNamedPipe(ctx, "Reduce", fn, fold, opts).withResults().loop(runs(seq, 64), nil, func(v T, err error) bool {
		if err != nil {
			failed = joined(failed, err)
		}
		all = append(all, v)
		if len(all) == 64 && failed == nil { // as few are kept as may be
			v, err := fold(ctx, all)
			all, failed = append(all[:0], v), err
		}
		return true
	})
	var none T
	if failed != nil || len(all) == 0 {
		return none, failed
	}
	v, err := fold(ctx, all)
	if err != nil {
		return none, err
	}
	return v, nil
}

func joined(a, b error) error {
	if a == nil {
		return b
	}
	return errors.Join(a, b)
}

// runs cuts seq into slices of n elements, the last one shorter.
func runs[T any](seq iter.Seq[T], n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		run := make([]T, 0, n)
		for v := range seq {
			if run = append(run, v); len(run) == n {
				if !yield(run) {
					return
				}
				run = make([]T, 0, n)
			}
		}
		if len(run) > 0 {
			yield(run)
		}
	}
}
