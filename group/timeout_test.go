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

var timedOut = entry{"Timeout", -1, context.DeadlineExceeded}

func TestTI01_TI11_TI12_TI21_Expired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		var told atomic.Int32
		start := time.Now()
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			for range 3 {
				g.Go(func(ctx context.Context) (int, error) {
					v, err := c.straggler(ctx)
					if ctx.Err() == context.DeadlineExceeded && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
						told.Add(1)
					}
					return v, err
				})
			}
			<-ctx.Done()
			return ctx.Err()
		}, group.Timeout(time.Minute))
		c.WantNone(t)
		testutil.WantFailures(t, err, timedOut) // once, and not as a cancellation
		if errors.Is(err, context.Canceled) {
			t.Errorf("the timeout is reported as a cancellation: %v", err)
		}
		if n := told.Load(); n != 3 {
			t.Errorf("%d of 3 children were told of the timeout", n)
		}
		if d := time.Since(start); d != time.Minute+time.Second {
			t.Errorf("took %v, want the deadline and the clean-up", d)
		}
	})
}

func TestTI02_TI06_NotExpired(t *testing.T) {
	tests := []struct {
		name     string
		opts     []group.Option
		deadline bool
		reason   string
	}{
		{"long enough", []group.Option{group.Timeout(2 * time.Hour)}, true, "a deadline that is met has no effect"},
		{"none", nil, false, "without one nothing fires"},
		{"last one wins", []group.Option{group.Timeout(time.Second), group.Timeout(2 * time.Hour)}, true, "a single-valued option"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx := context.WithoutCancel(t.Context())
			g := group.New[int](ctx, tt.opts...)
			if d, ok := g.Context().Deadline(); ok != tt.deadline || ok && time.Until(d) != 2*time.Hour {
				t.Errorf("deadline %v, %v: %s", d, ok, tt.reason)
			}
			g.Go(sleeping(time.Hour, 7))
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 7)
			time.Sleep(24 * time.Hour) // nor later
			if ctx.Err() != nil || errors.Is(context.Cause(g.Context()), context.DeadlineExceeded) {
				t.Error("the deadline of an ended scope has fired")
			}
		})
	}
}

// A timeout that is none is a mistake; a deadline that has passed lets the body in and no task begin.
func TestTI04_ZeroNegativeAndPast(t *testing.T) {
	for _, d := range []time.Duration{0, -time.Second} {
		testutil.PanicOf(t, func() { group.Timeout(d) })
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer cancel()
		entered, ran := false, false
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			entered = true
			g.Go(func(context.Context) (int, error) { ran = true; return 0, nil })
			return nil
		}, group.Timeout(time.Hour))
		if !entered || ran {
			t.Errorf("body entered: %v, task ran: %v", entered, ran)
		}
		testutil.WantFailures(t, err, entry{"context", -1, context.DeadlineExceeded})
	})
}

func TestTI07_TI18_TheTighterOneFires(t *testing.T) {
	tests := []struct {
		name                 string
		outer, inner         time.Duration
		outerWant, innerWant []entry
		reason               string
	}{
		{"inner", time.Hour, time.Minute, []entry{{"child", 0, context.DeadlineExceeded}}, []entry{timedOut},
			"the inner scope timed out; to the outer one that is a failure"},
		{"outer", time.Minute, time.Hour, []entry{timedOut}, []entry{{"context", -1, context.DeadlineExceeded}},
			"the outer scope timed out; the inner one was cancelled by its parent"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			start := time.Now()
			var innerErr error
			_, err := group.Run(t.Context(), func(_ context.Context, outer *intGroup) error {
				outer.Go(func(ctx context.Context) (int, error) {
					_, innerErr = group.Run(ctx, func(ctx context.Context, inner *intGroup) error {
						if d, ok := ctx.Deadline(); !ok || d.Sub(start) != time.Minute {
							t.Errorf("the effective deadline is %v, want the tighter one", d.Sub(start))
						}
						inner.Go(obedient)
						return nil
					}, group.Timeout(tt.inner))
					return 0, innerErr
				}, group.Name("child"))
				return nil
			}, group.Timeout(tt.outer))
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.outerWant...)
			testutil.WantFailures(t, innerErr, tt.innerWant...)
			if d := time.Since(start); d != time.Minute {
				t.Errorf("took %v", d)
			}
		})
	}
}

