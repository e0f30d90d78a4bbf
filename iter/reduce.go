package iter

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/creche-go/creche/group"
)

// Reduce combines the elements of seq into one: fn has to be associative, as in fn(fn(a, b), c) being fn(a, fn(b, c)), but not commutative:
// neighbours are combined, in the order of seq. Runs of up to 64 elements are combined from left to right, several at once, and then
// what came of them, from left to right again. Reduce iterates seq in the caller's goroutine. It returns the zero value if seq has no
// elements, and with an error, whose failures have the numbers of the runs.
//
// The first failure ends it, whatever stop rule is set: there is no sum without all elements. For the same reason an error that a filter
// takes away is returned all the same.
func Reduce[T any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, a, b T) (T, error), opts ...group.Option) (T, error) {
	check(ctx, "Reduce", opts, seq == nil, fn == nil)
	r := reduction[T]{fn: fn, early: map[int]T{}}
	call := func(ctx context.Context, run numbered[T]) (struct{}, error) { return struct{}{}, r.add(ctx, run) }
	opts = append(opts[:len(opts):len(opts)], group.FailFast())
	err := newNamedPipe(ctx, "Reduce", fn, call, opts).consume(runs(seq, 64))
	if err == nil && r.next < r.begun {
		err = errors.New("iter: Reduce got a panic or an error that is ignored")
		if r.failed != nil {
			err = r.failed
		}
	}
	if err != nil {
		var none T
		return none, err
	}
	return r.sum, nil
}

// reduction combines what comes of the runs. The worker whose run is next does so, and goes on with those that came early.
type reduction[T any] struct {
	fn func(ctx context.Context, a, b T) (T, error)

	mu     sync.Mutex
	early  map[int]T
	begun  int  // runs
	next   int  // the first run that is not in sum
	busy   bool // somebody combines, and owns sum; for ever if that has failed
	failed error
	sum    T
}

type numbered[T any] struct {
	i     int
	elems []T
}

func (r *reduction[T]) add(ctx context.Context, run numbered[T]) error {
	r.mu.Lock()
	r.begun++
	r.mu.Unlock()
	v := run.elems[0]
	for _, x := range run.elems[1:] {
		var err error
		if v, err = r.fn(ctx, v, x); err != nil {
			return r.fail(err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.early[run.i] = v
	if r.busy {
		return nil
	}
	r.busy = true
	for x, ok := r.early[r.next]; ok && r.failed == nil; x, ok = r.early[r.next] {
		delete(r.early, r.next)
		if r.next > 0 {
			sum, err := r.combine(ctx, x) // if it panics, nobody combines any more
			if err != nil {
				r.failed = err
				return err
			}
			x = sum
		}
		r.sum = x
		r.next++
	}
	r.busy = false
	return nil
}

// combine is called with the lock, which it lets go of meanwhile.
func (r *reduction[T]) combine(ctx context.Context, x T) (T, error) {
	r.mu.Unlock()
	defer r.mu.Lock()
	return r.fn(ctx, r.sum, x)
}

func (r *reduction[T]) fail(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = err
	return err
}

// runs cuts seq into slices of n elements, the last one shorter.
func runs[T any](seq iter.Seq[T], n int) iter.Seq[numbered[T]] {
	return func(yield func(numbered[T]) bool) {
		run := numbered[T]{elems: make([]T, 0, n)}
		for v := range seq {
			if run.elems = append(run.elems, v); len(run.elems) == n {
				if !yield(run) {
					return
				}
				run = numbered[T]{run.i + 1, make([]T, 0, n)}
			}
		}
		if len(run.elems) > 0 {
			yield(run)
		}
	}
}
