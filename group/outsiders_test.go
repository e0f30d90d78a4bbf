package group_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The error of a task that panicked is the task's: what Wait adds when it panics is in another.
func TestP1_WaitDoesNotWriteIntoTheErrorOfATask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		g.Go(failing(errBoom))
		synctest.Wait()
		task := g.Go(func(context.Context) (int, error) { panic("oops") })
		synctest.Wait()
		var reading sync.WaitGroup
		reading.Go(func() { _ = task.Err().Error() }) // the race detector sees a write beside it
		p := testutil.Propagated(t, func() { g.Wait() })
		reading.Wait()
		if own := task.Err().(*group.PanicError); len(own.Failures) != 0 || len(p.Failures) != 1 {
			t.Errorf("%d failures in the task's error, %d in that of Wait, want 0 and 1", len(own.Failures), len(p.Failures))
		}
	})
}

func TestS2_DaemonInAScopeWhoseParentHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errWhy)
		g := group.New[int](ctx)
		daemon := g.Go(func(context.Context) (int, error) { t.Error("the daemon began"); return 0, nil }, group.Daemon())
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{Name: "context", Index: -1, Err: errWhy})
		wantState(t, daemon, group.NotStarted)
	})
}

// L1, P2: the function of OnStuck in a scope that is left open has returned before the scope above ends, and its panic is not lost.
func TestL1_P2_OnStuckOfAScopeLeftOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := false
		g := group.New[int](t.Context())
		g.Do(func(ctx context.Context) error {
			open := group.New[int](ctx, group.OnStuck(time.Second, func([]group.StuckTask) {
				time.Sleep(time.Hour)
				told = true
				panic("oops")
			}))
			open.Go(func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
			synctest.Wait()
			return nil
		})
		p := testutil.Propagated(t, func() { g.Wait() })
		if !told {
			t.Error("the scope ended before the function did")
		}
		if inner, ok := p.Value.(*group.PanicError); !ok || inner.Value != "oops" {
			t.Errorf("it panicked with %v", p.Value)
		}
	})
}

// M1: a scope that is opened after the end of its parent leaves nothing behind either.
func TestM1_OnStuckAfterTheEndOfTheParent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 2000 {
		group.New[int](ctx, group.OnStuck(time.Hour, func([]group.StuckTask) {})).Wait()
		if n := testutil.LibraryGoroutines(); n > 0 {
			t.Fatalf("%d goroutines were left after scope %d", n, i)
		}
	}
}

// Who cancels something, or starts a task too late, does not call the rule: he may hold a lock that the rule needs.
func TestStopWhen_RuleIsNotCalledByWhoCancels(t *testing.T) {
	calls := map[string]func(g *intGroup, queued *intTask){
		"Cancel of the scope": func(g *intGroup, _ *intTask) { g.Cancel(nil) },
		"Cancel of a task":    func(_ *intGroup, queued *intTask) { queued.Cancel(nil) },
		"Go":                  func(g *intGroup, _ *intTask) { g.Cancel(nil); g.Go(value(1)) },
	}
	for name, call := range calls {
		testutil.Bubble(t, name, func(t *testing.T) {
			var mu sync.Mutex
			told := 0
			g := group.New[int](t.Context(), group.Limit(1), group.StopWhen(func() func(group.Completion) bool {
				return func(group.Completion) bool {
					mu.Lock()
					defer mu.Unlock()
					told++
					return false
				}
			}))
			g.Go(obedient)
			synctest.Wait()
			queued := g.Go(value(1))
			mu.Lock()
			call(g, queued) // deadlocks if the rule is called inside
			mu.Unlock()
			g.Cancel(nil)
			g.Wait()
			if told < 2 {
				t.Errorf("the rule was told of %d tasks", told)
			}
		})
	}
}

