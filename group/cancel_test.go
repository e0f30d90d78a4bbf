package group_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestL5_CA08_CancelReachesDescendantsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// A tree: the root has two children, a and b; a has two below it.
		root := group.New[int](t.Context(), group.KeepGoing())
		scopes := map[string]*intGroup{"root": root}
		task := make(map[string]*intTask)
		open := func(name string, parent *intGroup) {
			scopes[name] = group.New[int](parent.Context(), group.KeepGoing())
		}
		open("a", root)
		open("b", root)
		open("a1", scopes["a"])
		open("a2", scopes["a"])
		for name, g := range scopes {
			task[name] = g.Go(obedient)
		}
		time.Sleep(tick)
		scopes["a"].Cancel(errWhy)
		synctest.Wait()
		for name, below := range map[string]bool{"root": false, "a": true, "b": false, "a1": true, "a2": true} {
			if got := scopes[name].Context().Err() != nil; got != below {
				t.Errorf("scope %s cancelled: %v, want %v", name, got, below)
			}
			want := group.Running
			if below {
				want = group.Canceled
			}
			wantState(t, task[name], want)
			if below && !errors.Is(context.Cause(scopes[name].Context()), errWhy) {
				t.Errorf("scope %s has cause %v, want what was given to Cancel", name, context.Cause(scopes[name].Context()))
			}
		}
		scopes["b"].Cancel(nil) // before the root's end reaches it as its parent's
		root.Cancel(nil)
		for _, name := range []string{"a1", "a2", "a", "b", "root"} { // children first (L3)
			_, err := scopes[name].Wait()
			if below := name[0] == 'a'; (err != nil) != below {
				t.Errorf("scope %s ends with %v", name, err)
			}
		}
	})
}

// The cause in a sibling is the failure itself, not merely one like it.
func TestL5_CA12_SiblingsSeeTheFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cause atomic.Pointer[group.Failure]
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			var f *group.Failure
			errors.As(context.Cause(ctx), &f)
			cause.Store(f)
			return 0, ctx.Err()
		})
		g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
		if got, want := cause.Load(), testutil.ScopeError(t, err).Failures[0]; got != want {
			t.Errorf("the sibling saw %v (%p), want the reported failure %v (%p)", got, got, want, want)
		}
	})
}

// Whoever stopped the scope, each running task can read why.
func TestCA12_ReasonReachesEveryChild(t *testing.T) {
	tests := []struct {
		name   string
		stop   func(g *intGroup, stopParent context.CancelCauseFunc) error
		cause  error
		reason string
	}{
		{"Cancel", func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errWhy); return nil }, errWhy, "given to Cancel"},
		{"body", func(*intGroup, context.CancelCauseFunc) error { return errBoom }, errBoom, "the body's error"},
		{"parent", func(_ *intGroup, stop context.CancelCauseFunc) error { stop(errOther); return nil }, errOther, "the parent's cause"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			var told atomic.Int32
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				for range 5 {
					g.Go(func(ctx context.Context) (int, error) {
						<-ctx.Done()
						if errors.Is(context.Cause(ctx), tt.cause) && ctx.Err() == context.Canceled {
							told.Add(1)
						}
						return 0, ctx.Err()
					})
				}
				time.Sleep(tick)
				return tt.stop(g, stop)
			})
			testutil.WantError(t, "Run", err, tt.cause)
			if n := told.Load(); n != 5 {
				t.Errorf("%d of 5 children could read %s", n, tt.reason)
			}
		})
	}
}

func TestCA01_OwnerCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for range 5 {
				g.Go(c.straggler)
			}
			<-ctx.Done()
			return ctx.Err()
		})
		c.WantNone(t)
		if n := c.Begun.Load(); n != 5 {
			t.Errorf("%d children began, want 5", n)
		}
		// Cancelled, said once: no heap of six echoes.
		testutil.WantFailures(t, err, entry{"context", -1, context.Canceled})
	})
}

