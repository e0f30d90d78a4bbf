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
)

func TestLI02_GatherInTheOrderOfTheFunctions(t *testing.T) {
	tests := []struct {
		name   string
		delay  func(i int) time.Duration
		reason string
	}{
		{"at once", func(int) time.Duration { return 0 }, "which ends first is chance"},
		{"backwards", func(i int) time.Duration { return time.Duration(100-i) * time.Second }, "the last ends first"},
		{"shuffled", func(i int) time.Duration { return time.Duration(i*37%100) * time.Second }, "neither order nor its reverse"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			var fns []intFunc
			var want []int
			for i := range 100 {
				fns = append(fns, sleeping(tc.delay(i), i))
				want = append(want, i)
			}
			start := time.Now()
			vs, err := group.Gather(t.Context(), fns...)
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, want...)
			if d := time.Since(start); d > 100*time.Second {
				t.Errorf("took %v: the functions were not called concurrently", d)
			}
		})
	}
}

func TestEA18_E1_GatherFails(t *testing.T) {
	joined := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, errors.Join(errOther, ctx.Err())
	}
	tests := []struct {
		name   string
		fns    []intFunc
		want   []entry
		took   time.Duration
		reason string
	}{
		{"one", []intFunc{value(1), failing(errBoom), value(3)}, []entry{{"", 1, errBoom}}, 0, "no values, not even of those that succeeded"},
		{"the rest is cancelled", []intFunc{slowToStop, failingAfter(time.Second, errBoom), slowToStop},
			[]entry{{"", 1, errBoom}}, time.Second + time.Minute, "and awaited; their echoes are no failures"},
		{"in cleaning up", []intFunc{cleaningUp(errOther), failingAfter(time.Second, errBoom)},
			[]entry{{"", 1, errBoom}, {"", 0, errOther}}, time.Second, "all real failures are kept, in the order in which they came"},
		{"deaf", []intFunc{failingAfter(3*time.Second, errOther), failingAfter(2*time.Second, errBoom), failingAfter(time.Second, errWhy)},
			[]entry{{"", 2, errWhy}, {"", 1, errBoom}, {"", 0, errOther}}, 3 * time.Second, "in the order of their ends"},
		{"EA28 joined", []intFunc{failingAfter(time.Second, errBoom), joined}, []entry{{"", 0, errBoom}, {"", 1, errOther}}, time.Second,
			"what is real in a joined error stays"},
		{"own context.Canceled", []intFunc{failing(context.Canceled), value(2)}, []entry{{"", 0, context.Canceled}}, 0,
			"nobody had cancelled anything"},
		{"a value too late", []intFunc{failingAfter(time.Second, errBoom), sleeping(time.Minute, 2)}, []entry{{"", 0, errBoom}}, time.Minute,
			"no values beside an error"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			start := time.Now()
			vs, err := group.Gather(t.Context(), tc.fns...)
			testutil.WantFailures(t, err, tc.want...)
			if vs != nil {
				t.Errorf("values are %v, want none: %s", vs, tc.reason)
			}
			if d := time.Since(start); d != tc.took {
				t.Errorf("took %v, want %v: %s", d, tc.took, tc.reason)
			}
		})
	}
}

// Failures of the same instant: none is lost.
func TestEA12_GatherKeepsSimultaneousFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := []error{errBoom, errOther, errWhy}
		_, err := group.Gather(t.Context(), failingAfter(time.Second, errs[0]), failingAfter(time.Second, errs[1]), failingAfter(time.Second, errs[2]))
		fs := testutil.ScopeError(t, err).Failures
		slices.SortFunc(fs, func(a, b *group.Failure) int { return a.Index - b.Index })
		if len(fs) != len(errs) {
			t.Fatalf("%d failures are told, want %d", len(fs), len(errs))
		}
		for i, f := range fs {
			testutil.WantError(t, "failure", f, errs[i])
		}
	})
}

func TestP1_GatherPanicHasTheOtherFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		panickingLater := func(ctx context.Context) (int, error) {
			time.Sleep(time.Second)
			return panickingTask(ctx)
		}
		p := testutil.Propagated(t, func() { group.Gather(t.Context(), panickingLater, cleaningUp(errOther)) })
		if len(p.Failures) != 1 || !errors.Is(p.Failures[0], errOther) {
			t.Errorf("beside the panic are %v, want %v", p.Failures, errOther)
		}
		if !strings.Contains(string(p.Stack), "panickingTask") {
			t.Errorf("the stack is not that of the function:\n%s", p.Stack)
		}
	})
}

func TestGather_NumberedHaveTypesOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, s, f, p, err := group.Gather4(t.Context(), sleeping(3*time.Second, 7), value("seven"), value(7.5), value([]int(nil)))
		if n != 7 || s != "seven" || f != 7.5 || p != nil || err != nil {
			t.Errorf("Gather4 gives %v, %q, %v, %v, %v", n, s, f, p, err)
		}
		s, n, f, err = group.Gather3(t.Context(), value("x"), value(0), value(1.5))
		if s != "x" || n != 0 || f != 1.5 || err != nil {
			t.Errorf("Gather3 gives %q, %v, %v, %v", s, n, f, err)
		}
		s, e, err := group.Gather2(t.Context(), value(""), value[error](errBoom))
		if s != "" || e != errBoom || err != nil {
			t.Errorf("Gather2 gives %q, %v, %v", s, e, err)
		}
	})
}

// The numbered ones fail as Gather does, and give nothing but zero values.
func TestEA18_NumberedGathersFail(t *testing.T) {
	for _, c := range combinators {
		if c.takes == 0 {
			continue
		}
		testutil.Bubble(t, c.name, func(t *testing.T) {
			var crew crew
			fns := make([]intFunc, c.takes)
			for i := range fns {
				fns[i] = crew.straggler
			}
			fns[0] = value(7)
			fns[c.takes-1] = failingAfter(time.Second, errBoom)
			vs, err := c.call(t.Context(), fns...)
			testutil.WantFailures(t, err, entry{"", c.takes - 1, errBoom})
			testutil.WantValues(t, vs) // list has looked at each
			crew.WantNone(t)
		})
	}
}

// What Gather returns is the caller's.
func TestMI12_GatheredValuesAreNotShared(t *testing.T) {
	fns := []intFunc{value(1), value(2)}
	first, _ := group.Gather(t.Context(), fns...)
	first[0] = 99
	second, _ := group.Gather(t.Context(), fns...)
	testutil.WantValues(t, second, 1, 2)
}