// L5: a rule that takes its time does not keep others from hearing of a cancellation above.
func TestL5_SlowRuleDoesNotHoldUpTheCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var heard atomic.Int64
		listen := func(ctx context.Context) (int, error) {
			<-ctx.Done()
			heard.Add(int64(time.Since(start)))
			return 0, ctx.Err()
		}
		g := group.New[int](t.Context())
		g.Go(listen)
		synctest.Wait()
		g.Do(func(ctx context.Context) error {
			slow := group.New[int](ctx, group.Limit(1), group.StopWhen(func() func(group.Completion) bool {
				return func(group.Completion) bool { time.Sleep(time.Hour); return false }
			}))
			slow.Go(listen)
			slow.Go(value(1)) // is refused
			_, err := slow.Wait()
			return err
		})
		synctest.Wait()
		g.Go(listen)
		synctest.Wait()
		g.Cancel(nil)
		if d := time.Since(start); d > 0 {
			t.Errorf("Cancel took %v", d)
		}
		g.Wait()
		if heard.Load() > 0 {
			t.Errorf("tasks heard of it late, by %v in all", time.Duration(heard.Load()))
		}
	})
}

// Start's wait for room ends with its own context, and a daemon does not wait for room.
func TestStart_WaitForRoom(t *testing.T) {
	full := func(t *testing.T) *intGroup {
		g := group.New[int](t.Context(), group.Limit(1), group.Queue(1))
		g.Go(sleeping(time.Hour, 1))
		synctest.Wait()
		g.Go(sleeping(time.Hour, 2))
		return g
	}
	ready := func(_ context.Context, ready func(int) bool) error { ready(7); return nil }
	testutil.Bubble(t, "the context ends", func(t *testing.T) {
		g, start := full(t), time.Now()
		v, err := group.Start(testutil.CancelledIn(t.Context(), time.Second, errWhy), g, ready)
		if d := time.Since(start); d != time.Second || v != 0 {
			t.Errorf("Start returned %v after %v", v, d)
		}
		testutil.WantError(t, "Start", err, errWhy)
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 2)
	})
	testutil.Bubble(t, "daemon", func(t *testing.T) {
		g, start := full(t), time.Now()
		v, err := group.Start(t.Context(), g, ready, group.Daemon())
		if d := time.Since(start); d != 0 || v != 7 || err != nil {
			t.Errorf("Start returned %v, %v after %v", v, err, d)
		}
		g.Wait()
	})
}

// userContext calls a function when it is asked for its error.
type userContext struct {
	context.Context
	asked func()
}

func (c userContext) Err() error { c.asked(); return c.Context.Err() }

// M2: the caller's context is asked without a lock.
func TestM2_ReadyAsksTheContextWithoutALock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		again := func() {}
		ctx := userContext{t.Context(), func() { again() }}
		group.Start(ctx, g, func(_ context.Context, ready func(int) bool) error {
			var once sync.Once
			again = func() { once.Do(func() { again = func() {}; ready(1) }) } // deadlocks if a lock is held
			defer func() { recover() }()                                       // ready was called twice
			ready(2)
			return nil
		})
		g.Wait()
	})
}

func TestMisuse_GroupThatNobodyMade(t *testing.T) {
	calls := map[string]func(g *intGroup){
		"Go":                 func(g *intGroup) { g.Go(value(1)) },
		"TryGo":              func(g *intGroup) { g.TryGo(value(1)) },
		"Next":               func(g *intGroup) { g.Next(context.Background()) },
		"Cancel":             func(g *intGroup) { g.Cancel(nil) },
		"Context":            func(g *intGroup) { g.Context() },
		"Wait":               func(g *intGroup) { g.Wait() },
		"Go of another type": func(g *intGroup) { group.Go(g, value("x")) },
		"Start": func(g *intGroup) {
			group.Start(context.Background(), g, func(context.Context, func(int) bool) error { return nil })
		},
	}
	for name, call := range calls {
		v := testutil.PanicOf(t, func() { call(new(intGroup)) })
		if want := "group: a TaskGroup must be made by New or Run"; v != want {
			t.Errorf("%s panics with %v, want %s", name, v, want)
		}
	}
}
