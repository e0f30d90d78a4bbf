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

func TestBatch_BySize(t *testing.T) {
	for _, tt := range []struct {
		n, size int
		want    []int // lengths
	}{
		{0, 3, nil}, {1, 3, []int{1}}, {3, 3, []int{3}}, {4, 3, []int{3, 1}}, {6, 3, []int{3, 3}}, {3, 1, []int{1, 1, 1}}, {5, 1 << 30, []int{5}},
	} {
		synctest.Test(t, func(t *testing.T) {
			bs, errs := collect(iter.Batch(t.Context(), count(tt.n), tt.size, 0))
			testutil.WantValues(t, errs)
			var lens, all []int
			for _, b := range bs {
				lens, all = append(lens, len(b)), append(all, b...)
			}
			testutil.WantValues(t, lens, tt.want...)
			testutil.WantValues(t, all, upTo(tt.n)...)
		})
	}
}

// The time runs from the first element of a batch, and begins anew with each.
func TestBatch_ByTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		source := func(yield func(int) bool) {
			for _, at := range []int{1, 2, 3, 20, 21, 31, 34, 35, 36, 50} {
				time.Sleep(time.Until(start.Add(time.Duration(at) * time.Second)))
				if !yield(at) {
					return
				}
			}
			time.Sleep(time.Second)
		}
		var got [][]int
		for b, err := range iter.Batch(t.Context(), source, 3, 5*time.Second) {
			testutil.WantError(t, "the loop", err, nil)
			got = append(got, append(b, int(time.Since(start).Seconds()))) // when it came
		}
		testutil.WantValues(t, got, []int{1, 2, 3, 3}, []int{20, 21, 25}, []int{31, 34, 35, 35}, []int{36, 41}, []int{50, 51})
	})
}

func TestBatch_SlicesBelongToTheLoop(t *testing.T) {
	var kept [][]int
	for b := range iter.Batch(t.Context(), count(10), 2, 0) {
		kept = append(kept, append(b, -1))
	}
	for i, b := range kept {
		testutil.WantValues(t, b, 2*i, 2*i+1, -1)
	}
}

func TestBatch_HoldsTheSequenceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		taken := int64(0)
		for b := range iter.Batch(t.Context(), endless(&n), 5, time.Second) {
			taken += int64(len(b))
			time.Sleep(time.Minute)
			synctest.Wait()
			if ahead := n.Load() - taken; ahead > 1 {
				t.Fatalf("the sequence is %d elements ahead of the loop, want no more than one", ahead)
			}
			if taken > 50 {
				break
			}
		}
	})
}

// Whatever the sequence was rid of is yielded, also when the context ends.
func TestBatch_LosesNothingWhenTheContextEnds(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			accepted, yielded := 0, 0
			source := func(yield func(int) bool) {
				for yield(0) {
					accepted++
				}
			}
			var last error
			for b, err := range iter.Batch(ctx, source, 4, 0) {
				yielded += len(b)
				last = err
				synctest.Wait() // the sequence offers its next element
				cancel(errWhy)
			}
			testutil.WantError(t, "the loop", last, errWhy)
			if yielded != accepted {
				t.Fatalf("%d elements were taken from the sequence, %d of them yielded", accepted, yielded)
			}
		})
	}
}

func TestBatch_PartialBatchBeforeTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		source := func(yield func(int) bool) {
			_ = yield(1) && yield(2)
			time.Sleep(time.Second)
			cancel(errWhy)
			yield(3)
		}
		bs, errs := collect(iter.Batch(ctx, source, 10, time.Hour))
		testutil.WantError(t, "the loop", wantLast(t, errs), errWhy)
		if len(bs) != 1 {
			t.Fatalf("batches are %v, want one", bs)
		}
		testutil.WantValues(t, bs[0], 1, 2)
	})
}

func TestBatch_SequenceThatListensToTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		time.AfterFunc(time.Second, func() { cancel(errWhy) })
		_, errs := collect(iter.Batch(ctx, func(func(int) bool) { <-ctx.Done() }, 1, 0))
		testutil.WantError(t, "the loop", wantLast(t, errs), errWhy)
	})
}
