package group_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The waiter's own cancellation is no way out of the wait.
func TestSE09_CancelledWaiterWaitsForStragglers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		start := time.Now()
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errWhy)
		defer cancel()
		g := group.New[int](ctx)
		g.Go(c.straggler)
		g.Go(c.straggler)
		_, err := g.Wait()
		c.WantNone(t)
		testutil.WantFailures(t, err, entry{"context", -1, errWhy})
		testutil.WantError(t, "Wait", err, context.DeadlineExceeded)
		if d := time.Since(start); d != time.Minute+time.Second {
			t.Errorf("Wait took %v, want the minute and the second of cleaning up", d)
		}
	})
}

// An empty scope is not an ended one: only Wait ends it.
func TestSE12_ScopeStaysOpenAtZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range 3 {
			g.Go(value(i))
			time.Sleep(time.Second) // the count falls to zero each time
			if err := g.Context().Err(); err != nil {
				t.Fatalf("the scope of no living task has ended: %v", err)
			}
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 0, 1, 2)
		if g.Context().Err() == nil {
			t.Error("the scope's context outlives the scope")
		}
	})
}

func TestSE13_WaitTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		g.Go(sleeping(time.Second, 1))
		g.Go(failing(errBoom), group.Name("bad"))
		var wg sync.WaitGroup
		wait := func() {
			vs, err := g.Wait()
			testutil.WantValues(t, vs, 1)
			testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
		}
		for range 4 {
			wg.Go(wait)
		}
		wait()
		wg.Wait()
		wait() // long after the end
	})
}

// A spawn that races with the end either runs and is awaited, or panics; nothing in between.
func TestSE14_SpawnRacingWithClose(t *testing.T) {
	for range 500 {
		g := group.New[int](t.Context())
		var ran atomic.Bool
		g.Go(value(1))
		var end testutil.Ending
		var wg sync.WaitGroup
		wg.Go(func() {
			end = testutil.EndOf(func() {
				g.Go(func(context.Context) (int, error) {
					runtime.Gosched()
					ran.Store(true)
					return 2, nil
				})
			})
		})
		vs, err := g.Wait()
		seen := ran.Load()
		wg.Wait()
		testutil.WantFailures(t, err)
		switch end.How {
		case "returned":
			if !seen {
				t.Fatal("Wait returned before a task that it had let in")
			}
			testutil.WantValues(t, vs, 1, 2)
		case "panicked":
			if ran.Load() {
				t.Fatal("a refused function ran")
			}
			testutil.WantValues(t, vs, 1)
		}
	}
}

func TestSE16_BodyPanicWaitsForChildren(t *testing.T) {
	tests := []struct {
		name, how string
		end       func()
		reason    string
	}{
		{"panic", "panicked", func() { panic(errBoom) }, "the panic leaves last"},
		{"goexit", "goexited", runtime.Goexit, "what t.FailNow does"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var task *intTask
			end := testutil.EndOf(func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					task = g.Go(c.straggler)
					time.Sleep(tick)
					tt.end()
					return nil
				})
			})
			c.WantNone(t)
			if end.How != tt.how {
				t.Errorf("Run %s, want %s: %s", end.How, tt.how, tt.reason)
			}
			wantState(t, task, group.Canceled)
		})
	}
}
