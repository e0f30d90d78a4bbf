package group_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

const nestLevels = 5

// Whoever waits for what is below lends it the place: under a limiter for one, five levels run to their end, and never do two work.
func TestS3_NestedScopesUnderOneLimiter(t *testing.T) {
	for how, wait := range waysToWait {
		for _, size := range []int{1, 3} {
			testutil.Bubble(t, fmt.Sprint(how, " ", size), func(t *testing.T) {
				// As heavy as the limiter is: only one at a time, and what is lent is all of it.
				n := &nest{scale: newScale(), shared: group.SharedLimit(group.NewLimiter(size)), weight: size, wait: wait}
				g := group.New[int](t.Context(), n.shared)
				for range 2 {
					g.Go(n.task(nestLevels-1), group.Weight(size))
				}
				vs, err := g.Wait()
				testutil.WantFailures(t, err)
				testutil.WantValues(t, vs, nestLevels-1, nestLevels-1)
				if want := 1 << nestLevels; n.leaves != want {
					t.Errorf("%d leaves were reached, want %d", n.leaves, want)
				}
				if n.scale.most != size {
					t.Errorf("a weight of %d worked at once, the limiter has %d", n.scale.most, size)
				}
			})
		}
	}
}

// A task that waits for a sibling lends its place to it.
func TestS3_LI10_TaskWaitsForASibling(t *testing.T) {
	waits := map[string]func(ctx context.Context, g *intGroup, sibling *intTask) *intTask{
		"Task.Wait": func(ctx context.Context, _ *intGroup, sibling *intTask) *intTask { sibling.Wait(ctx); return sibling },
		"Next":      func(ctx context.Context, g *intGroup, _ *intTask) *intTask { next, _ := g.Next(ctx); return next },
	}
	for name, wait := range waits {
		testutil.Bubble(t, name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.SharedLimit(group.NewLimiter(2)))
			g.Do(func(ctx context.Context) error {
				sibling := g.Go(sleeping(time.Second, 7), group.Weight(2))
				if got := wait(ctx, g, sibling); got != sibling {
					t.Errorf("it waited for %v", got)
				}
				wantState(t, sibling, group.Succeeded)
				return nil
			}, group.Weight(2))
			waitAll(t, g)
		})
	}
}

// What is lent is lent for the wait, and not longer: when the waiter goes on, somebody else has to have ended.
func TestS3_WaiterTakesItsPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := group.SharedLimit(group.NewLimiter(1))
		other := group.New[int](t.Context(), shared)
		start := time.Now()
		var resumed time.Duration
		g := group.New[int](t.Context(), shared)
		g.Go(func(ctx context.Context) (int, error) {
			inner := group.New[int](ctx, shared)
			inner.Go(sleeping(time.Second, 1))
			other.Go(sleeping(time.Minute, 2)) // behind that one
			inner.Wait()
			resumed = time.Since(start)
			return 3, nil
		})
		waitAll(t, g)
		waitAll(t, other)
		if resumed != time.Second+time.Minute {
			t.Errorf("the waiter went on after %v, want it to wait for the place that another had been given", resumed)
		}
	})
}

// A wait that ends early takes its place back like any.
func TestS3_LendingAndAWaitThatEndsEarly(t *testing.T) {
	waits := map[string]func(ctx context.Context, inner *intGroup, task *intTask){
		"Task.Wait": func(ctx context.Context, _ *intGroup, task *intTask) { task.Wait(ctx) },
		"Next":      func(ctx context.Context, inner *intGroup, _ *intTask) { inner.Next(ctx) },
	}
	for name, wait := range waits {
		testutil.Bubble(t, name, func(t *testing.T) {
			s := newScale()
			shared := group.SharedLimit(group.NewLimiter(1))
			g := group.New[int](t.Context(), shared)
			g.Do(func(ctx context.Context) error {
				inner := group.New[int](ctx, shared)
				task := inner.Go(func(context.Context) (int, error) {
					s.add(1)
					time.Sleep(time.Minute)
					s.add(-1)
					return 0, nil
				})
				short, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				wait(short, inner, task)
				s.add(1)
				time.Sleep(time.Minute)
				s.add(-1)
				_, err := inner.Wait()
				return err
			})
			waitAll(t, g)
			if s.most != 1 {
				t.Errorf("%d worked at once", s.most)
			}
		})
	}
}

// Cancelled from the top, or blown up at the bottom: nobody is left waiting for a place.
func TestS3_LendingInAScopeThatIsStopped(t *testing.T) {
	for how, wait := range waysToWait {
		for _, stop := range []string{"cancel", "failure", "panic"} {
			testutil.Bubble(t, how+" "+stop, func(t *testing.T) {
				n := &nest{scale: newScale(), shared: group.SharedLimit(group.NewLimiter(1)), weight: 1}
				n.wait = func(ctx context.Context, n *nest, level int) error {
					if level == 1 {
						switch stop {
						case "cancel":
							return untilCancelled(ctx)
						case "panic":
							panic(errBoom)
						}
						return errBoom
					}
					return wait(ctx, n, level)
				}
				g := group.New[int](t.Context(), n.shared)
				g.Go(n.task(4))
				g.Go(n.task(4))
				if stop == "cancel" {
					time.AfterFunc(time.Minute, func() { g.Cancel(errBoom) })
				}
				var err error
				if end := testutil.EndOf(func() { _, err = g.Wait() }); end.How == "panicked" {
					err = end.Value.(error)
				}
				testutil.WantError(t, "Wait", err, errBoom)
				// The limiter is as good as new.
				next := group.New[int](t.Context(), n.shared)
				if _, ok := next.TryGo(value(7)); !ok {
					t.Error("a place was not given back")
				}
				waitAll(t, next)
			})
		}
	}
}
