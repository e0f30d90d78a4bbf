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

func TestRace_TheFirstToEndDecides(t *testing.T) {
	both := func(context.Context) (int, error) { return 7, errBoom }
	tests := []struct {
		name   string
		fns    []intFunc
		value  int
		err    error
		took   time.Duration
		reason string
	}{
		{"value", []intFunc{slowToStop, patient(time.Second, 2), patient(time.Hour, 3)}, 2, nil, time.Second + time.Minute, "the others are cancelled and awaited"},
		{"error", []intFunc{patient(2*time.Second, 1), failingAfter(time.Second, errBoom)}, 0, errBoom, time.Second, "an error decides as well"},
		{"zero", []intFunc{patient(time.Second, 0), patient(2*time.Second, 2)}, 0, nil, time.Second, "EA24: a zero value is one"},
		{"both", []intFunc{both, patient(time.Second, 2)}, 7, errBoom, 0, "what it returned, as it returned it"},
		{"one", []intFunc{patient(time.Second, 1)}, 1, nil, time.Second, "a race against nobody"},
		{"own context.Canceled", []intFunc{failing(context.Canceled), patient(time.Second, 2)}, 0, context.Canceled, 0, "it came in first with that"},
		{"EA21 loser fails", []intFunc{patient(time.Second, 1), cleaningUp(errOther)}, 1, nil, time.Second, "nobody is told of a loser"},
		{"loser exits", []intFunc{patient(time.Second, 1), func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return goexitingTask(ctx)
		}}, 1, nil, time.Second, "nor of how it ended"},
		{"loser succeeds", []intFunc{swallowing, patient(time.Second, 1)}, 1, nil, time.Second, "too late"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			start := time.Now()
			v, err := group.Race(t.Context(), tc.fns...)
			if v != tc.value || err != tc.err { // the very error: there is no scope to be seen around it
				t.Errorf("Race gives %d, %v; want %d, %v: %s", v, err, tc.value, tc.err, tc.reason)
			}
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

func TestP1_PanicOfALoser(t *testing.T) {
	late := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		panic(errBoom)
	}
	for name, call := range map[string]func(context.Context, ...intFunc) (int, error){"Race": group.Race[int], "Any": group.Any[int]} {
		testutil.Bubble(t, name, func(t *testing.T) {
			p := testutil.Propagated(t, func() { call(t.Context(), patient(time.Second, 1), late) })
			if p.Value != errBoom {
				t.Errorf("the panic is %v, want %v", p.Value, errBoom)
			}
		})
	}
}

func TestAny_TheFirstSuccess(t *testing.T) {
	tests := []struct {
		name   string
		fns    []intFunc
		value  int
		took   time.Duration
		reason string
	}{
		{"first of all", []intFunc{patient(time.Second, 1), patient(time.Hour, 2)}, 1, time.Second, "the other is cancelled"},
		{"after failures", []intFunc{failing(errBoom), failingAfter(time.Second, errOther), patient(2*time.Second, 3), slowToStop},
			3, 2*time.Second + time.Minute, "they cancel nobody and are dropped; the loser is awaited"},
		{"last of all", []intFunc{failingAfter(time.Second, errBoom), patient(time.Minute, 2)}, 2, time.Minute, "there is one"},
		{"zero", []intFunc{failing(errBoom), patient(time.Second, 0)}, 0, time.Second, "EA24: a zero value is a success"},
		{"EA21 late failure", []intFunc{value(1), cleaningUp(errBoom)}, 1, 0, "nobody is told"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			start := time.Now()
			v, err := group.Any(t.Context(), tc.fns...)
			if v != tc.value || err != nil {
				t.Errorf("Any gives %d, %v; want %d: %s", v, err, tc.value, tc.reason)
			}
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

// Who succeeds, of those that do in the same instant, is chance; that one does, and that it is one, is not.
func TestWM21_SimultaneousWinners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 200 {
			at := time.Millisecond
			fns := []intFunc{patient(at, 1), patient(at, 2), failingAfter(at, errBoom), patient(at, 3)}
			if v, err := group.Any(t.Context(), fns...); err != nil || v < 1 || v > 3 {
				t.Fatalf("Any gives %d, %v; want one of the successes", v, err)
			}
			if v, err := group.Race(t.Context(), fns...); (v < 1 || v > 3) && err != errBoom {
				t.Fatalf("Race gives %d, %v; want one of the ends", v, err)
			}
			if v, err := group.Hedge(t.Context(), 0, fns...); err != nil || v < 1 || v > 3 {
				t.Fatalf("Hedge gives %d, %v; want one of the successes", v, err)
			}
			vs, err := group.Quorum(t.Context(), 2, fns...)
			if err != nil || len(vs) != 2 || vs[0] < 1 || vs[0] >= vs[1] || vs[1] > 3 {
				t.Fatalf("Quorum gives %v, %v; want two of the successes in the order of the functions", vs, err)
			}
		}
	})
}

// Cancelled losers see that they have lost, and no failure is to blame.
func TestCA12_LosersAreCancelledWithoutAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cause error
		_, err := group.Any(t.Context(), patient(time.Second, 1), func(ctx context.Context) (int, error) {
			<-ctx.Done()
			cause = context.Cause(ctx)
			return 0, cause
		})
		var f *group.Failure
		if err != nil || cause == nil || errors.As(cause, &f) {
			t.Errorf("Any gives %v, and the loser's cause is %v; want a cancellation that is nobody's failure", err, cause)
		}
	})
}
