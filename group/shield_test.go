package group_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// leftGoroutines is testutil.LibraryGoroutines for the end of a test: goroutines of tests before it may still be on their way out.
func leftGoroutines() (n int) {
	for range 1000 {
		if n = testutil.LibraryGoroutines(); n == 0 {
			break
		}
		runtime.Gosched()
	}
	return n
}

// The outside is cancelled after a second; the section has its own idea of time.
func TestCA16_Shield(t *testing.T) {
	tests := []struct {
		name   string
		grace  time.Duration
		work   time.Duration // of the section, which listens
		took   time.Duration
		err    error
		reason string
	}{
		{"not needed", time.Hour, time.Millisecond, time.Millisecond, nil, "nothing happened"},
		{"shielded", time.Hour, time.Minute, time.Minute, nil, "it goes on although the outside has ended"},
		{"over", time.Minute, time.Hour, time.Second + time.Minute, errWhy, "no longer than the grace, from the end of the outside on"},
		{"just in time", time.Minute, time.Minute, time.Minute, nil, "the grace does not count from the beginning"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var inner context.Context
			ctx := testutil.CancelledIn(context.WithValue(t.Context(), key{}, "value"), time.Second, errWhy)
			start := time.Now()
			err := group.Shield(ctx, tt.grace, func(sctx context.Context) error {
				inner = sctx
				if v := sctx.Value(key{}); v != "value" {
					t.Errorf("the value is %v", v)
				}
				select {
				case <-time.After(tt.work):
					if sctx.Err() != nil {
						t.Errorf("the section was cancelled: %v", context.Cause(sctx))
					}
					return nil
				case <-sctx.Done():
					if sctx.Err() != context.Canceled {
						t.Errorf("Err is %v", sctx.Err())
					}
					return context.Cause(sctx)
				}
			})
			t.Log(tt.reason)
			if err != tt.err {
				t.Errorf("Shield returns %v, want %v: what the function returned, unchanged", err, tt.err)
			}
			if d := time.Since(start); d != tt.took {
				t.Errorf("took %v, want %v", d, tt.took)
			}
			if inner.Err() == nil {
				t.Error("the section's context outlives it")
			}
			synctest.Wait()
			if n := leftGoroutines(); n != 0 {
				t.Errorf("%d goroutines are left", n)
			}
		})
	}
}

// The cancellation is not lost, only late: the first look at the outer context after the section sees it.
func TestCA16_TheCodeAfterAShieldSeesTheCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var saved bool
		g := group.New[int](t.Context())
		task := g.Go(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			err := group.Shield(ctx, time.Hour, func(ctx context.Context) error {
				_, err := patient(time.Minute, 1)(ctx)
				saved = err == nil
				return err
			})
			return 0, errors.Join(err, ctx.Err())
		})
		time.Sleep(tick)
		start := time.Now()
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		wantState(t, task, group.Canceled)
		if d := time.Since(start); !saved || d != time.Minute {
			t.Errorf("saved %v after %v, want the section to run its minute, and the scope to wait for it", saved, d)
		}
	})
}

// A context that was over at the call has a whole grace from then on.
func TestCA16_ShieldInACancelledScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := testutil.CancelledIn(t.Context(), 0, errWhy)
		time.Sleep(time.Hour)
		start := time.Now()
		err := group.Shield(ctx, time.Minute, func(ctx context.Context) error {
			if ctx.Err() != nil {
				t.Error("the section begins cancelled")
			}
			<-ctx.Done()
			return context.Cause(ctx)
		})
		if d := time.Since(start); err != errWhy || d != time.Minute {
			t.Errorf("%v after %v, want the outer cause after the grace", err, d)
		}
	})
}

// What the grace ends with is the outside's cause, be it a sibling's failure.
func TestCA12_ShieldPassesTheCauseOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cause error
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			return 0, group.Shield(ctx, time.Minute, func(ctx context.Context) error {
				<-ctx.Done()
				cause = context.Cause(ctx)
				return ctx.Err()
			})
		})
		g.Go(failingAfter(tick, errBoom), group.Name("bad"))
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
		if cause != error(testutil.ScopeError(t, err).Failures[0]) {
			t.Errorf("the cause is %v, want the failure", cause)
		}
	})
}