// Both deadlines have passed before anybody looks.
func TestTI08_BothExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			_, err := group.Run(ctx, func(ctx context.Context, inner *intGroup) error {
				time.Sleep(time.Hour) // deaf to both
				return ctx.Err()
			}, group.Timeout(2*time.Minute))
			return err
		}, group.Timeout(time.Minute))
		testutil.WantFailures(t, err, timedOut)
	})
}

func TestTI10_CleanUpWithATimeoutOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cleaned []int
		var cleanErr error
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			defer func() {
				cleaned, cleanErr = group.Run(context.WithoutCancel(ctx), func(_ context.Context, g *intGroup) error {
					g.Go(sleeping(time.Second, 7))
					return nil
				}, group.Timeout(time.Minute))
			}()
			<-ctx.Done()
			return ctx.Err()
		}, group.Timeout(time.Minute))
		testutil.WantFailures(t, err, timedOut)
		testutil.WantFailures(t, cleanErr)
		testutil.WantValues(t, cleaned, 7)
	})
}

func TestTI14_TI15_ValuesAtAndAfterTheDeadline(t *testing.T) {
	tests := []struct {
		name   string
		takes  time.Duration
		reason string
	}{
		{"in the same instant", time.Minute, "the value is not lost"},
		{"after it", time.Hour, "work that swallows the cancellation and succeeds has succeeded"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Timeout(time.Minute))
			g.Go(sleeping(tt.takes, 7))
			time.Sleep(2 * time.Hour) // before Wait, lest the scope's end come before the deadline
			vs, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 7)
			if cause := context.Cause(g.Context()); !errors.Is(cause, context.DeadlineExceeded) {
				t.Errorf("the scope's cause is %v: the deadline that passed is not to be seen", cause)
			}
		})
	}
}

// The value and the outer cancellation come together: neither swallows the other.
func TestTI15_ValueInTheInstantOfTheOuterCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		g := group.New[int](ctx)
		task := g.Go(sleeping(time.Minute, 7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
		wantState(t, task, group.Succeeded)
		<-ctx.Done() // still to be seen
	})
}

func TestTI20_CancelledBeforeTheDeadline(t *testing.T) {
	for _, cause := range []error{nil, errWhy} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Timeout(time.Minute))
			g.Go(func(ctx context.Context) (int, error) {
				<-ctx.Done()
				time.Sleep(time.Hour) // the deadline passes meanwhile
				return 0, ctx.Err()
			})
			time.Sleep(time.Second)
			g.Cancel(cause)
			_, err := g.Wait()
			if errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, cause) || (err == nil) != (cause == nil) {
				t.Errorf("cancelled with %v, ends with %v", cause, err)
			}
		})
	}
}

// A child's own deadline is its failure; the scope's is the scope's, once.
func TestTI22_TaskTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		slow := g.Go(obedient, group.Timeout(time.Second), group.Name("slow"))
		g.Go(sleeping(time.Minute, 7), group.Timeout(time.Hour))
		g.Do(func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, group.Timeout(2*time.Second), group.Name("cause"))
		vs, err := g.Wait()
		testutil.WantValues(t, vs, 7)
		testutil.WantFailures(t, err, entry{"slow", 0, context.DeadlineExceeded}, entry{"cause", 2, context.DeadlineExceeded})
		wantState(t, slow, group.Failed)
	})
}

// Waiting for a place does not count against a task.
func TestTI22_TaskTimeoutCountsFromTheBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		for i := range 10 {
			g.Go(func(ctx context.Context) (int, error) {
				if d, ok := ctx.Deadline(); !ok || time.Until(d) != time.Minute {
					t.Errorf("task %d begins with %v left of its minute", i, time.Until(d))
				}
				select {
				case <-ctx.Done():
					return 0, ctx.Err()
				case <-time.After(50 * time.Second):
					return i, nil
				}
			}, group.Timeout(time.Minute))
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	})
}
