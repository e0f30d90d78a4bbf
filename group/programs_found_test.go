package group_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// L3, L1: what the function of a loop under a limiter leaves open is cancelled and awaited, as it is without one.
func TestL3_LeftOpenByAnElement(t *testing.T) {
	for _, o := range []group.Option{group.Limit(1), group.SharedLimit(group.NewLimiter(1))} {
		for _, leave := range []bool{false, true} {
			testutil.Bubble(t, o.String(), func(t *testing.T) {
				ended := false
				err := iter.ForEach(t.Context(), slices.Values([]int{1}), func(ctx context.Context, _ int) error {
					g := group.New[int](ctx)
					g.Do(func(ctx context.Context) error {
						defer func() { ended = true }()
						if leave {
							<-ctx.Done()
						}
						return nil
					})
					if !leave {
						g.Wait()
					}
					return nil
				}, o)
				if !ended {
					t.Error("the loop ended before the task did")
				}
				if told := err != nil && strings.Contains(err.Error(), "left scope (opened at "); told != leave {
					t.Errorf("the loop returned %v", err)
				}
			})
		}
	}
}

// L5: the cause of a scope's end does not change when the context above ends later.
func TestL5_CauseOfAnEndedScopeStays(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var inner context.Context
	_, _ = group.Run(context.WithValue(ctx, key{}, 7), func(ctx context.Context, _ *intGroup) error { inner = ctx; return nil })
	before := context.Cause(inner)
	cancel(errWhy)
	if after := context.Cause(inner); after != before || before != context.Canceled {
		t.Errorf("the cause was %v, and is %v", before, after)
	}
	if v := inner.Value(key{}); v != 7 {
		t.Errorf("the value is %v, want 7", v)
	}
}

// L6: so a daemon that was dismissed, and returns the cause of its context's end, has not failed.
func TestL6_DismissedDaemonReturnsItsCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(testutil.CancelledIn(t.Context(), time.Second, errWhy), func(_ context.Context, g *intGroup) error {
			g.Do(func(ctx context.Context) error {
				<-ctx.Done() // at once: nobody else is there
				time.Sleep(2 * time.Second)
				return context.Cause(ctx)
			}, group.Daemon())
			return nil
		})
		testutil.WantFailures(t, err)
	})
}

// E1: that another task never began may be the error of one that did.
func TestE1_StartReturnsTheErrorOfATaskThatNeverBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := group.New[int](t.Context(), group.Limit(1))
		other.Go(sleeping(time.Second, 1))
		refused := other.Go(value(2))
		refused.Cancel(errWhy)
		g := group.New[int](t.Context())
		caller, cancel := context.WithCancel(t.Context())
		_, err := group.Start(caller, g, func(ctx context.Context, _ func(int) bool) error {
			cancel()
			<-ctx.Done()
			return refused.Err()
		})
		testutil.WantError(t, "Start", err, errWhy)
		g.Wait()
		other.Wait()
	})
}

// Who waits for room takes back the places of the task that opened the scope. It waited for them, with the only place in its own hands,
// while that task waited for it.
func TestS3_WaitForRoomTakesNoPlaceBackFromAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := group.NewLimiter(1)
		nothing := func(context.Context) error { return nil }
		_, err := group.Run(t.Context(), func(_ context.Context, outer *group.TaskGroup[int]) error {
			outer.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
					g.Do(func(context.Context) error {
						g.Do(nothing)
						g.Do(nothing) // there is no room until the scope is cancelled
						return nil
					})
					within, cancel := context.WithTimeout(ctx, time.Second)
					defer cancel()
					g.Next(within) // lends the place to the task
					g.Cancel(nil)
					time.Sleep(time.Second)
					return nil
				}, group.SharedLimit(l), group.Queue(1))
				return err
			})
			return nil
		}, group.SharedLimit(l))
		if err != nil {
			t.Error(err)
		}
	})
}

// S2: it is the start of a daemon that finds the parent ended, and refuses the tasks in the queue: no lock is held while a rule is asked.
func TestS2_DaemonFindsTheParentEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		told := 0
		_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
			g.Do(func(context.Context) error { time.Sleep(time.Second); return nil })
			queued := g.Do(func(context.Context) error { return nil })
			synctest.Wait()
			cancel()
			daemon := g.Do(func(context.Context) error { return nil }, group.Daemon())
			synctest.Wait()
			for _, task := range []*group.Task[int]{queued, daemon} {
				if state := task.State(); state != group.NotStarted {
					t.Errorf("task %d is %v", task.Index(), state)
				}
			}
			return nil
		}, group.Limit(1), group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { told++; return false }
		}))
		testutil.WantError(t, "error", err, context.Canceled)
		if told == 0 {
			t.Error("the rule was not asked")
		}
	})
}

// E1: the failures are in completion order. The one that stopped the scope is told of even if a loop took it, and came first, before others
// that had come before it: with Tolerate or StopWhen there may be such, of tasks that no loop yields.
func TestE1_TheTakenFailureThatStoppedComesInItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fail := func(d time.Duration, why string) func(context.Context) (int, error) {
			return func(context.Context) (int, error) { time.Sleep(d); return 0, errors.New(why) }
		}
		_, err := group.Run(t.Context(), func(ctx context.Context, g *group.TaskGroup[string]) error {
			group.Go(g, fail(time.Second, "first")) // a child of another type: no loop of g yields it
			g.Do(func(ctx context.Context) error { _, err := fail(2*time.Second, "second")(ctx); return err })
			g.Next(ctx)
			return nil
		}, group.Tolerate(1))
		e := err.(*group.Error)
		if len(e.Failures) != 2 || e.Failures[0].Err.Error() != "first" {
			t.Errorf("not in the order in which they ended: %v", e.Failures)
		}
	})
}
