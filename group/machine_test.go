package group_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// After every kind of end, none of the library's goroutines is left, though the parent lives on.
func TestM1_NoGoroutineOutlivesTheScope(t *testing.T) {
	tests := []struct {
		name   string
		body   func(ctx context.Context, g *intGroup) error
		opts   []group.Option
		reason string
	}{
		{"idle", noBody, nil, "a scope without tasks"},
		{"plain", func(_ context.Context, g *intGroup) error {
			for i := range 100 {
				g.Go(value(i))
			}
			return nil
		}, nil, "workers leave with the last task"},
		{"limited", func(_ context.Context, g *intGroup) error {
			for i := range 100 {
				g.Go(sleeping(tick, i))
			}
			return nil
		}, []group.Option{group.Limit(10)}, "nobody stays to wait for more"},
		{"failed", func(_ context.Context, g *intGroup) error {
			g.Go(obedient)
			g.Go(failing(errBoom))
			return nil
		}, nil, "nor to forward a cancellation"},
		{"timeout unused", func(_ context.Context, g *intGroup) error {
			g.Go(value(1), group.Timeout(time.Hour), group.OwnGoroutine())
			return nil
		}, []group.Option{group.Timeout(time.Hour)}, "nor for a deadline"},
		{"panicked", func(_ context.Context, g *intGroup) error {
			g.Go(obedient)
			g.Go(panickingTask)
			return nil
		}, nil, "nor after a panic"},
		{"contexts used", func(_ context.Context, g *intGroup) error {
			for range 10 {
				g.Go(func(ctx context.Context) (int, error) {
					ctx.Done()
					ctx, cancel := context.WithTimeout(ctx, time.Hour)
					defer cancel()
					return 0, ctx.Err()
				})
			}
			return nil
		}, nil, "nor for a context that was asked for"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			testutil.EndOf(func() { group.Run(ctx, tt.body, tt.opts...) })
			synctest.Wait()
			if n := testutil.LibraryGoroutines(); n != 0 {
				t.Errorf("%d goroutines are left: %s", n, tt.reason)
			}
		})
	}
}

// An open scope with nothing to do holds no goroutine either: nothing has to be closed to be rid of it.
func TestM1_AnIdleScopeCostsNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(4))
		for i := range 100 {
			g.Go(value(i))
		}
		synctest.Wait()
		if n := testutil.LibraryGoroutines(); n != 0 {
			t.Errorf("%d goroutines serve an idle scope", n)
		}
		g.Wait()
	})
}

// Nothing is shared between scopes: bubbles, which tolerate no channel of another's, come and go.
func TestM1_ScopesInsideAndOutsideOfBubbles(t *testing.T) {
	use := func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			for i := range 100 {
				g.Go(value(i))
			}
			take(t, g, 50)
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Go(obedient)
				g.Cancel(nil)
				return nil
			}, group.Timeout(time.Hour))
			return err
		}, group.Limit(4))
		testutil.WantFailures(t, err)
		if len(vs) != 50 {
			t.Errorf("%d values, want 50", len(vs))
		}
	}
	for range 5 {
		use(t)
		testutil.Bubble(t, "inside", use)
	}
}

type blob struct{ _ [4096]byte }

// What a task captured, and what it gave to somebody who took it, is let go while the scope is still open.
func TestSE06_W1_AnOpenScopeShrinks(t *testing.T) {
	const n, most = 4000, 400 // of the last few nothing is promised
	t.Run("captured", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Discard(), group.Limit(8))
			var ps []weak.Pointer[blob]
			for range n {
				b := new(blob)
				ps = append(ps, weak.Make(b))
				g.Go(func(context.Context) (int, error) { runtime.KeepAlive(b); return 0, nil })
			}
			synctest.Wait()
			if n := testutil.Alive(ps); n > most {
				t.Errorf("an open scope holds on to what %d ended tasks captured", n)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	})
	t.Run("captured, handles kept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(8))
			var ps []weak.Pointer[blob]
			var handles []*intTask
			for range n {
				b := new(blob)
				ps = append(ps, weak.Make(b))
				handles = append(handles, g.Go(func(context.Context) (int, error) { runtime.KeepAlive(b); return 0, nil }))
			}
			synctest.Wait()
			if n := testutil.Alive(ps); n > most {
				t.Errorf("handles hold on to what %d ended tasks captured", n)
			}
			runtime.KeepAlive(handles)
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	})
	t.Run("values taken", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[*blob](t.Context(), group.Limit(8))
			var ps []weak.Pointer[blob]
			for range n {
				g.Go(func(context.Context) (*blob, error) { return new(blob), nil })
				if task, ok := g.Next(t.Context()); ok {
					b, _ := task.Result()
					ps = append(ps, weak.Make(b))
				}
			}
			if n := testutil.Alive(ps); n > most {
				t.Errorf("an open scope holds on to %d values that a loop took", n)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	})
	t.Run("values discarded", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[*blob](t.Context(), group.Discard(), group.Limit(1))
			var ps []weak.Pointer[blob] // one task at a time
			for range n {
				g.Go(func(context.Context) (*blob, error) {
					b := new(blob)
					ps = append(ps, weak.Make(b))
					return b, nil
				})
			}
			synctest.Wait()
			if n := testutil.Alive(ps); n > most {
				t.Errorf("an open scope holds on to %d values that it was to discard", n)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	})
}

// Neither a parent that lives on nor an error that is kept holds a scope that has ended, whenever its Done was asked for.
func TestM1_MI14_EndedScopesAreCollected(t *testing.T) {
	use := map[string]func(context.Context){
		"never":               func(context.Context) {},
		"its Done":            func(ctx context.Context) { ctx.Done() },
		"Done of one derived": func(ctx context.Context) { context.WithValue(ctx, key{}, 1).Done() },
		"one derived that is cancelled later": func(ctx context.Context) {
			_, cancel := context.WithCancel(ctx)
			cancel()
		},
	}
	for asked, use := range use {
		for _, when := range []string{"before the end", "after the end"} {
			testutil.Bubble(t, asked+" "+when, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var scopes []weak.Pointer[intGroup]
				var errs []error
				for range 100 {
					g := group.New[int](ctx, group.Timeout(time.Hour))
					task := g.Go(obedient)
					if when == "before the end" {
						use(g.Context())
						task.Done()
					}
					g.Go(failing(errBoom))
					_, err := g.Wait()
					if when == "after the end" {
						use(g.Context())
						task.Done()
					}
					errs = append(errs, err)
					scopes = append(scopes, weak.Make(g))
				}
				synctest.Wait()
				if n := testutil.Alive(scopes); n > 2 {
					t.Errorf("%d of 100 ended scopes are still held", n)
				}
				for _, err := range errs {
					testutil.WantError(t, "kept", err, errBoom)
				}
			})
		}
	}
}
