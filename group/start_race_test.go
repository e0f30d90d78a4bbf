package group_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Where there is nothing to start in, or nobody to start it for, the function does not run.
func TestSH11_NothingIsStarted(t *testing.T) {
	never := func(t *testing.T) func(context.Context, readyFunc) error {
		return func(context.Context, readyFunc) error { t.Error("the function ran"); return nil }
	}
	testutil.Bubble(t, "ended", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Name("scope"))
		g.Wait()
		text, _ := testutil.PanicOf(t, func() { group.Start(t.Context(), g, never(t)) }).(string)
		for _, want := range []string{"group: Start", "after the end of scope", "scope", "start_race_test.go:"} {
			if !strings.Contains(text, want) {
				t.Errorf("the panic %q does not hold %q", text, want)
			}
		}
	})
	testutil.Bubble(t, "cancelled", func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Cancel(errWhy)
		_, err := group.Start(t.Context(), g, never(t))
		testutil.WantError(t, "Start", err, group.ErrNotStarted)
		testutil.WantError(t, "Start", err, errWhy)
		g.Wait()
	})
	testutil.Bubble(t, "caller over", func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx := testutil.CancelledIn(t.Context(), 0, errWhy)
		time.Sleep(tick)
		_, err := group.Start(ctx, g, never(t))
		testutil.WantError(t, "Start", err, errWhy)
		testutil.WantError(t, "Start", err, context.Canceled)
		_, err = g.Wait()
		testutil.WantFailures(t, err)
	})
	testutil.Bubble(t, "queued", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(sleeping(time.Minute, 7))
		start := time.Now()
		_, err := group.Start(testutil.CancelledIn(t.Context(), time.Second, errWhy), g, never(t))
		testutil.WantError(t, "Start", err, errWhy)
		testutil.WantError(t, "Start", err, context.Canceled)
		if d := time.Since(start); d != time.Second {
			t.Errorf("Start took %v", d)
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
	testutil.Bubble(t, "queued, target cancelled", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(obedient)
		time.AfterFunc(time.Second, func() { g.Cancel(errWhy) })
		_, err := group.Start(t.Context(), g, never(t))
		testutil.WantError(t, "Start", err, group.ErrNotStarted)
		testutil.WantError(t, "Start", err, errWhy)
		g.Wait()
	})
}

// Handed over is handed over: what becomes of the caller is no longer the task's concern.
func TestSH12_CallerCancelledAfterReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "caller"), time.Second)
		_, err := group.Start(ctx, g, func(ctx context.Context, ready readyFunc) error {
			derived, stop := context.WithCancel(ctx) // from before the handing over
			defer stop()
			ready(7)
			time.Sleep(time.Minute)
			return errors.Join(ctx.Err(), derived.Err())
		})
		testutil.WantError(t, "Start", err, nil)
		cancel()
		_, err = g.Wait()
		testutil.WantFailures(t, err)
	})
}

// Ready, the end of the caller and the end of the scope, all at once. Whoever is first, each outcome is somebody's, and exactly one's.
func TestSH06_SH09_SH12_ReadyRacesWithBothCancellations(t *testing.T) {
	var began, accepted, started, taken, dropped atomic.Int32
	const rounds = 3000
	for i := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		g := group.New[int](t.Context())
		var wg sync.WaitGroup
		gate := make(chan struct{})
		for k, f := range []func(){cancel, func() { g.Cancel(nil) }} {
			if i%4 != k { // now and then one of them alone
				wg.Go(func() { <-gate; f() })
			}
		}
		var own error
		wg.Go(func() {
			<-gate
			v, err := group.Start(ctx, g, func(_ context.Context, ready readyFunc) error {
				began.Add(1)
				if ready(i) {
					accepted.Add(1)
					own = &planned{errBoom, i}
				} else {
					own = &planned{errOther, i}
				}
				return own
			})
			switch {
			case err == nil && v == i:
				started.Add(1)
			case errors.Is(err, errOther):
				taken.Add(1)
			case err != nil && v == 0 && !errors.Is(err, errBoom):
				dropped.Add(1)
			default:
				t.Errorf("Start gives %v, %v", v, err)
			}
		})
		close(gate)
		wg.Wait()
		cancel()
		_, err := g.Wait()
		switch {
		case errors.Is(own, errBoom): // in a scope that was cancelled it is real all the same
			testutil.WantError(t, "Wait", err, own)
		default:
			testutil.WantFailures(t, err)
		}
		if t.Failed() {
			return
		}
	}
	if a, s := accepted.Load(), started.Load(); a != s {
		t.Errorf("ready was accepted %d times, and Start succeeded %d times", a, s)
	}
	if b, a, n := began.Load(), accepted.Load(), taken.Load(); b != a+n {
		t.Errorf("%d tasks began; %d were accepted, and the errors of %d went to their callers", b, a, n)
	}
	if n := started.Load() + taken.Load() + dropped.Load(); n != rounds {
		t.Errorf("%d outcomes of %d rounds", n, rounds)
	}
}
