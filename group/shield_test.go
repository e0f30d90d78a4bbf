package group_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

// cancelledIn returns a context that is cancelled because of errWhy after d.
func cancelledIn(ctx context.Context, d time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	time.AfterFunc(d, func() { cancel(errWhy) })
	return ctx
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
		bubble(t, tt.name, func(t *testing.T) {
			var inner context.Context
			ctx := cancelledIn(context.WithValue(t.Context(), key{}, "value"), time.Second)
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
			if n := libraryGoroutines(); n != 0 {
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
		wantFailures(t, err)
		wantState(t, task, group.Canceled)
		if d := time.Since(start); !saved || d != time.Minute {
			t.Errorf("saved %v after %v, want the section to run its minute, and the scope to wait for it", saved, d)
		}
	})
}

// A context that was over at the call has a whole grace from then on.
func TestCA16_ShieldInACancelledScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := cancelledIn(t.Context(), 0)
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
		wantFailures(t, err, entry{"bad", 1, errBoom})
		if cause != error(scopeError(t, err).Failures[0]) {
			t.Errorf("the cause is %v, want the failure", cause)
		}
	})
}

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
		bubble(t, tt.name, func(t *testing.T) {
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
			wantFailures(t, err)
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
		wantFailures(t, err, entry{"Timeout", -1, context.DeadlineExceeded})
		if d := time.Since(start); d != time.Minute {
			t.Errorf("the deadline inside fired after %v", d)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := group.Shield(cancelledIn(t.Context(), time.Second), time.Hour, func(ctx context.Context) error {
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
			wantError(t, "the cause", context.Cause(ctx), context.DeadlineExceeded)
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
		if end := endOf(keep(func() { panic(errBoom) })); end.How != "panicked" || end.Value != any(errBoom) || inner.Err() == nil {
			t.Errorf("a panic ends as %v, context %v", end, inner.Err())
		}
		if end := endOf(keep(runtime.Goexit)); end.How != "goexited" || inner.Err() == nil {
			t.Errorf("a Goexit ends as %v, context %v", end, inner.Err())
		}
	})
}
