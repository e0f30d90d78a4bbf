package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A combinator without functions.
func TestLI06_WM22_CombinatorOfNothing(t *testing.T) {
	tests := map[string]struct {
		err    error
		reason string
	}{
		"Gather": {nil, "all of no values"},
		"Settle": {nil, "all of no outcomes"},
		"Race":   {group.ErrTooFewTasks, "nobody can be first"},
		"Any":    {group.ErrTooFewTasks, "nobody can succeed"},
		"Quorum": {group.ErrTooFewTasks, "nobody can succeed"},
		"Hedge":  {group.ErrTooFewTasks, "there is nothing to try"},
	}
	everywhere(t, func(t *testing.T, c combinator) {
		if c.takes > 0 {
			return // it has its functions
		}
		tc := tests[c.name]
		vs, err := c.call(t.Context())
		testutil.WantError(t, tc.reason, err, tc.err)
		testutil.WantValues(t, vs)
		if n := leftGoroutines(); n != 0 {
			t.Errorf("%d goroutines for nothing", n)
		}
	})
}

// A combinator within another is its child.
func TestWM14_NestedCombinators(t *testing.T) {
	for _, outer := range combinators {
		everywhere(t, func(t *testing.T, inner combinator) {
			var crew crew
			nested := func(ctx context.Context) (int, error) {
				_, err := inner.call(ctx, crew.straggler, crew.straggler, crew.straggler, crew.straggler)
				return 0, err
			}
			start := time.Now()
			vs, err := outer.call(testutil.CancelledIn(t.Context(), time.Second, errWhy), nested, nested, nested, nested)
			testutil.WantError(t, outer.name, err, errWhy)
			testutil.WantValues(t, vs)
			crew.WantNone(t)
			if d := time.Since(start); d != 2*time.Second {
				t.Errorf("%s returned after %v, want all levels cancelled at once and awaited", outer.name, d)
			}
		})
	}
}

// Cancelling goes to the bottom, and the way back up is no longer than the nest is deep.
func TestWM14_NE12_DeepNestOfGathers(t *testing.T) {
	const levels = 1000
	synctest.Test(t, func(t *testing.T) {
		var crew crew
		fn := crew.straggler
		for range levels {
			below := fn
			fn = func(ctx context.Context) (int, error) {
				vs, err := group.Gather(ctx, below)
				return len(vs), err
			}
		}
		start := time.Now()
		_, err := group.Gather(testutil.CancelledIn(t.Context(), time.Second, errWhy), fn)
		testutil.WantError(t, "the top", err, errWhy)
		crew.WantNone(t)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("returned after %v", d)
		}
	})
}

// A task that waits within a combinator lends its place like any that waits, or those below could never begin.
func TestS3_CombinatorsLendTheirPlace(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		shared := group.SharedLimit(group.NewLimiter(1))
		below := func(ctx context.Context) (int, error) {
			vs, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Go(sleeping(time.Second, 1))
				return nil
			}, shared)
			return len(vs), err
		}
		g := group.New[int](t.Context(), shared)
		for range 2 {
			g.Go(func(ctx context.Context) (int, error) {
				vs, err := c.call(ctx, below, below, below, below)
				return len(vs), err
			})
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

// The same task asked for at two places of a Gather: it runs once, and its result is at both.
func TestWM13_OneTaskInTwoPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var crew crew
		g := group.New[int](t.Context())
		task := g.Go(crew.counted(sleeping(time.Second, 7)))
		vs, err := group.Gather(t.Context(), task.Wait, task.Wait)
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7, 7)
		if n := crew.Begun.Load(); n != 1 {
			t.Errorf("the task ran %d times", n)
		}
		waitAll(t, g)
	})
}

// The values of the caller's context are seen by the functions.
func TestNE11_CombinatorsPassValuesOn(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		fn := func(ctx context.Context) (int, error) { return ctx.Value(key{}).(int), nil }
		vs, err := c.call(context.WithValue(t.Context(), key{}, 7), fn, fn, fn, fn)
		testutil.WantFailures(t, err)
		for i, v := range vs {
			if v != 7 {
				t.Errorf("value %d is %d, want that of the caller's context", i, v)
			}
		}
	})
}
