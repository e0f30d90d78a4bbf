package iter

import (
	"context"
	"fmt"
	"iter"

	"github.com/creche-go/creche/group"
)

// Filter returns an iterator over the elements of seq for which keep returns true, in the order of seq. Otherwise it is as [Map].
func Filter[T any](ctx context.Context, seq iter.Seq[T], keep func(ctx context.Context, elem T) (bool, error), opts ...group.Option) iter.Seq2[T, error] {
	check(ctx, "Filter", opts, seq == nil, keep == nil)
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
	check(ctx, "FlatMap", opts, seq == nil, fn == nil)
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
// meanwhile, and cancelled then. If fn succeeds for none, the error is a [*group.Error] with every failure (the first hundred under [group.Discard]); if seq has no elements it
// wraps [group.ErrTooFewTasks]. A stop rule among the options has no meaning.
func First[T, R any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) (R, error), opts ...group.Option) (r R, err error) {
	check(ctx, "First", opts, seq == nil, fn == nil)
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
