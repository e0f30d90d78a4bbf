package group_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// patient returns a function that gives v after d, and an echo if it is cancelled before.
func patient(d time.Duration, v int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		select {
		case <-time.After(d):
			return v, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// swallowing gives 7 when it is cancelled, as if nothing had been.
func swallowing(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 7, nil
}

// Tasks fail after one second, two, three and so on; another is there to be cancelled.
func TestE1_Tolerate(t *testing.T) {
	tests := []struct {
		n, failing int
		stopped    bool
		reason     string
	}{
		{2, 0, false, "nobody failed"},
		{2, 1, false, "fewer than allowed"},
		{2, 2, false, "as many as allowed"},
		{2, 3, true, "the next one cancels, and none of them is forgiven any more"},
		{2, 5, true, "those that did not listen fail after the stop, and are listed too"},
		{1, 2, true, "the smallest allowance"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, fmt.Sprintf("%d of %d", tt.failing, tt.n), func(t *testing.T) {
			g := group.New[int](t.Context(), group.Tolerate(tt.n))
			var all []entry
			for i := range tt.failing {
				err := fmt.Errorf("task %d: %w", i, errBoom)
				g.Go(failingAfter(time.Duration(i+1)*time.Second, err), group.Name("bad"))
				all = append(all, entry{"bad", i, err})
			}
			rest := g.Go(patient(time.Minute, 7))
			vs, err := g.Wait()
			t.Log(tt.reason)
			if !tt.stopped {
				testutil.WantFailures(t, err)
				testutil.WantValues(t, vs, 7)
				return
			}
			testutil.WantFailures(t, err, all...)
			testutil.WantValues(t, vs)
			wantState(t, rest, group.Canceled)
			if cause := context.Cause(g.Context()); cause != error(testutil.ScopeError(t, err).Failures[tt.n]) {
				t.Errorf("the cause is %v, want the failure that was one too many", cause)
			}
		})
	}
}

// Tolerated is not forgotten: whatever else makes the scope fail brings the tolerated failures along.
func TestE1_TolerateInAScopeThatFailsOtherwise(t *testing.T) {
	bad := entry{"bad", 0, errBoom}
	tests := []struct {
		name   string
		rest   func(context.Context) (int, error) // beside the task that fails
		stop   func(g *intGroup, stopParent context.CancelCauseFunc) error
		want   []entry
		reason string
	}{
		{"body", obedient, func(*intGroup, context.CancelCauseFunc) error { return errOther },
			[]entry{bad, {"body", -1, errOther}}, "only failures of tasks are tolerated"},
		{"Cancel", obedient, func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errWhy); return nil },
			[]entry{bad, {"Cancel", -1, errWhy}}, "stopped for a reason"},
		{"Cancel, all done", value(1), func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errWhy); return nil },
			[]entry{bad, {"Cancel", -1, errWhy}}, "the reason is reported even if it came too late for anybody"},
		{"Cancel(nil)", obedient, func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(nil); return nil },
			nil, "a clean stop is no failure"},
		{"parent", obedient, func(_ *intGroup, stop context.CancelCauseFunc) error { stop(errWhy); return nil },
			[]entry{bad, {"context", -1, errWhy}}, "one did not succeed because the parent ended"},
		{"parent, nobody minds", swallowing, func(_ *intGroup, stop context.CancelCauseFunc) error { stop(errWhy); return nil },
			nil, "the failure came before, the other task succeeded: within what is allowed"},
		{"timeout", obedient, func(*intGroup, context.CancelCauseFunc) error { return nil },
			[]entry{bad, {"Timeout", -1, context.DeadlineExceeded}}, "one did not succeed because time was over"},
		{"clean-up", cleaningUp(errOther), func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errWhy); return nil },
			[]entry{bad, {"rest", 1, errOther}, {"Cancel", -1, errWhy}}, "failures in cleaning up are real ones"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Go(failing(errBoom), group.Name("bad"))
				g.Go(tt.rest, group.Name("rest"))
				time.Sleep(time.Second)
				return tt.stop(g, stop)
			}, group.Tolerate(3), group.Timeout(time.Minute))
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
		})
	}
}

func TestP1_PanicIsNotTolerated(t *testing.T) {
	for _, rule := range []group.Option{group.Tolerate(9), group.UntilSuccess(1)} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			p := testutil.Propagated(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					g.Go(failing(errOther), group.Name("early"))
					g.Go(patient(time.Hour, 1))
					time.Sleep(tick)
					g.Go(panickingTask, group.Name("bad"))
					return nil
				}, rule)
			})
			if p.Name != "bad" || time.Since(start) != tick {
				t.Errorf("%v: panic of %q after %v, want that of bad at once", rule, p.Name, time.Since(start))
			}
			if diff := cmp.Diff([]entry{{"early", 0, errOther}}, testutil.Entries(p.Failures), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("%v: other failures (-want +got):\n%s", rule, diff)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // as an error it is a failure like any
		g := group.New[int](t.Context(), group.Tolerate(1), group.PanicAsError())
		g.Go(panickingTask)
		g.Go(patient(time.Second, 7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

// Delivered to a loop is delivered; it was a failure all the same, and counts.
func TestE1_TolerateAndALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(failing(errBoom), group.Name("taken"))
			if task, _ := g.Next(context.Background()); task.Name() != "taken" {
				t.Errorf("the loop got task %q", task.Name())
			}
			if ctx.Err() != nil {
				t.Error("the scope was cancelled by a tolerated failure")
			}
			g.Go(failing(errOther), group.Name("one too many"))
			g.Go(obedient)
			return nil
		}, group.Tolerate(1))
		testutil.WantFailures(t, err, entry{"one too many", 1, errOther})
	})
}

// No option counts: the counters are the scope's.
func TestE4_RuleValuesServeManyScopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var built int
		rules := []struct {
			opt  group.Option
			want []entry
		}{
			{group.Tolerate(2), nil},
			{group.UntilSuccess(2), nil},
			{group.StopWhen(func() func(group.Completion) bool {
				built++
				seen := 0
				return func(group.Completion) bool { seen++; return seen == 2 }
			}), []entry{{"a", 0, errBoom}, {"b", 1, errBoom}}},
		}
		var wg sync.WaitGroup
		for range 10 {
			for _, rule := range rules {
				g := group.New[int](t.Context(), rule.opt)
				wg.Go(func() {
					g.Go(failing(errBoom), group.Name("a"))
					g.Go(failingAfter(time.Second, errBoom), group.Name("b"))
					g.Go(sleeping(2*time.Second, 1))
					g.Go(sleeping(3*time.Second, 2))
					vs, err := g.Wait()
					testutil.WantFailures(t, err, rule.want...)
					testutil.WantValues(t, vs, 1, 2)
				})
			}
		}
		wg.Wait()
		if built != 10 {
			t.Errorf("newRule was called %d times for 10 scopes", built)
		}
	})
}
