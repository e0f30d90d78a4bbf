package iter_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// leavings are the ways to leave a loop before its end, each from a loop over seq with the n-th element.
var leavings = []struct {
	name, how string
	leave     func(seq func(func(int, error) bool), n int)
}{
	{"break", "returned", func(seq func(func(int, error) bool), n int) {
		i := 0
		for range seq {
			if i++; i == n {
				break
			}
		}
	}},
	{"return", "returned", func(seq func(func(int, error) bool), n int) {
		i := 0
		for range seq {
			if i++; i == n {
				return
			}
		}
	}},
	{"panic", "panicked", func(seq func(func(int, error) bool), n int) {
		i := 0
		for range seq {
			if i++; i == n {
				panic("x")
			}
		}
	}},
	{"Goexit", "goexited", func(seq func(func(int, error) bool), n int) {
		i := 0
		for range seq {
			if i++; i == n {
				runtime.Goexit()
			}
		}
	}},
	{"outer continue", "returned", func(seq func(func(int, error) bool), n int) {
		i := 0
	outer:
		for range 1 {
			for range seq {
				if i++; i == n {
					continue outer
				}
			}
		}
	}},
}

// CI-24, CI-25, W2: after the loop no call is running, and the source is over; there were calls to cancel.
func TestW2_LeavingCancelsAndAwaits(t *testing.T) {
	for _, l := range lazyLoops {
		for _, tt := range leavings {
			testutil.Bubble(t, l.name+"/"+tt.name, func(t *testing.T) {
				var c crew
				fn := func(ctx context.Context, v int) (int, error) {
					if v < 3 {
						return v, nil
					}
					return c.straggler(ctx, v)
				}
				end := testutil.EndOf(func() {
					defer c.WantNone(t) // before control leaves the loop's function
					tt.leave(l.loop(t.Context(), c.watch(endless(new(atomic.Int64))), fn, group.Limit(5)), 3)
				})
				if end.How != tt.how || tt.how == "panicked" && end.Value != "x" {
					t.Errorf("the loop %s (%v), want that it %s", end.How, end.Value, tt.how)
				}
			})
		}
	}
}

func TestW2_LeavingMergeAndBatch(t *testing.T) {
	for _, tt := range leavings {
		testutil.Bubble(t, "Merge/"+tt.name, func(t *testing.T) {
			var c crew
			end := testutil.EndOf(func() {
				defer c.WantNone(t)
				tt.leave(iter.Merge(t.Context(), c.watch(endless(new(atomic.Int64))), c.watch(endless(new(atomic.Int64)))), 3)
			})
			if end.How != tt.how {
				t.Errorf("the loop %s, want that it %s", end.How, tt.how)
			}
		})
		testutil.Bubble(t, "Batch/"+tt.name, func(t *testing.T) {
			var c crew
			end := testutil.EndOf(func() {
				defer c.WantNone(t)
				tt.leave(func(yield func(int, error) bool) {
					for b, err := range iter.Batch(t.Context(), c.watch(endless(new(atomic.Int64))), 2, 1) {
						if !yield(len(b), err) {
							return
						}
					}
				}, 3)
			})
			if end.How != tt.how {
				t.Errorf("the loop %s, want that it %s", end.How, tt.how)
			}
		})
	}
}

// Leaving with the last error, or with the first of many, is leaving like any other.
func TestW2_LeavingWithAnError(t *testing.T) {
	for _, l := range lazyLoops {
		for _, tt := range leavings {
			testutil.Bubble(t, l.name+"/"+tt.name, func(t *testing.T) {
				var c crew
				end := testutil.EndOf(func() {
					defer c.WantNone(t)
					tt.leave(l.loop(t.Context(), c.watch(endless(new(atomic.Int64))), c.counted(failAt(errBoom, 0)), group.Limit(1)), 1)
				})
				if end.How != tt.how {
					t.Errorf("the loop %s, want that it %s", end.How, tt.how)
				}
			})
		}
	}
}

// A call that panics while the loop is being left is not lost.
func TestP1_PanicWhileTheLoopIsLeft(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			begun := make(chan struct{})
			p := testutil.Propagated(t, func() {
				for range l.loop(t.Context(), count(2), func(ctx context.Context, v int) (int, error) {
					if v > 0 {
						close(begun)
						<-ctx.Done()
						panic("late")
					}
					return v, nil
				}, group.Limit(3)) {
					<-begun
					break
				}
			})
			if p.Value != "late" {
				t.Errorf("the panic's value is %v, want that of the call", p.Value)
			}
		})
	}
}

// First is left by its own success.
func TestW2_FirstCancelsTheRest(t *testing.T) {
	testutil.Bubble(t, "First", func(t *testing.T) {
		var c crew
		v, err := iter.First(t.Context(), c.watch(endless(new(atomic.Int64))), func(ctx context.Context, v int) (int, error) {
			if v == 0 {
				return 7, nil
			}
			return c.straggler(ctx, v)
		}, group.Limit(4))
		c.WantNone(t)
		testutil.WantError(t, "the loop", err, nil)
		if v != 7 {
			t.Errorf("First is %d, want 7", v)
		}
	})
}
