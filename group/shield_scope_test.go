package group_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A shield hides what is outside of it. Each row cancels something; the section must be cancelled at once, or not.
func TestCA17_CA18_WhatAShieldHides(t *testing.T) {
	type section = func(ctx context.Context, outer *intGroup) *intTask
	var inner *intGroup
	ofInner := func(ctx context.Context, _ *intGroup) *intTask {
		inner = group.New[int](ctx)
		return inner.Go(obedient)
	}
	tests := []struct {
		name    string
		section section
		cancel  func(outer *intGroup)
		hidden  bool
		reason  string
	}{
		{"outer scope", ofInner, func(outer *intGroup) { outer.Cancel(nil) }, true, "that is what it is for"},
		{"inner scope", ofInner, func(*intGroup) { inner.Cancel(nil) }, false, "a scope inside is not shielded from itself (CA-17)"},
		{"inner sibling", ofInner, func(*intGroup) { inner.Go(failing(errBoom)) }, false, "nor from its own tasks (CA-17)"},
		{"scope in the inner scope", func(ctx context.Context, _ *intGroup) *intTask {
			inner = group.New[int](ctx)
			return inner.Go(func(ctx context.Context) (int, error) {
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Go(obedient); return nil })
				return 0, err
			})
		}, func(*intGroup) { inner.Cancel(nil) }, false, "nor what is below (CA-17)"},
		{"outer child", func(_ context.Context, outer *intGroup) *intTask { return outer.Go(obedient) },
			func(outer *intGroup) { outer.Cancel(nil) }, false, "a child of the outer scope, though started from inside (CA-18)"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			outer := group.New[int](t.Context())
			outer.Go(func(ctx context.Context) (int, error) {
				return 0, group.Shield(ctx, time.Hour, func(ctx context.Context) error {
					task := tt.section(ctx, outer)
					time.Sleep(time.Second)
					tt.cancel(outer)
					time.Sleep(time.Second)
					if hidden := task.State() == group.Running; hidden != tt.hidden {
						t.Errorf("the task is %v: %s", task.State(), tt.reason)
					}
					if ctx.Err() != nil {
						t.Errorf("the section itself was cancelled: %v", context.Cause(ctx))
					}
					if inner != nil {
						inner.Cancel(nil)
						inner.Wait()
					}
					inner = nil
					return nil
				})
			})
			_, err := outer.Wait()
			testutil.WantFailures(t, err)
		})
	}
}

// The effective deadline ends at the shield; one that is set inside holds.
func TestCA21_TI18_DeadlinesAndShields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := group.Shield(ctx, time.Hour, func(ctx context.Context) error {
			if d, ok := ctx.Deadline(); ok {
				t.Errorf("the section has a deadline in %v", time.Until(d))
			}
			_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				if d, ok := ctx.Deadline(); !ok || d.Sub(start) != time.Minute {
					t.Errorf("the inner scope's deadline is %v, want its own", d.Sub(start))
				}
				g.Go(obedient)
				return nil
			}, group.Timeout(time.Minute))
			return err
		})
		testutil.WantFailures(t, err, entry{"Timeout", -1, context.DeadlineExceeded})
		if d := time.Since(start); d != time.Minute {
			t.Errorf("the deadline inside fired after %v", d)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := group.Shield(testutil.CancelledIn(t.Context(), time.Second, errWhy), time.Hour, func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		if d := time.Since(start); err != context.DeadlineExceeded || d != time.Minute {
			t.Errorf("%v after %v", err, d)
		}
	})
	synctest.Test(t, func(t *testing.T) { // when the grace is over because of a deadline, that is what it says
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		group.Shield(ctx, time.Second, func(ctx context.Context) error {
			<-ctx.Done()
			testutil.WantError(t, "the cause", context.Cause(ctx), context.DeadlineExceeded)
			return nil
		})
	})
}

// The function runs in the caller's goroutine: what it does to it happens there.
func TestP2_ShieldRunsInTheCallersGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner context.Context
		keep := func(end func()) func() {
			return func() {
				group.Shield(t.Context(), time.Hour, func(ctx context.Context) error { inner = ctx; end(); return nil })
			}
		}
		if end := testutil.EndOf(keep(func() { panic(errBoom) })); end.How != "panicked" || end.Value != any(errBoom) || inner.Err() == nil {
			t.Errorf("a panic ends as %v, context %v", end, inner.Err())
		}
		if end := testutil.EndOf(keep(runtime.Goexit)); end.How != "goexited" || inner.Err() == nil {
			t.Errorf("a Goexit ends as %v, context %v", end, inner.Err())
		}
	})
}
