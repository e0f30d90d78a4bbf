package group_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestNE02_OuterSiblingFailsWhileTheBodyIsInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			outer.Go(failingAfter(time.Second, errBoom), group.Name("sibling"))
			_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
				inner.Go(c.straggler)
				return nil
			})
			testutil.WantError(t, "inner", err, errBoom) // its parent's cause
			return err
		})
		c.WantNone(t)
		testutil.WantFailures(t, err, entry{"sibling", 0, errBoom}) // and nothing from the inner scope
	})
}

func TestNE03_InnerChildFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sibling *intTask
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			sibling = outer.Go(obedient)
			outer.Go(func(ctx context.Context) (int, error) {
				_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
					inner.Go(failingAfter(time.Second, errBoom), group.Name("leaf"))
					return nil
				}, group.Name("inner"))
				return 0, err
			}, group.Name("child"))
			return nil
		}, group.Name("outer"))
		testutil.WantFailures(t, err, entry{"child", 1, errBoom})
		wantState(t, sibling, group.Canceled)
		inner := testutil.ScopeError(t, testutil.ScopeError(t, err).Failures[0].Err)
		if inner.Scope != "inner" {
			t.Errorf("the child failed with the error of scope %q", inner.Scope)
		}
		testutil.WantFailures(t, inner, entry{"leaf", 0, errBoom})
	})
}

// The inner failure is dealt with; the outer one that came with it is not dealt with by that.
func TestNE04_InnerFailureHandledWhileOuterFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			outer.Go(failingAfter(time.Second, errBoom), group.Name("sibling"))
			_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
				inner.Go(cleaningUp(errOther))
				return nil
			})
			if !errors.Is(err, errOther) {
				t.Errorf("inner: %v, want its child's failure", err)
			}
			if ctx.Err() == nil {
				t.Error("the code after the inner scope is not cancelled")
			}
			return nil // handled
		})
		testutil.WantFailures(t, err, entry{"sibling", 0, errBoom})
	})
}

func TestNE05_BothLevelsFailInCleanUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := group.Run(ctx, func(ctx context.Context, outer *intGroup) error {
			outer.Go(cleaningUp(errBoom), group.Name("child"))
			_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
				inner.Go(obedient)
				inner.Go(cleaningUp(errOther), group.Name("leaf"))
				return nil
			})
			time.Sleep(time.Second) // the child is first
			return err
		})
		// Whether the parent's end is listed between them is not the matter here.
		fs := testutil.ScopeError(t, err).Failures
		child, body := fs[0], fs[len(fs)-1]
		testutil.WantFailures(t, &group.Error{Failures: []*group.Failure{child, body}},
			entry{"child", 0, errBoom}, entry{"body", -1, errOther})
		for _, f := range []*group.Failure{child, body} {
			if errors.Is(f, context.Canceled) {
				t.Errorf("a cancellation is left in failure %q: %v", f.Name, f)
			}
		}
	})
}

// The scope was cancelled by a failure: only real errors are left, at both levels.
func TestNE05_NoCancellationEntriesAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			outer.Go(failingAfter(time.Second, errBoom), group.Name("child"))
			outer.Go(func(ctx context.Context) (int, error) {
				_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
					inner.Go(obedient)
					inner.Go(cleaningUp(errOther), group.Name("leaf"))
					return nil
				})
				return 0, err
			}, group.Name("nested"))
			return nil
		})
		testutil.WantFailures(t, err, entry{"child", 0, errBoom}, entry{"nested", 1, errOther})
		nested := testutil.ScopeError(t, err).Failures[1]
		for _, echo := range []error{context.Canceled, errBoom} {
			if errors.Is(nested, echo) {
				t.Errorf("the nested failure repeats %v: %v", echo, nested)
			}
		}
	})
}

type key struct{}

// Values go down: from the spawner to the child, and to nobody else.
func TestNE11_ContextValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read := func(ctx context.Context) (string, error) {
			v, _ := ctx.Value(key{}).(string)
			return v, nil
		}
		ctx := context.WithValue(t.Context(), key{}, "outer")
		vs, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
			g.Go(read)
			g.Go(func(ctx context.Context) (string, error) {
				ctx = context.WithValue(ctx, key{}, "inner")
				vs, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[string]) error {
					g.Go(read)
					return nil
				})
				return vs[0], err
			})
			time.Sleep(tick)
			g.Go(read) // a sibling of the one that changed it
			v, _ := read(ctx)
			if v != "outer" {
				t.Errorf("the body reads %q", v)
			}
			return nil
		}, group.Timeout(time.Hour))
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, "outer", "inner", "outer")
	})
}

// A nested scope that panics passes the panic on, and each level still awaits its own.
func TestP1_PanicThroughTwoLevels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
				outer.Go(c.straggler)
				outer.Go(func(ctx context.Context) (int, error) {
					group.Run(ctx, func(_ context.Context, inner *intGroup) error {
						inner.Go(c.straggler)
						inner.Go(func(context.Context) (int, error) { time.Sleep(time.Second); panic(errBoom) })
						return nil
					})
					return 0, nil
				}, group.Name("child"))
				return nil
			})
		})
		c.WantNone(t)
		if p.Name != "child" {
			t.Errorf("the outer panic is task %q's", p.Name)
		}
		testutil.WantError(t, "panic", p, errBoom)
	})
}
