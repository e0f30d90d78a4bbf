package iter_test

import (
	"context"
	"errors"
	stditer "iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

var (
	errBoom  = errors.New("boom")
	errOther = errors.New("other")
	errWhy   = errors.New("why")
)

type (
	work  func(context.Context, int) (int, error)
	ints  = stditer.Seq[int]
	entry = testutil.Entry
)

// lazyLoops are the functions that return an iterator, each in a form that yields what fn returns.
var lazyLoops = []struct {
	name string
	loop func(ctx context.Context, seq ints, fn work, opts ...group.Option) stditer.Seq2[int, error]
}{
	{"Map", func(ctx context.Context, seq ints, fn work, opts ...group.Option) stditer.Seq2[int, error] {
		return iter.Map(ctx, seq, fn, opts...)
	}},
	{"MapUnordered", func(ctx context.Context, seq ints, fn work, opts ...group.Option) stditer.Seq2[int, error] {
		return iter.MapUnordered(ctx, seq, fn, opts...)
	}},
	{"Filter", func(ctx context.Context, seq ints, fn work, opts ...group.Option) stditer.Seq2[int, error] {
		return iter.Filter(ctx, seq, func(ctx context.Context, v int) (bool, error) {
			_, err := fn(ctx, v)
			return true, err
		}, opts...)
	}},
	{"FlatMap", func(ctx context.Context, seq ints, fn work, opts ...group.Option) stditer.Seq2[int, error] {
		return iter.FlatMap(ctx, seq, func(ctx context.Context, v int) ([]int, error) {
			v, err := fn(ctx, v)
			return []int{v}, err
		}, opts...)
	}},
}

// A call is a whole loop: it returns the last error.
type call struct {
	name  string
	slice bool
	run   func(ctx context.Context, seq ints, fn work, opts ...group.Option) error
}

// calls are all functions that work on elements with a function.
func calls() []call {
	cs := []call{
		{"ForEach", false, func(ctx context.Context, seq ints, fn work, opts ...group.Option) error {
			return iter.ForEach(ctx, seq, func(ctx context.Context, v int) error { _, err := fn(ctx, v); return err }, opts...)
		}},
		{"ForEachSlice", true, func(ctx context.Context, seq ints, fn work, opts ...group.Option) error {
			return iter.ForEachSlice(ctx, slices.Collect(seq), func(ctx context.Context, v *int) error { _, err := fn(ctx, *v); return err }, opts...)
		}},
		{"MapSlice", true, func(ctx context.Context, seq ints, fn work, opts ...group.Option) error {
			_, err := iter.MapSlice(ctx, slices.Collect(seq), fn, opts...)
			return err
		}},
	}
	for _, l := range lazyLoops {
		cs = append(cs, call{l.name, false, func(ctx context.Context, seq ints, fn work, opts ...group.Option) error {
			_, errs := collect(l.loop(ctx, seq, fn, opts...))
			if len(errs) == 0 {
				return nil
			}
			return errs[len(errs)-1]
		}})
	}
	return cs
}

// count yields the numbers from 0 to n-1.
func count(n int) ints {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// endless yields the numbers from 0, and tells how many there were so far.
func endless(n *atomic.Int64) ints {
	return func(yield func(int) bool) {
		for i := 0; ; i++ {
			n.Add(1)
			if !yield(i) {
				return
			}
		}
	}
}

// upTo returns what count yields.
func upTo(n int) []int { return slices.Collect(count(n)) }

func same(_ context.Context, v int) (int, error) { return v, nil }

// failAt returns a function that fails for the elements at, and is same for the others.
func failAt(err error, at ...int) work {
	return func(_ context.Context, v int) (int, error) {
		if slices.Contains(at, v) {
			return 0, err
		}
		return v, nil
	}
}

// obedient waits for its cancellation and returns it.
func obedient(ctx context.Context, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// collect returns the values that have no error, and the errors.
func collect[T any](seq stditer.Seq2[T, error]) (vs []T, errs []error) {
	for v, err := range seq {
		if err != nil {
			errs = append(errs, err)
		} else {
			vs = append(vs, v)
		}
	}
	return vs, errs
}

// A crew counts calls on elements.
type crew struct{ testutil.Crew }

func (c *crew) counted(fn work) work {
	return func(ctx context.Context, v int) (int, error) {
		c.Enter()
		defer c.Leave()
		return fn(ctx, v)
	}
}

// straggler is an obedient call that needs a second of cleaning up.
func (c *crew) straggler(ctx context.Context, v int) (int, error) {
	return c.counted(func(ctx context.Context, _ int) (int, error) {
		<-ctx.Done()
		time.Sleep(time.Second)
		return 0, ctx.Err()
	})(ctx, v)
}

// watch is seq, which counts as a member of the crew while it is iterated.
func (c *crew) watch(seq ints) ints {
	return func(yield func(int) bool) {
		c.Alive.Add(1)
		defer c.Alive.Add(-1)
		seq(yield)
	}
}

// wantLast fails unless there is one error: it returns that.
func wantLast(t *testing.T, errs []error) error {
	t.Helper()
	if len(errs) != 1 {
		t.Fatalf("%d errors were yielded, want 1: %q", len(errs), errs)
	}
	return errs[0]
}
