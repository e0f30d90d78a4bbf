package group_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// wantLeftOpen looks for one failure or more of the body, all about scopes left open, that hold what is wanted.
func wantLeftOpen(t *testing.T, err error, names []string, finds ...error) {
	t.Helper()
	wantNoCycle(t, err)
	for _, f := range testutil.ScopeError(t, err).Failures {
		if f.Name != "body" || f.Index != -1 {
			t.Errorf("a failure of %q, %d: %v", f.Name, f.Index, f)
		}
	}
	for _, want := range append(names, "left", "open") {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error %q does not hold %q", err, want)
		}
	}
	for _, want := range finds {
		testutil.WantError(t, "error", err, want)
	}
}

// wantNoCycle ends the test if an error holds itself: nobody could print it.
func wantNoCycle(t *testing.T, err error) {
	t.Helper()
	var walk func(err error, depth int)
	walk = func(err error, depth int) {
		if depth > 100 {
			t.Fatal("the error holds itself")
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			walk(e.Unwrap(), depth+1)
		case interface{ Unwrap() []error }:
			for _, x := range e.Unwrap() {
				walk(x, depth+1)
			}
		}
	}
	walk(err, 0)
}

// Who opens a scope in a body has until the end of that scope's own to close it.
func TestL3_SE10_NE07_OwnerLeavesAScopeOpen(t *testing.T) {
	tests := []struct {
		name   string
		inner  func(context.Context) (int, error)
		body   error
		finds  []error
		reason string
	}{
		{"working", obedient, nil, nil, "cancelled and awaited"},
		{"failed", failing(errBoom), nil, []error{errBoom}, "what nobody waited for is not lost"},
		{"failing in cleaning up", cleaningUp(errBoom), nil, []error{errBoom}, "nor what comes of the cancellation"},
		{"body failed", obedient, errOther, []error{errOther}, "both are found"},
	}
	for _, tt := range tests {
		for _, how := range []string{"Run", "New"} {
			testutil.Bubble(t, tt.name+" "+how, func(t *testing.T) {
				var c crew
				var inner *intGroup
				start := time.Now()
				early := tt.body != nil || tt.name == "failed"
				work := func(ctx context.Context, outer *intGroup) error {
					outer.Go(sleeping(time.Minute, 7))
					inner = group.New[int](ctx, group.Name("inner"))
					inner.Go(tt.inner)
					inner.Go(c.counted(func(ctx context.Context) (int, error) {
						<-ctx.Done()
						if d := time.Since(start); !early && d != time.Minute {
							t.Errorf("the inner scope was cancelled after %v, want it to live as long as the tasks of the outer one", d)
						}
						time.Sleep(time.Second)
						return 0, ctx.Err()
					}))
					synctest.Wait()
					return tt.body
				}
				var vs []int
				var err error
				if how == "Run" {
					vs, err = group.Run(t.Context(), work)
				} else {
					if tt.body != nil {
						t.Skip("New has no body")
					}
					outer := group.New[int](t.Context())
					work(outer.Context(), outer)
					vs, err = outer.Wait()
				}
				c.WantNone(t)
				t.Log(tt.reason)
				testutil.WantValues(t, vs, 7)
				wantLeftOpen(t, err, []string{`scope "inner" (opened at `, "left_open_owner_test.go:"}, tt.finds...)
				if errors.Is(err, context.Canceled) {
					t.Errorf("an echo is left in %v", err)
				}
				inner.Wait() // returns
			})
		}
	}
}

// Scopes close in the reverse order of their opening. Who closes the outer one first has closed the inner one too.
func TestNE07_OuterClosedBeforeInner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		outer := group.New[int](t.Context())
		inner := group.New[int](outer.Context(), group.Name("inner"))
		innermost := group.New[int](inner.Context(), group.Name("innermost"))
		for _, g := range []*intGroup{inner, innermost} {
			g.Go(c.straggler)
		}
		time.Sleep(tick)
		_, err := outer.Wait()
		c.WantNone(t)
		wantLeftOpen(t, err, []string{`"inner"`, `"innermost"`})
		start := time.Now()
		innermost.Wait()
		inner.Wait()
		if d := time.Since(start); d != 0 {
			t.Errorf("closing again took %v", d)
		}
	})
	synctest.Test(t, func(t *testing.T) { // in order there is nothing to complain about
		outer := group.New[int](t.Context())
		inner := group.New[int](outer.Context())
		inner.Go(value(1))
		_, err := inner.Wait()
		testutil.WantFailures(t, err)
		_, err = outer.Wait()
		testutil.WantFailures(t, err)
	})
}

// A panic below comes out at the level that closes.
func TestL3_P1_PanicInAScopeLeftOpenByTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
				inner := group.New[int](ctx)
				inner.Go(panickingTask)
				synctest.Wait()
				return nil
			})
		})
		testutil.WantError(t, "panic", p, errBoom)
	})
}

// A task below that leaves a scope open below itself: each level closes its own.
func TestL3_LeftOpenAtTwoLevels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(func(ctx context.Context) (int, error) {
				upper := group.New[int](ctx, group.Name("upper"))
				upper.Go(func(ctx context.Context) (int, error) {
					lower := group.New[int](ctx, group.Name("lower"))
					lower.Go(c.straggler)
					synctest.Wait()
					return 0, nil
				}, group.Name("middle"))
				time.Sleep(tick)
				return 0, nil
			}, group.Name("top"))
			return nil
		})
		c.WantNone(t)
		wantNoCycle(t, err)
		for _, want := range []string{"top", `"upper"`, "middle", `"lower"`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error does not hold %q: %v", want, err)
			}
		}
	})
}
