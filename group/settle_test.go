package group_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestEA19_SettleTellsEveryOutcomeInOrder(t *testing.T) {
	type outcome struct {
		Value int
		Err   error
		State group.State
	}
	tests := []struct {
		fn     intFunc
		want   outcome
		reason string
	}{
		{sleeping(3*time.Second, 1), outcome{1, nil, group.Succeeded}, "a late success"},
		{failingAfter(2*time.Second, errBoom), outcome{0, errBoom, group.Failed}, "a failure, which cancels nobody"},
		{value(0), outcome{0, nil, group.Succeeded}, "a zero value"},
		{failing(errOther), outcome{0, errOther, group.Failed}, "an early failure"},
		{goexitingTask, outcome{0, group.ErrGoexit, group.Failed}, "a Goexit"},
		{failing(context.Canceled), outcome{0, context.Canceled, group.Failed}, "a cancellation, but nobody else's than its own"},
		{failing(errBoom), outcome{0, errBoom, group.Failed}, "the error of another again"},
		{sleeping(time.Second, 8), outcome{8, nil, group.Succeeded}, "a success among failures"},
	}
	synctest.Test(t, func(t *testing.T) {
		var fns []intFunc
		for _, tc := range tests {
			fns = append(fns, tc.fn)
		}
		start := time.Now()
		tasks, err := group.Settle(t.Context(), fns...)
		if err != nil || len(tasks) != len(tests) {
			t.Fatalf("Settle gives %d tasks, %v; want %d and no error", len(tasks), err, len(tests))
		}
		for i, tc := range tests {
			v, err := tasks[i].Result()
			if diff := cmp.Diff(tc.want, outcome{v, err, tasks[i].State()}, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if tasks[i].Index() != i {
				t.Errorf("task %d has index %d", i, tasks[i].Index())
			}
		}
		if d := time.Since(start); d != 3*time.Second {
			t.Errorf("took %v, want the time of the longest", d)
		}
	})
}

func TestEA20_SettleWhoseContextEnds(t *testing.T) {
	tests := []struct {
		name   string
		fns    []intFunc
		cut    bool
		reason string
	}{
		{"cancelled", []intFunc{obedient, slowToStop}, true, "the cancellation is told, not a list"},
		{"one was done", []intFunc{value(1), obedient}, true, "a list with something missing is none"},
		{"one had failed", []intFunc{failing(errBoom), obedient}, true, "no more is one with a failure"},
		{"all were done", []intFunc{value(1), failing(errBoom)}, false, "ctx came too late to change anything"},
		{"deaf", []intFunc{sleeping(time.Minute, 1), sleeping(time.Hour, 2)}, false, "nor did it change these"},
		{"deaf but failing", []intFunc{sleeping(time.Minute, 1), failingAfter(time.Hour, errBoom)}, false, "this failure has nothing to do with it"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			tasks, err := group.Settle(testutil.CancelledIn(t.Context(), time.Second, errWhy), tc.fns...)
			if !tc.cut {
				if err != nil || len(tasks) != len(tc.fns) {
					t.Errorf("Settle gives %d tasks, %v; want %d and no error: %s", len(tasks), err, len(tc.fns), tc.reason)
				}
				return
			}
			if tasks != nil {
				t.Errorf("there are %d tasks beside the error: %s", len(tasks), tc.reason)
			}
			if !errors.Is(err, errWhy) || !errors.Is(err, context.Canceled) {
				t.Errorf("error is %v, want the cause and what ctx says", err)
			}
		})
	}
}

// The end of ctx is no end of one of its deadlines only.
func TestTI01_SettleWithADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		tasks, err := group.Settle(ctx, slowToStop)
		if tasks != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Settle gives %v, %v; want the deadline", tasks, err)
		}
		if d := time.Since(start); d != time.Second+time.Minute {
			t.Errorf("returned after %v: not before the work has stopped, and not later", d)
		}
	})
}

// A function's own timeout is one outcome among the others.
func TestTI22_SettleAndAnInnerTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := func(ctx context.Context) (int, error) {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return obedient(ctx)
		}
		tasks, err := group.Settle(t.Context(), inner, patient(time.Minute, 2))
		if err != nil || len(tasks) != 2 {
			t.Fatalf("Settle gives %d tasks, %v", len(tasks), err)
		}
		wantState(t, tasks[0], group.Failed)
		testutil.WantError(t, "inner", tasks[0].Err(), context.DeadlineExceeded)
		wantState(t, tasks[1], group.Succeeded)
	})
}

// All until something: every task in the order in which it was started, and those that did not get to their end say so.
func TestWM23_AllUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secondFailure := func() func(group.Completion) bool {
			failures := 0
			return func(c group.Completion) bool {
				if c.Err != nil && !c.Echo {
					failures++
				}
				return failures == 2
			}
		}
		g := group.New[int](t.Context(), group.StopWhen(secondFailure), group.Limit(4))
		tasks := []*intTask{
			g.Go(patient(time.Hour, 0)), g.Go(failingAfter(time.Second, errBoom)), g.Go(patient(2*time.Second, 2)),
			g.Go(failingAfter(3*time.Second, errOther)), g.Go(patient(time.Hour, 4)), g.Go(patient(time.Hour, 5)), g.Go(patient(time.Hour, 6)),
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"", 1, errBoom}, entry{"", 3, errOther})
		want := []group.State{group.Canceled, group.Failed, group.Succeeded, group.Failed, group.Canceled, group.Canceled, group.NotStarted}
		for i, task := range tasks {
			wantState(t, task, want[i])
		}
	})
}
