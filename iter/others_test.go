package iter_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// outcome is what a loop has yielded, as a text.
func outcome(v any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(v)
}

func TestFilter_KeepsOrderAndElements(t *testing.T) {
	vs, errs := collect(iter.Filter(t.Context(), count(300), func(_ context.Context, v int) (bool, error) { return v%3 == 0, nil }))
	testutil.WantValues(t, errs)
	var want []int
	for i := 0; i < 300; i += 3 {
		want = append(want, i)
	}
	testutil.WantValues(t, vs, want...)
}

func TestFilter_PassesOverAllOfAnEndlessRun(t *testing.T) {
	vs, errs := collect(iter.Filter(t.Context(), count(10_000), func(_ context.Context, v int) (bool, error) { return v == 9_999, nil }))
	testutil.WantValues(t, errs)
	testutil.WantValues(t, vs, 9_999)
}

func TestFlatMap_ValuesOfEachElementInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, errs := collect(iter.FlatMap(t.Context(), count(50), func(_ context.Context, v int) ([]int, error) {
			time.Sleep(time.Duration(50-v) * time.Second)
			return upTo(v % 4), nil
		}, group.Limit(10)))
		testutil.WantValues(t, errs)
		var want []int
		for v := range 50 {
			want = append(want, upTo(v%4)...)
		}
		testutil.WantValues(t, vs, want...)
	})
}

func TestFlatMap_BreakInsideAnElement(t *testing.T) {
	n := 0
	for range iter.FlatMap(t.Context(), endless(new(atomic.Int64)), func(context.Context, int) ([]int, error) { return make([]int, 5), nil }) {
		if n++; n == 8 {
			break
		}
	}
	if n != 8 {
		t.Errorf("%d values, want 8", n)
	}
}

func TestFirst_InSourceOrderNotInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		v, err := iter.First(t.Context(), c.watch(endless(new(atomic.Int64))), c.counted(func(ctx context.Context, v int) (int, error) {
			switch v {
			case 0, 1:
				return 0, errBoom
			case 2:
				time.Sleep(time.Minute)
				return v, nil
			case 3:
				return v, nil
			}
			return obedient(ctx, v)
		}), group.Limit(5))
		c.WantNone(t)
		testutil.WantError(t, "the loop", err, nil)
		if v != 2 {
			t.Errorf("First is %d, want 2: later ones have to wait for it", v)
		}
	})
}

func TestFirst_NoneSucceeds(t *testing.T) {
	for _, limit := range []int{1, 4} {
		v, err := iter.First(t.Context(), count(3), func(_ context.Context, v int) (int, error) { return v + 1, fmt.Errorf("%w %d", errBoom, v) }, group.Limit(limit))
		var e *group.Error
		if !errors.As(err, &e) || len(e.Failures) != 3 || v != 0 {
			t.Errorf("limit %d: First is %d, %v, want 0 and all three failures", limit, v, err)
		}
	}
}

func TestFirst_OfNothing(t *testing.T) {
	v, err := iter.First(t.Context(), count(0), same)
	testutil.WantError(t, "the loop", err, group.ErrTooFewTasks)
	if v != 0 {
		t.Errorf("First is %d, want 0", v)
	}
}

func TestFirst_AStopRuleHasNoMeaning(t *testing.T) {
	for _, o := range []group.Option{group.FailFast(), group.Tolerate(1), group.UntilSuccess(2)} {
		v, err := iter.First(t.Context(), count(9), failAt(errBoom, 0, 1, 2), o, group.Limit(1))
		testutil.WantError(t, "the loop", err, nil)
		if v != 3 {
			t.Errorf("%v: First is %d, want 3", o, v)
		}
	}
}

func concat(_ context.Context, a, b string) (string, error) { return a + b, nil }

// letters yields n one-letter strings, and text is what they make.
func letters(n int) (seq func(yield func(string) bool), text string) {
	var b strings.Builder
	for i := range n {
		b.WriteByte(byte('a' + i*7%26))
	}
	text = b.String()
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(text[i : i+1]) {
				return
			}
		}
	}, text
}

// The function needs not be commutative: lengths about the edges of runs, and of runs of runs.
func TestReduce_KeepsTheOrder(t *testing.T) {
	for _, n := range []int{0, 1, 2, 63, 64, 65, 127, 128, 129, 64*64 - 1, 64 * 64, 64*64 + 1, 64*65 + 3, 10_000} {
		seq, want := letters(n)
		for _, limit := range []int{1, 3} {
			got, err := iter.Reduce(t.Context(), seq, concat, group.Limit(limit))
			testutil.WantError(t, "the loop", err, nil)
			if got != want {
				t.Errorf("%d elements, limit %d: the result differs from that of a loop (%d letters)", n, limit, len(got))
			}
		}
	}
}

func TestReduce_FailureHasTheNumberOfTheRun(t *testing.T) {
	v, err := iter.Reduce(t.Context(), count(1000), func(_ context.Context, a, b int) (int, error) {
		if b == 64*3+5 {
			return 1, errBoom
		}
		return b, nil
	}, group.Limit(1))
	testutil.WantFailures(t, err, entry{Index: 3, Err: errBoom})
	if v != 0 {
		t.Errorf("with an error, the value is %d, want 0", v)
	}
}

// When what came of the runs is combined, a failure is one as well: it ends the loop.
func TestReduce_FailureWhileRunsAreCombined(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var n atomic.Int64
	seq := func(yield func(int) bool) {
		endless(&n)(func(v int) bool {
			if v == 100_000 {
				cancel()
			}
			return yield(1)
		})
	}
	_, err := iter.Reduce(ctx, seq, func(_ context.Context, a, b int) (int, error) {
		if a+b > 64 { // no run alone comes to that
			return 0, errBoom
		}
		return a + b, nil
	})
	testutil.WantError(t, "the loop", err, errBoom)
	if n.Load() >= 100_000 {
		t.Errorf("the loop went on for %d elements after the failure, want its end", n.Load())
	}
}

// The function works on elements, whatever it combines: never more calls at once than the limit allows.
func TestS3_ReduceKeepsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		sum, err := iter.Reduce(t.Context(), count(64*130), func(ctx context.Context, a, b int) (int, error) {
			return c.counted(func(context.Context, int) (int, error) {
				time.Sleep(time.Second)
				return a + b, nil
			})(ctx, 0)
		}, group.Limit(1))
		testutil.WantError(t, "the loop", err, nil)
		if want := 64 * 130 * (64*130 - 1) / 2; sum != want {
			t.Errorf("the sum is %d, want %d", sum, want)
		}
		if n := c.Most.Load(); n != 1 {
			t.Errorf("%d calls at once under Limit(1)", n)
		}
	})
}

// What the filters say holds for every call of the function.
func TestReduce_FiltersSeeEveryFailure(t *testing.T) {
	for _, n := range []int{2, 65} { // in a run, and of runs
		_, err := iter.Reduce(t.Context(), count(n), func(_ context.Context, a, b int) (int, error) {
			if b == n-1 {
				return 0, errBoom
			}
			return b, nil
		}, group.MapError(func(error) error { return errOther }))
		testutil.WantError(t, "the loop", err, errOther)
	}
}