// The cancellation is a state, not an event: it is there whenever one looks.
func TestCA04_CancellationIsLevelTriggered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			for range 3 {
				select {
				case <-ctx.Done():
				case <-time.After(time.Hour):
					t.Error("a blocking operation did not see the cancellation")
				}
			}
			return 0, ctx.Err()
		})
		time.Sleep(tick)
		g.Cancel(nil)
		<-g.Context().Done()
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestCA11_CancelIsAbsorbedOrReported(t *testing.T) {
	tests := []struct {
		name   string
		causes []error
		task   func(context.Context) (int, error)
		want   []entry
		reason string
	}{
		{"clean", []error{nil}, obedient, nil, "a clean stop is no error"},
		{"clean with a real failure", []error{nil}, cleaningUp(errBoom), []entry{{"task", 0, errBoom}},
			"which does not make real ones disappear"},
		{"with a cause", []error{errWhy}, obedient, []entry{{"Cancel", -1, errWhy}}, "a reason is an error"},
		{"though all succeed", []error{errWhy}, sleeping(time.Second, 7), []entry{{"Cancel", -1, errWhy}},
			"it was asked to end with this error"},
		{"clean, then a cause", []error{nil, errWhy}, obedient, nil, "the first cancellation wins"},
		{"a cause, then clean", []error{errWhy, nil, errOther}, obedient, []entry{{"Cancel", -1, errWhy}}, "the first cancellation wins"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			g.Go(tt.task, group.Name("task"))
			time.Sleep(tick)
			for _, cause := range tt.causes {
				g.Cancel(cause)
			}
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			g.Cancel(errOther) // after the end: nothing to change
			_, err = g.Wait()
			testutil.WantFailures(t, err, tt.want...)
		})
	}
}

// An inner scope's clean stop is its own affair; the outer's cancellation goes past it.
func TestCA13_InnerDoesNotAbsorbTheOuterCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var innerErr error
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			_, innerErr = group.Run(ctx, func(ctx context.Context, inner *intGroup) error {
				inner.Go(obedient)
				time.Sleep(tick)
				outer.Cancel(errWhy)
				inner.Cancel(nil)
				return nil
			})
			if ctx.Err() == nil {
				t.Error("the outer cancellation is gone after the inner scope")
			}
			return innerErr
		})
		testutil.WantError(t, "inner", innerErr, errWhy)
		testutil.WantFailures(t, err, entry{"Cancel", -1, errWhy})
	})
}

func TestCA14_NoCancellationLeaksOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { return errBoom })
		testutil.WantError(t, "first", err, errBoom)
		if ctx.Err() != nil {
			t.Error("a failed scope has cancelled its parent")
		}
		vs, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Go(value(7)); return nil })
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

func TestCA15_FailureAndExternalCancelTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		g := group.New[int](ctx)
		g.Go(cleaningUp(errBoom), group.Name("bad"))
		g.Go(obedient)
		time.Sleep(tick)
		cancel(errWhy)
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 0, errBoom}, entry{"context", -1, errWhy})
		if ctx.Err() == nil {
			t.Error("the caller is no longer cancelled")
		}
	})
}

// From the leaves up: nobody ends before those that it looks after.
func TestCA24_GrandchildrenEndFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string // each end is ordered by the wait for it
		ended := func(who string) func() { return func() { order = append(order, who) } }
		top := group.New[int](t.Context())
		top.Go(func(ctx context.Context) (int, error) {
			defer ended("child")()
			_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) {
					defer ended("grandchild")()
					<-ctx.Done()
					time.Sleep(time.Second)
					return 0, ctx.Err()
				})
				return nil
			})
			return 0, err
		})
		time.Sleep(tick)
		top.Cancel(nil)
		_, err := top.Wait()
		ended("top")()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, order, "grandchild", "child", "top")
	})
}

// What succeeds after the stop was decided does not undo it.
func TestCA27_SuccessAfterTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
		late := g.Go(sleeping(2*time.Second, 7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 0, errBoom})
		testutil.WantValues(t, vs, 7)
		wantState(t, late, group.Succeeded)
	})
}

// Contexts derived from a task's are cancelled no later than Cancel returns; what context.AfterFunc runs may come later.
func TestCA28_DerivedContextsAreCancelledSynchronously(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		var derived context.Context
		g.Go(func(ctx context.Context) (int, error) {
			var cancel context.CancelFunc
			derived, cancel = context.WithCancel(ctx)
			defer cancel()
			return obedient(derived)
		})
		synctest.Wait()
		g.Cancel(nil)
		if derived.Err() == nil {
			t.Error("Cancel has returned, and a derived context is still alive")
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}
