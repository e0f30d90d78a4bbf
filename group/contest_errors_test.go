package group_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestEA22_AnyTellsEveryFailureInTheOrderOfTheFunctions(t *testing.T) {
	real := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, errors.Join(errOther, ctx.Err())
	}
	tests := []struct {
		name   string
		cancel bool
		fns    []intFunc
		want   []entry
		reason string
	}{
		{"all fail", false, []intFunc{failingAfter(3*time.Second, errBoom), failing(errOther), failingAfter(time.Second, errWhy)},
			[]entry{{"", 0, errBoom}, {"", 1, errOther}, {"", 2, errWhy}}, "not in the order of their ends"},
		{"one", false, []intFunc{failing(errBoom)}, []entry{{"", 0, errBoom}}, "still a list, of one"},
		{"exit", false, []intFunc{failingAfter(time.Second, errBoom), goexitingTask}, []entry{{"", 0, errBoom}, {"", 1, group.ErrGoexit}}, "is a failure"},
		{"cancelled", true, []intFunc{obedient, obedient}, []entry{{"context", -1, errWhy}}, "the cancellation once, and no echo"},
		{"failed and cancelled", true, []intFunc{obedient, failing(errBoom), real},
			[]entry{{"", 1, errBoom}, {"", 2, errOther}, {"context", -1, errWhy}}, "what failed before, what did so since, and why the rest did not succeed"},
		{"failed in spite of it", true, []intFunc{failingAfter(time.Minute, errBoom), failing(errOther)}, []entry{{"", 0, errBoom}, {"", 1, errOther}},
			"the cancellation is not why"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			ctx := t.Context()
			if tc.cancel {
				ctx = testutil.CancelledIn(ctx, time.Second, errWhy)
			}
			v, err := group.Any(ctx, tc.fns...)
			if v != 0 {
				t.Errorf("the value is %d", v)
			}
			testutil.WantFailures(t, err, tc.want...)
			if tc.cancel {
				return // ctx has ended
			}
			v, err = group.Hedge(ctx, 0, tc.fns...) // is Any if there is no delay
			if v != 0 {
				t.Errorf("the value of Hedge is %d", v)
			}
			testutil.WantFailures(t, err, tc.want...)
		})
	}
}

func TestQuorum(t *testing.T) {
	tests := []struct {
		name   string
		n      int
		fns    []intFunc
		want   []int
		err    []entry
		took   time.Duration
		reason string
	}{
		{"in order", 2, []intFunc{patient(3*time.Second, 1), patient(2*time.Second, 2), patient(time.Second, 3), slowToStop}, []int{2, 3}, nil,
			2*time.Second + time.Minute, "of the first two, not in the order of their ends; the rest is cancelled and awaited"},
		{"one", 1, []intFunc{patient(time.Minute, 1), patient(time.Second, 2)}, []int{2}, nil, time.Second, "is Any"},
		{"all", 3, []intFunc{patient(3*time.Second, 0), value(0), patient(time.Second, 0)}, []int{0, 0, 0}, nil, 3 * time.Second, "EA24: zero values count"},
		{"enough in spite of failures", 2, []intFunc{failing(errBoom), patient(time.Second, 2), failing(errOther), patient(time.Minute, 4)},
			[]int{2, 4}, nil, time.Minute, "which are dropped"},
		{"too many have failed", 2, []intFunc{failingAfter(2*time.Second, errBoom), failingAfter(time.Second, errOther), slowToStop},
			nil, []entry{{"", 0, errBoom}, {"", 1, errOther}}, 2*time.Second + time.Minute, "it is over as soon as it is hopeless"},
		{"the first is too many", 3, []intFunc{cleaningUp(errOther), failingAfter(time.Second, errBoom), obedient},
			nil, []entry{{"", 0, errOther}, {"", 1, errBoom}}, time.Second, "failures in cleaning up are told, echoes are not"},
		{"hopeless with a success", 2, []intFunc{value(1), failing(errBoom), failingAfter(time.Second, errOther)},
			nil, []entry{{"", 1, errBoom}, {"", 2, errOther}}, time.Second, "no values beside an error"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			start := time.Now()
			vs, err := group.Quorum(t.Context(), tc.n, tc.fns...)
			testutil.WantFailures(t, err, tc.err...)
			testutil.WantValues(t, vs, tc.want...)
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

// A success of one that had been told to stop is none once all is lost; under a cancelled ctx it may still make the number.
func TestE3_QuorumUnderACancelledContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Quorum(testutil.CancelledIn(t.Context(), time.Second, errWhy), 2, swallowing, obedient, swallowing)
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7, 7)
		vs, err = group.Quorum(testutil.CancelledIn(t.Context(), time.Second, errWhy), 2, swallowing, obedient, cleaningUp(errBoom))
		testutil.WantFailures(t, err, entry{"", 2, errBoom}, entry{"context", -1, errWhy})
		testutil.WantValues(t, vs)
	})
}

func TestMI09_ContestsThatMakeNoSense(t *testing.T) {
	tests := []struct {
		name   string
		call   func(ctx context.Context, fn intFunc)
		want   any // of the panic
		reason string
	}{
		{"Quorum of 0", func(ctx context.Context, fn intFunc) { group.Quorum(ctx, 0, fn) }, "group: Quorum needs n ≥ 1, got 0", "would be over before it began"},
		{"Quorum of -1", func(ctx context.Context, fn intFunc) { group.Quorum(ctx, -1, fn) }, "group: Quorum needs n ≥ 1, got -1", "is no number"},
		{"Quorum of 0 of nothing", func(ctx context.Context, _ intFunc) { group.Quorum[int](ctx, 0) }, "group: Quorum needs n ≥ 1, got 0", "misuse comes before bad luck"},
		{"Hedge", func(ctx context.Context, fn intFunc) { group.Hedge(ctx, -time.Second, fn) }, "group: Hedge needs delay ≥ 0, got -1s", "is no delay"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var crew crew
			got := testutil.PanicOf(t, func() { tc.call(t.Context(), crew.counted(value(1))) })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: panic (-want +got):\n%s", tc.reason, diff)
			}
			if n := crew.Begun.Load(); n != 0 {
				t.Errorf("%d functions were called", n)
			}
		})
	}
}

// Too few functions are no misuse, they may come from data: an error, and nothing is called in vain.
func TestQuorum_TooFewFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var crew crew
		fn := crew.counted(value(1))
		vs, err := group.Quorum(t.Context(), 3, fn, fn)
		testutil.WantError(t, "Quorum of 3 of 2", err, group.ErrTooFewTasks)
		testutil.WantValues(t, vs)
		if n := crew.Begun.Load(); n != 0 {
			t.Errorf("%d functions were called", n)
		}
	})
}
