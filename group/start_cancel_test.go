package group_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The caller's context ends after a second, and the task does what it does.
func TestSH06_SH07_CallerCancelledBeforeReady(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(ctx context.Context, ready readyFunc) error
		value  int
		finds  []error // nil: a nil error
		took   time.Duration
		reason string
	}{
		{"obeys", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return ctx.Err() },
			0, []error{errWhy, context.Canceled}, time.Second, "the cancellation, with its cause"},
		{"cleans up", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); time.Sleep(time.Minute); return ctx.Err() },
			0, []error{errWhy, context.Canceled}, time.Second + time.Minute, "Start waits for the task"},
		{"fails", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return errBoom },
			0, []error{errWhy, context.Canceled, errBoom}, time.Second, "a real error is not lost"},
		{"tries", func(ctx context.Context, ready readyFunc) error {
			<-ctx.Done()
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			return ctx.Err()
		}, 0, []error{errWhy, context.Canceled}, time.Second, "a later ready changes nothing"},
		{"does not notice", func(ctx context.Context, ready readyFunc) error {
			time.Sleep(time.Minute)
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			return nil
		}, 7, nil, time.Minute, "done is done (SH-07)"},
		{"returns", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return nil },
			0, []error{errWhy, context.Canceled}, time.Second, "not ready, and no wonder"},
		{"panics", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); panic(errBoom) }, 0, []error{errBoom}, time.Second,
			"the caller's panic"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			ctx := testutil.CancelledIn(t.Context(), time.Second, errWhy)
			start := time.Now()
			var v int
			var err error
			if end := testutil.EndOf(func() { v, err = group.Start(ctx, g, tt.fn) }); end.How == "panicked" {
				err = end.Value.(*group.PanicError)
			}
			t.Log(tt.reason)
			if d := time.Since(start); d != tt.took {
				t.Errorf("Start took %v, want %v", d, tt.took)
			}
			if v != tt.value || (err == nil) != (tt.finds == nil) {
				t.Errorf("Start gives %v, %v", v, err)
			}
			for _, want := range tt.finds {
				testutil.WantError(t, "Start", err, want)
			}
			if g.Context().Err() != nil {
				t.Error("the scope was cancelled")
			}
			_, err = g.Wait()
			testutil.WantFailures(t, err)
		})
	}
}

// From the moment on in which the caller is cancelled the answer is no, although nobody may have been told yet.
func TestSH06_ReadyRightAfterTheCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := group.Start(ctx, g, func(ctx context.Context, ready readyFunc) error {
			cancel(errWhy)
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			<-ctx.Done()
			return ctx.Err()
		})
		testutil.WantError(t, "Start", err, errWhy)
		_, err = g.Wait()
		testutil.WantFailures(t, err)
	})
}

// Somebody starts a task in the scope; the owner already waits, and nothing else is there.
func TestSH08_ScopeStaysOpenForAStart(t *testing.T) {
	for _, becomes := range []bool{true, false} {
		testutil.Bubble(t, fmt.Sprint("becomes ready ", becomes), func(t *testing.T) {
			g := group.New[int](t.Context())
			start := time.Now()
			var wg sync.WaitGroup
			wg.Go(func() {
				group.Start(t.Context(), g, func(_ context.Context, ready readyFunc) error {
					time.Sleep(time.Second)
					if !becomes {
						return errBoom
					}
					ready(7)
					time.Sleep(time.Second)
					return nil
				})
			})
			synctest.Wait()
			_, err := g.Wait()
			testutil.WantFailures(t, err)
			want := time.Second
			if becomes {
				want *= 2
			}
			if d := time.Since(start); d != want {
				t.Errorf("the scope ended after %v, want %v", d, want)
			}
			wg.Wait()
		})
	}
}

// The scope is cancelled in the moment before or after ready: either way the task is, at once.
func TestSH09_TargetCancelledAroundReady(t *testing.T) {
	for _, before := range []bool{true, false} {
		for _, cause := range []error{nil, errWhy} {
			testutil.Bubble(t, fmt.Sprint("before ", before, ", cause ", cause), func(t *testing.T) {
				g := group.New[int](t.Context())
				accepted := false
				start := time.Now()
				_, err := group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
					if before {
						g.Cancel(cause)
					}
					accepted = ready(7)
					if !before {
						g.Cancel(cause)
					}
					<-ctx.Done()
					return ctx.Err()
				})
				started := err == nil
				_, err = g.Wait()
				if accepted != started {
					t.Errorf("ready gave %v, Start succeeded: %v", accepted, started)
				}
				if cause == nil {
					testutil.WantFailures(t, err)
				} else {
					testutil.WantFailures(t, err, entry{"Cancel", -1, errWhy})
				}
				if d := time.Since(start); d != 0 {
					t.Errorf("took %v", d)
				}
			})
		}
	}
}

// A sibling's failure cancels the caller in the middle of a Start elsewhere.
func TestSH10_SiblingFailsDuringStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			rest := outer.Go(patient(time.Minute, 7))
			_, err := group.Run(ctx, func(ctx context.Context, inner *intGroup) error {
				inner.Go(failingAfter(time.Second, errBoom), group.Name("sibling"))
				_, err := group.Start(ctx, outer, func(ctx context.Context, ready readyFunc) error {
					defer func() { ended = true }()
					<-ctx.Done()
					return ctx.Err()
				})
				return err
			}, group.Name("inner"))
			testutil.WantFailures(t, err, entry{"sibling", 0, errBoom})
			if !ended || ctx.Err() != nil || rest.State() != group.Running {
				t.Errorf("the task has ended: %v; the outer scope: %v, %v", ended, ctx.Err(), rest.State())
			}
			return err
		}, group.Name("outer"))
		body := testutil.ScopeError(t, err).Failures
		if len(body) != 1 || body[0].Name != "body" || testutil.ScopeError(t, body[0].Err).Scope != "inner" {
			t.Errorf("failures of the outer scope are %v, want the inner one's", body)
		}
	})
}
