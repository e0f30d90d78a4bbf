package group_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// openers are those who may leave scopes open: a task, the body, and a task that Start waits for.
var openers = map[string]func(parent context.Context, f func(ctx context.Context)) error{
	"task": func(parent context.Context, f func(ctx context.Context)) error {
		_, err := group.Run(parent, func(_ context.Context, g *intGroup) error {
			g.Do(func(ctx context.Context) error { f(ctx); return nil })
			return nil
		})
		return err
	},
	"body": func(parent context.Context, f func(ctx context.Context)) error {
		_, err := group.Run(parent, func(ctx context.Context, _ *intGroup) error { f(ctx); return nil })
		return err
	},
	"start": func(parent context.Context, f func(ctx context.Context)) error {
		g := group.New[int](parent)
		_, err := group.Start(parent, g, func(ctx context.Context, _ func(int) bool) error { f(ctx); return nil })
		g.Wait()
		return err
	},
}

// What fails in a scope that was left open may wrap the cause of its cancellation, which is that it was left open. That does not make
// one error of the two.
func TestL3_ErrorOfAScopeLeftOpenDoesNotHoldItself(t *testing.T) {
	wraps := map[string]func(ctx context.Context) error{
		"wrapped":         func(ctx context.Context) error { return fmt.Errorf("stopped: %w", context.Cause(ctx)) },
		"with a real one": func(ctx context.Context) error { return fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, context.Cause(ctx)) },
		"joined":          func(ctx context.Context) error { return errors.Join(io.ErrUnexpectedEOF, context.Cause(ctx)) },
		"plain":           context.Cause,
	}
	for who, open := range openers {
		for how, wrap := range wraps {
			testutil.Bubble(t, who+" "+how, func(t *testing.T) {
				err := open(t.Context(), func(ctx context.Context) {
					inner := group.New[int](ctx)
					inner.Do(func(ctx context.Context) error {
						<-ctx.Done()
						return wrap(ctx)
					})
					synctest.Wait()
				})
				if err == nil {
					t.Fatal("no error, although a scope was left open")
				}
				wantNoCycle(t, err)
				_ = err.Error()
				if errors.Is(err, io.ErrNoProgress) { // this ends, too
					t.Error("the error is one that it does not hold")
				}
				if real := how == "with a real one" || how == "joined"; errors.Is(err, io.ErrUnexpectedEOF) != real {
					t.Errorf("holds the real error: %v, want %v (%v)", !real, real, err)
				}
			})
		}
	}
}

// A scope may wait for a task of another that was left open with it, in any order: all are cancelled before one is awaited.
func TestL3_ScopesLeftOpenThatWaitForEachOther(t *testing.T) {
	for who, open := range openers {
		for _, firstWaits := range []bool{false, true} {
			testutil.Bubble(t, fmt.Sprint(who, " the first waits: ", firstWaits), func(t *testing.T) {
				var c crew
				err := open(t.Context(), func(ctx context.Context) {
					waiting, awaited := group.New[int](ctx), group.New[int](ctx)
					if !firstWaits {
						waiting, awaited = awaited, waiting
					}
					task := awaited.Go(c.counted(obedient))
					waiting.Go(c.counted(func(context.Context) (int, error) { <-task.Done(); return 0, nil }))
					synctest.Wait()
				})
				c.WantNone(t)
				wantNoCycle(t, err)
				if err == nil {
					t.Error("no error, although scopes were left open")
				}
			})
		}
	}
}

// Each for a task of the other.
func TestL3_ScopesLeftOpenThatWaitInACircle(t *testing.T) {
	const n = 4
	for who, open := range openers {
		testutil.Bubble(t, who, func(t *testing.T) {
			var c crew
			err := open(t.Context(), func(ctx context.Context) {
				var tasks [n]*intTask
				var scopes [n]*intGroup
				for i := range n {
					scopes[i] = group.New[int](ctx)
					tasks[i] = scopes[i].Go(c.counted(obedient))
				}
				for i, g := range scopes {
					g.Go(c.counted(func(context.Context) (int, error) { <-tasks[(i+1)%n].Done(); return 0, nil }))
				}
				synctest.Wait()
			})
			c.WantNone(t)
			if err == nil {
				t.Error("no error, although scopes were left open")
			}
		})
	}
}
