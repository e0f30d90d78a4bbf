package iter_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

func TestForEachSlice_PointersToEachElementOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 17, 1000, 100_000} {
		s := make([]int, n)
		err := iter.ForEachSlice(t.Context(), s, func(_ context.Context, v *int) error { *v++; return nil })
		testutil.WantFailures(t, err)
		for i, v := range s {
			if v != 1 {
				t.Fatalf("of %d elements, number %d was visited %d times, want once", n, i, v)
			}
		}
	}
}

func TestLI02_MapSliceIsInOrderAtAnyLimit(t *testing.T) {
	for _, limit := range []int{1, 2, 7, 1000} {
		synctest.Test(t, func(t *testing.T) {
			vs, err := iter.MapSlice(t.Context(), upTo(100), func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Duration(v*37%11) * time.Second) // they end in another order
				return v, nil
			}, group.Limit(limit))
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, upTo(100)...)
		})
	}
}

// Each with an error keeps the values of those that succeeded in their places.
func TestMapSlice_ValuesBesideAnError(t *testing.T) {
	vs, err := iter.MapSlice(t.Context(), []int{10, 11, 12, 13}, func(_ context.Context, v int) (int, error) {
		if v%2 == 1 {
			return v, errBoom
		}
		return v, nil
	}, group.KeepGoing(), group.Limit(1))
	testutil.WantFailures(t, err, entry{Index: 1, Err: errBoom}, entry{Index: 3, Err: errBoom})
	testutil.WantValues(t, vs, 10, 0, 12, 0)
}

func TestMapSlice_Empty(t *testing.T) {
	for _, s := range [][]int{nil, {}} {
		vs, err := iter.MapSlice(t.Context(), s, same)
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
	}
}

func TestLI01_SliceLimit(t *testing.T) {
	for _, limit := range []int{1, 2, 7} {
		synctest.Test(t, func(t *testing.T) {
			var c crew
			start := time.Now()
			_, err := iter.MapSlice(t.Context(), upTo(42), c.counted(func(context.Context, int) (int, error) {
				time.Sleep(time.Second)
				return 0, nil
			}), group.Limit(limit))
			testutil.WantFailures(t, err)
			if got := int(c.Most.Load()); got != limit {
				t.Errorf("limit %d: at most %d ran at once", limit, got)
			}
			if d, want := time.Since(start), time.Duration(42/limit)*time.Second; d != want {
				t.Errorf("limit %d: took %v, want %v: work is shared evenly", limit, d, want)
			}
		})
	}
}

func TestLI01_SliceDefaultLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		_, err := iter.MapSlice(t.Context(), upTo(100), c.counted(func(context.Context, int) (int, error) {
			time.Sleep(time.Second)
			return 0, nil
		}))
		testutil.WantFailures(t, err)
		if got, want := int(c.Most.Load()), runtime.GOMAXPROCS(0); got != want {
			t.Errorf("at most %d ran at once, want GOMAXPROCS, %d", got, want)
		}
	})
}

// One element that takes long does not take neighbours of its chunk with it: they were quick, the chunks have grown.
func TestSlice_SkewedWorkIsBalanced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := iter.ForEachSlice(t.Context(), upTo(64), func(_ context.Context, v *int) error {
			if *v < 32 {
				time.Sleep(time.Second)
			}
			return nil
		}, group.Limit(4))
		testutil.WantFailures(t, err)
		if d := time.Since(start); d > 8*time.Second {
			t.Errorf("took %v, want 8s: four workers share 32 elements of a second", d)
		}
	})
}

func TestLI03_SliceFailureStartsNothingNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		err := iter.ForEachSlice(t.Context(), upTo(1000), func(ctx context.Context, v *int) error {
			_, err := c.counted(func(ctx context.Context, v int) (int, error) {
				if v == 3 {
					return 0, errBoom
				}
				return obedient(ctx, v)
			})(ctx, *v)
			return err
		}, group.Limit(4))
		c.WantNone(t)
		testutil.WantFailures(t, err, entry{Index: 3, Err: errBoom})
		if n := c.Begun.Load(); n != 4 {
			t.Errorf("%d elements were begun, want the 4 before the failure alone", n)
		}
	})
}

