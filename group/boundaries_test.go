package group_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A cancellation that was raised elsewhere is an error like any in a scope that has nothing to do with it.
func TestNE06_CancellationOfAnotherScopeIsNotAbsorbed(t *testing.T) {
	sections := map[string]func(ctx context.Context, f func(ctx context.Context) error) error{
		"unshielded": func(ctx context.Context, f func(ctx context.Context) error) error {
			return f(context.WithoutCancel(ctx))
		},
		"shielded": func(ctx context.Context, f func(ctx context.Context) error) error {
			return group.Shield(ctx, time.Hour, f)
		},
	}
	for name, section := range sections {
		for _, place := range []string{"task", "body"} {
			testutil.Bubble(t, name+" "+place, func(t *testing.T) {
				var inner error
				g := group.New[int](t.Context())
				g.Go(func(ctx context.Context) (int, error) {
					<-ctx.Done()
					return 0, section(ctx, func(sctx context.Context) error {
						_, inner = group.Run(sctx, func(_ context.Context, unrelated *intGroup) error {
							if place == "body" {
								return ctx.Err() // of the outer scope
							}
							unrelated.Go(func(context.Context) (int, error) { return 0, ctx.Err() }, group.Name("task"))
							return nil
						})
						return inner
					})
				})
				time.Sleep(tick)
				g.Cancel(nil)
				_, err := g.Wait()
				want := entry{"task", 0, context.Canceled}
				if place == "body" {
					want = entry{"body", -1, context.Canceled}
				}
				testutil.WantFailures(t, inner, want) // it was not this scope's cancellation
				testutil.WantFailures(t, err)         // but that of the one that it comes back to
			})
		}
	}
}

// A scope below awaits its own tasks, and nobody else's.
func TestNE14_NestedScopeAwaitsItsOwnAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			before := outer.Go(sleeping(time.Hour, 1))
			_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
				inner.Go(sleeping(time.Second, 2))
				outer.Go(sleeping(time.Hour, 3)) // from inside, but not of it
				return nil
			})
			if d := time.Since(start); d != time.Second {
				t.Errorf("the inner scope took %v", d)
			}
			wantState(t, before, group.Running)
			return err
		})
		testutil.WantFailures(t, err)
		if d := time.Since(start); d != time.Hour {
			t.Errorf("the outer scope took %v", d)
		}
	})
}

// The values are in the order of submission, in whatever order and however many at a time they come.
func TestLI02_OrderAtAnyLimit(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 10, 100} {
		for name, opt := range map[string]group.Option{
			"Limit": group.Limit(limit), "SharedLimit": group.SharedLimit(group.NewLimiter(limit)),
		} {
			testutil.Bubble(t, fmt.Sprint(name, " ", limit), func(t *testing.T) {
				var want []int
				g := group.New[int](t.Context(), opt, group.Queue(limit))
				for i := range 30 {
					want = append(want, i)
					g.Go(sleeping(time.Duration((i*7)%30+1)*time.Second, i)) // ends in another order
				}
				vs, err := g.Wait()
				testutil.WantFailures(t, err)
				if !slices.Equal(vs, want) {
					t.Errorf("values %v", vs)
				}
			})
		}
	}
}

// No input: no output, no error, and no goroutine for it.
func TestLI06_NothingAtAnyLimit(t *testing.T) {
	for _, opt := range []group.Option{
		group.Limit(1), group.Limit(100), group.Queue(1), group.SharedLimit(group.NewLimiter(1)), group.KeepGoing(), group.Tolerate(1),
		group.StopWhen(newTestRule), group.FirstError(), group.OnStuck(time.Second, tellNobody), group.Ignore(errBoom),
	} {
		testutil.Bubble(t, fmt.Sprint(opt), func(t *testing.T) {
			vs, err := group.Run(t.Context(), func(context.Context, *intGroup) error {
				if n := leftGoroutines(); n != 0 {
					t.Errorf("%d goroutines for nothing", n)
				}
				return nil
			}, opt)
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs)
		})
	}
}

// Settled means every outcome, in the order of submission, with the handles.
func TestEA19_EveryOutcomeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		tasks := []*intTask{
			g.Go(failingAfter(3*time.Second, errBoom)), g.Go(sleeping(2*time.Second, 1)), g.Go(obedient), g.Go(sleeping(time.Second, 3)),
		}
		time.Sleep(tick)
		tasks[2].Cancel(nil)
		g.Wait()
		for i, want := range []error{errBoom, nil, context.Canceled, nil} {
			v, err := tasks[i].Result()
			if !errors.Is(err, want) || want == nil && v != i {
				t.Errorf("outcome %d is %v, %v; want %v", i, v, err, want)
			}
		}
	})
}

// The waiter is cancelled: that is what it learns, not a list of outcomes with something missing.
func TestEA20_SettledAndTheWaiterIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](testutil.CancelledIn(t.Context(), time.Second, errWhy), group.KeepGoing())
		g.Go(value(1))
		g.Go(obedient)
		vs, err := g.Wait()
		testutil.WantFailures(t, err, entry{"context", -1, errWhy})
		testutil.WantValues(t, vs, 1) // what is there is there beside the error
	})
}

// The results have been delivered; a failure after that is nobody's loss, and nobody's surprise.
func TestEA21_LateFailureAfterTheGoal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.UntilSuccess(1))
		late := g.Go(failingAfter(time.Minute, errBoom))
		g.Go(patient(time.Second, 7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
		wantState(t, late, group.Failed) // there for whoever asks
		testutil.WantError(t, "late", late.Err(), errBoom)
	})
}
