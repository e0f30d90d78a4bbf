package group_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A descent opens scopes below each other, and calls bottom in the lowest. It notes the order in which they end.
type descent struct {
	mu    sync.Mutex
	ended []int
	errs  []error
}

func (d *descent) note(level int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = append(d.ended, level)
	d.errs = append(d.errs, err)
}

// How one scope comes to lie below another.
var descents = map[string]func(d *descent, ctx context.Context, levels int, bottom func(ctx context.Context) error) error{
	"task below task": (*descent).throughTasks,
	"body in body":    (*descent).throughBodies,
}

func (d *descent) throughTasks(ctx context.Context, levels int, bottom func(ctx context.Context) error) error {
	if levels == 0 {
		return bottom(ctx)
	}
	_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
		g.Do(func(ctx context.Context) error { return d.throughTasks(ctx, levels-1, bottom) }, group.Name("task"))
		return nil
	})
	d.note(levels, err)
	return err
}

func (d *descent) throughBodies(ctx context.Context, levels int, bottom func(ctx context.Context) error) error {
	if levels == 0 {
		return bottom(ctx)
	}
	_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
		g.Go(obedient) // with something to cancel at each level
		return d.throughBodies(ctx, levels-1, bottom)
	})
	d.note(levels, err)
	return err
}

func untilCancelled(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

const depth = 1000

// upwards is the order in which levels have to end: each before the one that it lies in.
func upwards() (levels []int) {
	for i := range depth {
		levels = append(levels, i+1)
	}
	return levels
}

func TestNE12_CancelledFromTheTop(t *testing.T) {
	for how, down := range descents {
		testutil.Bubble(t, how, func(t *testing.T) {
			var d descent
			ctx, cancel := context.WithCancelCause(t.Context())
			reached := false
			time.AfterFunc(time.Second, func() { cancel(errWhy) })
			err := down(&d, ctx, depth, func(ctx context.Context) error {
				reached = true
				<-ctx.Done()
				if !errors.Is(context.Cause(ctx), errWhy) {
					t.Errorf("the cause at the bottom is %v", context.Cause(ctx))
				}
				return ctx.Err()
			})
			if !reached {
				t.Fatal("the bottom was not reached")
			}
			testutil.WantFailures(t, err, entry{"context", -1, errWhy})
			if !slices.Equal(d.ended, upwards()) {
				t.Errorf("the levels ended in the order %v", d.ended)
			}
			for i, err := range d.errs {
				if !errors.Is(err, errWhy) || len(testutil.ScopeError(t, err).Failures) != 1 {
					t.Fatalf("level %d ends with %v, want the cause, once", d.ended[i], err)
				}
			}
		})
	}
}

// The other way: a failure at the bottom comes up through every level.
func TestNE12_FailureFromTheBottom(t *testing.T) {
	for how, down := range descents {
		testutil.Bubble(t, how, func(t *testing.T) {
			var d descent
			err := down(&d, t.Context(), depth, func(context.Context) error { return errBoom })
			levels := 0
			for e, ok := err.(*group.Error); ok; e, ok = err.(*group.Error) {
				if len(e.Failures) != 1 {
					t.Fatalf("level %d has %d failures", levels, len(e.Failures))
				}
				err = e.Failures[0].Err
				levels++
			}
			if levels != depth || err != errBoom {
				t.Errorf("below %d levels of errors lies %v", levels, err)
			}
			if !slices.Equal(d.ended, upwards()) {
				t.Errorf("the levels ended in the order %v", d.ended)
			}
		})
	}
}

// A panic at the bottom reaches the top, and everybody on its way has been awaited.
func TestNE12_P1_PanicFromTheBottom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		var down func(ctx context.Context, levels int)
		down = func(ctx context.Context, levels int) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Go(c.counted(obedient))
				g.Do(func(ctx context.Context) error {
					if levels == 1 {
						panic(errBoom)
					}
					down(ctx, levels-1)
					return nil
				})
				return nil
			})
		}
		p := testutil.Propagated(t, func() { down(t.Context(), 50) }) // each level keeps a stack
		c.WantNone(t)
		testutil.WantError(t, "panic", p, errBoom)
	})
}

// Sixteen times as many levels take about sixteen times as long to be cancelled, not 256 times.
func TestNE12_CancelIsLinearInTheDepth(t *testing.T) {
	for how, down := range descents {
		t.Run(how, func(t *testing.T) {
			testutil.WantGrowth(t, 60, func(levels int) time.Duration {
				ctx, cancel := context.WithCancel(t.Context())
				var began time.Time
				var d descent
				down(&d, ctx, levels, func(ctx context.Context) error {
					runtime.GC() // not now
					began = time.Now()
					cancel()
					return untilCancelled(ctx)
				})
				return time.Since(began)
			}, 100, 1600)
		})
	}
}

// Whether a scope is cancelled is asked for each task; in a nest where nobody waits on a context that went up through all levels. Thirty
// times as many levels would take 900 times as long if each asked all above it.
func TestNE12_OpeningADeepNestTakesLinearTime(t *testing.T) {
	var nest func(ctx context.Context, levels int) error
	nest = func(ctx context.Context, levels int) error {
		return ignoringValues(group.Run(ctx, func(_ context.Context, g *intGroup) error {
			if levels > 1 {
				g.Do(func(ctx context.Context) error { return nest(ctx, levels-1) })
			}
			return nil
		}))
	}
	testutil.WantGrowth(t, 300, func(levels int) time.Duration {
		start := time.Now()
		if err := nest(t.Context(), levels); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}, 100, 3000)
}
