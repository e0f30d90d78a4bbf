package iter_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// paced yields the values given, each after d.
func paced(d time.Duration, vs ...int) ints {
	return func(yield func(int) bool) {
		for _, v := range vs {
			time.Sleep(d)
			if !yield(v) {
				return
			}
		}
	}
}

func TestMerge_AsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, errs := collect(iter.Merge(t.Context(), paced(5*time.Second, 5, 10, 15), paced(7*time.Second, 7, 14), paced(time.Second, 1), count(0)))
		testutil.WantValues(t, errs)
		testutil.WantValues(t, vs, 1, 5, 7, 10, 14, 15)
	})
}

func TestMerge_OfNothing(t *testing.T) {
	for _, seqs := range [][]ints{nil, {count(0)}, {count(0), count(0)}} {
		synctest.Test(t, func(t *testing.T) {
			vs, errs := collect(iter.Merge(t.Context(), seqs...))
			testutil.WantValues(t, errs)
			testutil.WantValues(t, vs)
		})
	}
}

// Nothing is lost, and what comes of one sequence stays in its order.
func TestMerge_KeepsTheOrderOfEach(t *testing.T) {
	var seqs []ints
	for i := range 5 {
		seqs = append(seqs, func(yield func(int) bool) {
			for v := range 1000 {
				if !yield(v*5 + i) {
					return
				}
			}
		})
	}
	vs, errs := collect(iter.Merge(t.Context(), seqs...))
	testutil.WantValues(t, errs)
	var next [5]int
	for _, v := range vs {
		if v/5 != next[v%5] {
			t.Fatalf("sequence %d: element %d came, want %d", v%5, v/5, next[v%5])
		}
		next[v%5]++
	}
	if len(vs) != 5000 {
		t.Errorf("%d elements, want 5000", len(vs))
	}
}

func TestMerge_HoldsTheSequencesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b atomic.Int64
		n := int64(0)
		for range iter.Merge(t.Context(), endless(&a), endless(&b)) {
			n++
			synctest.Wait()
			if ahead := a.Load() + b.Load() - n; ahead > 2 {
				t.Fatalf("the sequences are %d elements ahead of the loop, want no more than one each", ahead)
			}
			if n == 100 {
				break
			}
		}
	})
}

// A sequence that waits keeps no other back.
func TestS4_MergeWaitsForNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		waits := func(yield func(int) bool) { <-gate; yield(-1) }
		var vs []int
		for v, err := range iter.Merge(t.Context(), waits, count(5)) {
			testutil.WantError(t, "the loop", err, nil)
			if vs = append(vs, v); len(vs) == 5 {
				close(gate)
			}
		}
		testutil.WantValues(t, vs, 0, 1, 2, 3, 4, -1)
	})
}

func TestMerge_EndOfTheContextIsTheLastError(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var c crew
			n, last := 0, error(nil)
			for _, err := range iter.Merge(ctx, c.watch(endless(new(atomic.Int64))), c.watch(endless(new(atomic.Int64)))) {
				if last != nil {
					t.Errorf("something is yielded after the error")
				}
				if last = err; err == nil {
					n++
				}
				if n == 10 {
					cancel(errWhy)
				}
			}
			c.WantNone(t)
			testutil.WantError(t, "the loop", last, errWhy)
		})
	}
}

// A sequence that ends because it listens to the same ctx has not come to its end.
func TestMerge_SequencesThatListenToTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		time.AfterFunc(time.Second, func() { cancel(errWhy) })
		vs, errs := collect(iter.Merge(ctx, func(func(int) bool) { <-ctx.Done() }, count(3)))
		testutil.WantValues(t, vs, 0, 1, 2)
		testutil.WantError(t, "the loop", wantLast(t, errs), errWhy)
	})
}
