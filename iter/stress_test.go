package iter_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// What an element's call writes, the loop body reads, and the next loop writes again: unguarded, for the race detector.
func TestStress_ValuesAreHandedOver(t *testing.T) {
	for _, l := range lazyLoops {
		cells := make([]int, 2000)
		for round := range 3 {
			for v, err := range l.loop(t.Context(), count(len(cells)), func(_ context.Context, v int) (int, error) { cells[v]++; return v, nil }) {
				if err != nil || cells[v] != round+1 {
					t.Fatalf("%s, round %d: cell %d is %d, %v", l.name, round, v, cells[v], err)
				}
			}
		}
	}
	cells := make([]int, 20_000)
	for range 3 {
		testutil.WantFailures(t, iter.ForEachSlice(t.Context(), cells, func(_ context.Context, v *int) error { *v++; return nil }, group.Limit(8)))
	}
	for i, v := range cells {
		if v != 3 {
			t.Fatalf("cell %d is %d, want 3", i, v)
		}
	}
}

// Many loops at once, cancelled, left and failing at moments of all kinds.
func TestStress_EndsOfAllKinds(t *testing.T) {
	var wg sync.WaitGroup
	for w := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(w, 3))
			for range 100 {
				ctx, cancel := context.WithCancelCause(t.Context())
				var c crew
				var n atomic.Int64
				stop, how := 1+r.Int64N(200), r.IntN(3)
				fn := c.counted(func(_ context.Context, v int) (int, error) {
					if int64(v) == stop {
						switch how {
						case 0:
							return 0, errBoom
						case 1:
							cancel(errBoom)
						}
					}
					return v, nil
				})
				next, last := 0, error(nil)
				for v, err := range lazyLoops[0].loop(ctx, c.watch(endless(&n)), fn, group.Limit(1+r.IntN(6))) {
					if last = err; err != nil {
						continue
					}
					if v != next {
						t.Errorf("value %d came, want %d", v, next)
					}
					if next++; how == 2 && int64(next) == stop {
						break
					}
				}
				c.WantNone(t)
				if how != 2 {
					testutil.WantError(t, "the loop", last, errBoom)
				}
				cancel(nil)
			}
		})
	}
	wg.Wait()
}

// Elements that Batch has taken from its source are yielded, whenever the context ends.
func TestStress_BatchLosesNothing(t *testing.T) {
	for round := range 300 {
		ctx, cancel := context.WithCancelCause(t.Context())
		accepted, yielded := 0, 0
		go func() {
			for range round % 100 {
				runtime.Gosched()
			}
			cancel(errWhy)
		}()
		for b := range iter.Batch(ctx, func(yield func(int) bool) {
			for accepted < 2000 && yield(0) {
				accepted++
			}
		}, 1000, 0) {
			yielded += len(b)
		}
		if yielded != accepted {
			t.Fatalf("round %d: %d elements were taken from the sequence, %d of them yielded", round, accepted, yielded)
		}
	}
}
