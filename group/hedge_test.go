package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// begins notes when each function is called.
type begins []time.Duration

// of wraps functions; those that are not called have -1. It is for one bubble, from now on.
func (b *begins) of(fns ...intFunc) []intFunc {
	start := time.Now()
	*b = make(begins, len(fns))
	noted := make([]intFunc, len(fns))
	for i, fn := range fns {
		(*b)[i] = -1
		noted[i] = func(ctx context.Context) (int, error) {
			(*b)[i] = time.Since(start)
			return fn(ctx)
		}
	}
	return noted
}

func TestWM20_Hedge(t *testing.T) {
	const s = time.Second
	tests := []struct {
		name   string
		fns    []intFunc // the delay is 10 s
		begins begins
		value  int
		err    []entry
		took   time.Duration
		reason string
	}{
		{"fast enough", []intFunc{patient(9*s, 1), value(2)}, begins{0, -1}, 1, nil, 9 * s, "no other is called"},
		{"slow", []intFunc{patient(15*s, 1), patient(time.Hour, 2), value(3)}, begins{0, 10 * s, -1}, 1, nil, 15 * s, "the first may still win"},
		{"overtaken", []intFunc{slowToStop, patient(5*s, 2), value(3)}, begins{0, 10 * s, -1}, 2, nil, 15*s + time.Minute,
			"the first is cancelled and awaited"},
		{"one after the other", []intFunc{patient(time.Hour, 1), patient(time.Hour, 2), patient(s, 3)}, begins{0, 10 * s, 20 * s}, 3, nil, 21 * s,
			"the delay is between one and the next"},
		{"fails at once", []intFunc{failing(errBoom), value(2)}, begins{0, 0}, 2, nil, 0, "the delay is for those that may still succeed"},
		{"fails before the delay", []intFunc{failingAfter(3*s, errBoom), patient(time.Hour, 2), patient(s, 3)}, begins{0, 3 * s, 13 * s}, 3, nil, 14 * s,
			"and the next has all of its delay"},
		{"the second fails", []intFunc{patient(time.Hour, 1), failingAfter(3*s, errBoom), patient(s, 3)}, begins{0, 10 * s, 13 * s}, 3, nil, 14 * s,
			"the next does not wait because of the first"},
		{"all fail at once", []intFunc{failing(errBoom), failing(errOther), failing(errWhy)}, begins{0, 0, 0}, 0,
			[]entry{{"", 0, errBoom}, {"", 1, errOther}, {"", 2, errWhy}}, 0, "nothing to wait for"},
		{"all fail, the first last", []intFunc{failingAfter(time.Minute, errBoom), failingAfter(s, errOther)}, begins{0, 10 * s}, 0,
			[]entry{{"", 0, errBoom}, {"", 1, errOther}}, time.Minute, "in the order of the functions"},
		{"nobody else to try", []intFunc{failing(errBoom), patient(time.Hour, 2)}, begins{0, 0}, 2, nil, time.Hour, "the last has all the time"},
		{"one", []intFunc{patient(time.Hour, 1)}, begins{0}, 1, nil, time.Hour, "so has the only one"},
		{"exit", []intFunc{goexitingTask, value(2)}, begins{0, 0}, 2, nil, 0, "has failed"},
		{"EA24 zero", []intFunc{value(0), value(2)}, begins{0, -1}, 0, nil, 0, "is a success"},
		{"EA21 late failure", []intFunc{cleaningUp(errBoom), value(2)}, begins{0, 10 * s}, 2, nil, 10 * s, "nobody is told"},
		{"late success", []intFunc{swallowing, patient(s, 2)}, begins{0, 10 * s}, 2, nil, 11 * s, "nor of this"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			var began begins
			start := time.Now()
			v, err := group.Hedge(t.Context(), 10*s, began.of(tc.fns...)...)
			testutil.WantFailures(t, err, tc.err...)
			if v != tc.value {
				t.Errorf("the value is %d, want %d: %s", v, tc.value, tc.reason)
			}
			if diff := cmp.Diff(tc.begins, began); diff != "" {
				t.Errorf("the functions were called after (-want +got): %s\n%s", tc.reason, diff)
			}
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

func TestWM20_HedgeWithoutADelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began begins
		v, err := group.Hedge(t.Context(), 0, began.of(patient(time.Hour, 1), patient(time.Second, 2), patient(time.Minute, 3))...)
		if v != 2 || err != nil {
			t.Errorf("Hedge gives %d, %v; want 2", v, err)
		}
		if diff := cmp.Diff(begins{0, 0, 0}, began); diff != "" {
			t.Errorf("the functions were called after (-want +got):\n%s", diff)
		}
	})
}

// The context ends after 15 s, when two have begun and the third is not due.
func TestWM22_HedgeWhoseContextEnds(t *testing.T) {
	const s = time.Second
	ended := entry{"context", -1, errWhy}
	tests := []struct {
		name   string
		fns    []intFunc
		value  int
		err    []entry
		took   time.Duration
		reason string
	}{
		{"cancelled", []intFunc{obedient, slowToStop, value(3)}, 0, []entry{ended}, 15*s + time.Minute, "all that began is cancelled and awaited"},
		{"in cleaning up", []intFunc{cleaningUp(errBoom), obedient, value(3)}, 0, []entry{{"", 0, errBoom}, ended}, 15 * s, "real failures are told as well"},
		{"failed in spite of it", []intFunc{failingAfter(20*s, errBoom), obedient, value(3)}, 0, []entry{{"", 0, errBoom}, ended}, 20 * s, "when they come later too"},
		{"the next is not tried", []intFunc{failingAfter(16*s, errBoom), failingAfter(20*s, errOther), value(3)}, 0,
			[]entry{{"", 0, errBoom}, {"", 1, errOther}, ended}, 30 * s, "E3: these failed, that one did not get its chance because of ctx"},
		{"nothing else to try", []intFunc{obedient, swallowing}, 7, nil, 15 * s, "TI15: a value is not lost"},
		{"one begins when ctx has ended", []intFunc{swallowing, obedient, value(3)}, 7, nil, 15 * s, "TI15: nor is it if another could have been tried"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			var began begins
			start := time.Now()
			v, err := group.Hedge(testutil.CancelledIn(t.Context(), 15*s, errWhy), 10*s, began.of(tc.fns...)...)
			testutil.WantFailures(t, err, tc.err...)
			if v != tc.value {
				t.Errorf("the value is %d, want %d: %s", v, tc.value, tc.reason)
			}
			if len(began) > 2 && began[2] >= 0 {
				t.Errorf("the third function was called after %v, want never", began[2])
			}
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

// Everything that had begun succeeds although ctx has ended, and there would have been more to try.
func TestE3_HedgeThatSucceedsAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, err := group.Hedge(testutil.CancelledIn(t.Context(), time.Second, errWhy), time.Minute, sleeping(2*time.Second, 7), value(2))
		switch e, _ := err.(*group.Error); {
		case e != nil && len(e.Failures) == 0:
			t.Errorf("Hedge gives an error that tells no failure: %q", err)
		case v != 7 || err != nil:
			t.Errorf("Hedge gives %d, %v; want the 7 that it had", v, err)
		}
	})
}
