package iter_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// S2: nothing begins, and the error has the cause.
func TestContext_EndedBefore(t *testing.T) {
	for _, tt := range calls() {
		for _, n := range []int{1, 3, 200} {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				cancel(errWhy)
				var c crew
				err := tt.run(ctx, count(n), c.counted(same))
				testutil.WantFailures(t, err, entry{Index: -1, Err: errWhy})
				if b := c.Begun.Load(); b != 0 {
					t.Errorf("%d of %d elements were begun", b, n)
				}
			})
		}
	}
}

// E3: where there was nothing to do, nothing was missed. Of a sequence nobody can tell.
func TestE3_ContextEndedBeforeNothing(t *testing.T) {
	for _, tt := range calls() {
		if !tt.slice {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cancel()
		testutil.WantFailures(t, tt.run(ctx, count(0), same))
	}
}

func TestContext_EndsDuring(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			time.AfterFunc(time.Minute, func() { cancel(errWhy) })
			var c crew
			testutil.WantFailures(t, tt.run(ctx, c.watch(count(20)), c.straggler, group.Limit(4)), entry{Index: -1, Err: errWhy})
			c.WantNone(t)
			if b := c.Begun.Load(); b != 4 {
				t.Errorf("%d elements were begun, want 4", b)
			}
		})
	}
}

// S2: an element that was never worked on makes the error, also if those that were have succeeded and the source has ended.
func TestS2_ContextEndsWithElementsLeft(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var c crew
			err := tt.run(ctx, count(5), c.counted(func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Second) // the source is over
				cancel(errWhy)
				return v, nil
			}), group.Limit(1))
			testutil.WantFailures(t, err, entry{Index: -1, Err: errWhy})
			if b := c.Begun.Load(); b != 1 {
				t.Errorf("%d elements were begun, want 1", b)
			}
		})
	}
}

func TestFirst_ContextEndsWithElementsLeft(t *testing.T) {
	testutil.Bubble(t, "First", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		_, err := iter.First(ctx, count(5), func(context.Context, int) (int, error) {
			time.Sleep(time.Second)
			cancel(errWhy)
			return 0, errBoom
		}, group.Limit(1))
		testutil.WantFailures(t, err, entry{Index: 0, Err: errBoom}, entry{Index: -1, Err: errWhy})
	})
}

// E3: all succeeded all the same.
func TestE3_ContextEndsWithTheLastElement(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			testutil.WantFailures(t, tt.run(ctx, count(5), func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Second)
				if v == 4 {
					cancel()
				}
				return v, nil
			}, group.Limit(1)))
		})
	}
}

func TestContext_EndsInTheLoopBody(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var c crew
			n, errs := 0, []error(nil)
			for _, err := range l.loop(ctx, c.watch(endless(new(atomic.Int64))), c.counted(same)) {
				if err != nil {
					errs = append(errs, err)
				} else if n++; n == 10 {
					cancel(errWhy)
				}
			}
			c.WantNone(t)
			testutil.WantFailures(t, wantLast(t, errs), entry{Index: -1, Err: errWhy})
		})
	}
}

// What was finished by the time is yielded, and then the error.
func TestContext_FinishedValuesComeFirst(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var got []int
			var last error
			for v, err := range l.loop(ctx, count(8), func(ctx context.Context, v int) (int, error) {
				if v == 5 {
					return obedient(ctx, v)
				}
				return v, nil
			}, group.Limit(1)) {
				if last = err; err == nil {
					got = append(got, v)
				}
				if len(got) == 1 {
					time.Sleep(time.Second)
					cancel(errWhy)
				}
			}
			testutil.WantValues(t, got, upTo(5)...)
			testutil.WantFailures(t, last, entry{Index: -1, Err: errWhy})
		})
	}
}

// L4, and the values of the caller's context.
func TestContext_IsTheLoopsAndEndsWithIt(t *testing.T) {
	type key struct{}
	for _, tt := range calls() {
		ctx := context.WithValue(t.Context(), key{}, "v")
		var seen context.Context
		testutil.WantFailures(t, tt.run(ctx, count(1), func(ctx context.Context, v int) (int, error) {
			seen = ctx
			return v, ctx.Err()
		}))
		if seen.Value(key{}) != "v" || seen.Err() == nil {
			t.Errorf("%s: the function's context has %v and the error %v", tt.name, seen.Value(key{}), seen.Err())
		}
	}
}

// A loop inside the function of another is its child.
func TestL5_NestedLoopsAreCancelledTogether(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			err := tt.run(t.Context(), count(3), func(ctx context.Context, v int) (int, error) {
				if v == 2 {
					time.Sleep(time.Minute)
					return 0, errBoom
				}
				return 0, tt.run(ctx, count(5), c.straggler, group.Limit(3))
			}, group.Limit(3))
			c.WantNone(t)
			if !errors.Is(err, errBoom) || c.Begun.Load() != 6 {
				t.Errorf("the error is %v after %d calls, want boom after 6", err, c.Begun.Load())
			}
			testutil.WantFailures(t, err, entry{Index: 2, Err: errBoom})
		})
	}
}
