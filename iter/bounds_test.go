package iter_test

import (
	"context"
	stditer "iter"
	"math"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// A loop holds at most the documented number. One more is in the source's hand.
func TestBounds_ASlowLoopHoldsTheSourceBack(t *testing.T) {
	for _, l := range lazyLoops {
		for _, limit := range []int{1, 2, 16, 17, 48, 49, 113, 300} {
			testutil.Bubble(t, l.name, func(t *testing.T) {
				var n atomic.Int64
				taken, most := int64(0), int64(0)
				for range l.loop(t.Context(), endless(&n), same, group.Limit(limit)) {
					synctest.Wait()
					most = max(most, n.Load()-taken)
					if taken++; taken == 1000 {
						break
					}
				}
				if bound := int64(4*limit + 64 + 1); most > bound {
					t.Errorf("limit %d: the source was %d elements ahead of the loop, want %d at most", limit, most, bound)
				}
				if most < int64(limit) {
					t.Errorf("limit %d: the source was %d elements ahead of the loop, too few to work on", limit, most)
				}
			})
		}
	}
}

// Slow calls hold the source back as well.
func TestBounds_SlowCallsHoldTheSourceBack(t *testing.T) {
	for _, tt := range calls() {
		if tt.slice {
			continue
		}
		for _, limit := range []int{1, 8} {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var n atomic.Int64
				end := make(chan struct{})
				go func() {
					defer close(end)
					tt.run(ctx, endless(&n), obedient, group.Limit(limit))
				}()
				synctest.Wait()
				if got, bound := n.Load(), int64(3*limit+128); got > bound {
					t.Errorf("limit %d: the source made %d elements while the first are worked on, want %d at most", limit, got, bound)
				}
				cancel()
				<-end
			})
		}
	}
}

// In order, one slow element holds all others back after a while; without, it does not.
func TestBounds_OneSlowElement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		gate := make(chan struct{})
		next, stop := stditer.Pull2(iter.MapUnordered(t.Context(), endless(&n), func(_ context.Context, v int) (int, error) {
			if v == 0 {
				<-gate
			}
			return v, nil
		}, group.Limit(2)))
		for range 1000 {
			if v, err, ok := next(); v == 0 || err != nil || !ok {
				t.Fatalf("MapUnordered yields %d, %v, %v", v, err, ok)
			}
		}
		close(gate)
		stop()
		if n.Load() < 1000 {
			t.Errorf("the source made %d elements", n.Load())
		}
	})
}

// LI-06: the goroutines beside the caller's, while a function runs.
func TestLI06_NoNeedlessGoroutines(t *testing.T) {
	for _, tt := range calls() {
		for n := range 3 {
			want := n + 1 // one for each element, and the source's
			switch {
			case tt.name == "ForEach":
				want = n
			case tt.slice:
				want = max(0, n-1)
			}
			synctest.Test(t, func(t *testing.T) {
				tt.run(t.Context(), func(yield func(int) bool) {
					for i := range n {
						if got := testutil.LibraryGoroutines(); !tt.slice && got > want {
							t.Errorf("%s, %d elements: %d goroutines, want %d", tt.name, n, got, want)
						}
						if !yield(i) {
							return
						}
					}
				}, func(_ context.Context, v int) (int, error) {
					if got := testutil.LibraryGoroutines(); got > want {
						t.Errorf("%s, %d elements: %d goroutines, want %d", tt.name, n, got, want)
					}
					return v, nil
				}, group.Limit(10))
				synctest.Wait()
				if got := testutil.LibraryGoroutines(); got != 0 {
					t.Errorf("%s: %d goroutines are left", tt.name, got)
				}
			})
		}
	}
}

// ForEach iterates in the caller's goroutine, the others in one of their own.
func TestSource_IsIteratedByOneGoroutine(t *testing.T) {
	for _, tt := range calls() {
		if tt.slice {
			continue
		}
		var in []string
		caller := testutil.Goroutine()
		testutil.WantFailures(t, tt.run(t.Context(), func(yield func(int) bool) {
			for i := range 100 {
				in = append(in, testutil.Goroutine())
				yield(i)
			}
		}, same))
		for _, g := range in {
			if g != in[0] || (g == caller) != (tt.name == "ForEach") {
				t.Fatalf("%s: the source ran in %s and %s, the caller in %s", tt.name, in[0], g, caller)
			}
		}
	}
}

// A limit that fits no 32 bits became another, or made a loop wait for ever.
func TestLI01_HugeLimits(t *testing.T) {
	for _, limit := range []int{1 << 20, 1<<31 - 1, math.MaxInt - 1, math.MaxInt} {
		testutil.Bubble(t, strconv.Itoa(limit), func(t *testing.T) {
			var got []int
			double := func(_ context.Context, v int) (int, error) { time.Sleep(time.Second); return 2 * v, nil }
			start := time.Now()
			for v, err := range iter.Map(t.Context(), count(3), double, group.Limit(limit)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, v)
			}
			testutil.WantValues(t, got, 0, 2, 4)
			if err := iter.ForEach(t.Context(), count(3), func(context.Context, int) error { time.Sleep(time.Second); return nil }, group.Limit(limit)); err != nil {
				t.Error(err)
			}
			if d := time.Since(start); d != 2*time.Second {
				t.Errorf("took %v, want 2s: three elements at once", d)
			}
		})
	}
}