// In a chunk of quick elements as well, the failing one is the last of its goroutine.
func TestLI03_SliceFailureEndsItsChunk(t *testing.T) {
	var calls atomic.Int32
	err := iter.ForEachSlice(t.Context(), make([]int, 100_000), func(context.Context, *int) error {
		if calls.Add(1) == 50_000 {
			return errBoom
		}
		return nil
	}, group.Limit(1))
	if n := calls.Load(); n != 50_000 {
		t.Errorf("%d calls, want none after the failure, the 50000th", n)
	}
	testutil.WantFailures(t, err, entry{Index: 49_999, Err: errBoom})
}

// E1: a real failure after the first is kept, and its element's number.
func TestE1_SliceKeepsAllFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := iter.ForEachSlice(t.Context(), upTo(2), func(ctx context.Context, v *int) error {
			if *v == 1 {
				time.Sleep(time.Second)
				return errBoom
			}
			<-ctx.Done()
			return errors.Join(ctx.Err(), errOther)
		}, group.Limit(2))
		testutil.WantFailures(t, err, entry{Index: 1, Err: errBoom}, entry{Index: 0, Err: errOther})
	})
}

// A goroutine for each element beyond the first at most: one element has none, and is worked on by the caller.
func TestLI06_SliceStartsNoNeedlessGoroutine(t *testing.T) {
	for n := range 4 {
		synctest.Test(t, func(t *testing.T) {
			var calls atomic.Int32
			caller := testutil.Goroutine()
			err := iter.ForEachSlice(t.Context(), make([]int, n), func(context.Context, *int) error {
				calls.Add(1)
				if n == 1 && testutil.Goroutine() != caller {
					t.Errorf("one element: it was not worked on in the caller's goroutine")
				}
				if got := testutil.LibraryGoroutines(); got > n-1 {
					t.Errorf("%d elements: %d goroutines were started", n, got)
				}
				return nil
			}, group.Limit(100))
			testutil.WantFailures(t, err)
			if got := int(calls.Load()); got != n {
				t.Errorf("%d elements: %d calls", n, got)
			}
		})
	}
}

// The elements that a goroutine has claimed beside one that panics, or leaves by Goexit, are worked on as well.
func TestSlice_ElementsBesideOneThatPanics(t *testing.T) {
	const n, every = 50_000, 9_973
	for name, leave := range map[string]func(){"panic": func() { panic("oops") }, "Goexit": runtime.Goexit} {
		for _, limit := range []int{1, 2, 4} {
			t.Run(fmt.Sprint(name, limit), func(t *testing.T) {
				var rs []int
				var err error
				testutil.EndOf(func() { // Goexit may be the caller's own
					rs, err = iter.MapSlice(t.Context(), make([]int, n), leaving(every, leave), group.Limit(limit), group.KeepGoing(), group.PanicAsError())
				})
				if rs == nil {
					return // it was
				}
				sum := 0
				for _, r := range rs {
					sum += r
				}
				left := (n + every - 1) / every
				if e := testutil.ScopeError(t, err); sum != n-left || len(e.Failures) != left {
					t.Errorf("%d elements were worked on and %d failed, want %d and %d", sum, len(e.Failures), n-left, left)
				}
			})
		}
	}
}

// leaving returns a function that returns 1, but for each so-manieth call, which leaves.
func leaving(every int, leave func()) func(context.Context, int) (int, error) {
	var calls atomic.Int64
	return func(context.Context, int) (int, error) {
		if calls.Add(1)%int64(every) == 1 {
			leave()
		}
		return 1, nil
	}
}

// E3: whoever stops a loop whose context has ended by an error that is ignored does not hide that elements were left.
func TestE3_Slice_StoppedByAnErrorThatIsIgnored(t *testing.T) {
	const n = 20_000
	for _, limit := range []int{1, 2} {
		ctx, cancel := context.WithCancelCause(t.Context())
		calls := 0
		var mu sync.Mutex
		_, err := iter.MapSlice(ctx, make([]int, n), func(context.Context, int) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls == n/2 {
				cancel(errWhy)
				return 0, errBoom
			}
			return 1, nil
		}, group.Limit(limit), group.Ignore(errBoom))
		if calls < n {
			testutil.WantError(t, "the loop", err, errWhy)
		} else {
			t.Errorf("limit %d: all elements were worked on after the end of the context", limit)
		}
	}
}
