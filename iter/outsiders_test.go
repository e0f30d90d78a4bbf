package iter_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// W1: a failure that the loop has yielded is not told again, not even as one of those that Discard does not keep.
func TestW1_DiscardedFailuresAreToldOnce(t *testing.T) {
	for _, n := range []int{3, 150} {
		var errs []error
		for _, err := range iter.Map(t.Context(), count(n), func(context.Context, int) (int, error) { return 0, errBoom },
			group.KeepGoing(), group.Discard()) {
			errs = append(errs, err)
		}
		for _, err := range errs {
			testutil.WantError(t, "each", err, errBoom)
		}
		if len(errs) != n {
			t.Errorf("%d errors of %d failures: the last is %v", len(errs), n, errs[len(errs)-1])
		}
	}
}

// E1: there is no sum of some of the elements, whatever the options say about failures.
func TestE1_ReduceOfAllOrNothing(t *testing.T) {
	const n = 1000
	add := func(_ context.Context, a, b int) (int, error) { return a + b, nil }
	failsAt := func(fail func() error) func(context.Context, int, int) (int, error) {
		return func(_ context.Context, a, b int) (int, error) {
			if a >= 300 || a == 10 {
				if err := fail(); err != nil {
					return 0, err
				}
			}
			return a + b, nil
		}
	}
	boom := failsAt(func() error { return errBoom })
	tests := []struct {
		name string
		fn   func(context.Context, int, int) (int, error)
		opts group.Option
		ok   bool
	}{
		{"a goal", add, group.UntilSuccess(1), true},
		{"a rule of the user's", add, group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { return true }
		}), true},
		{"tolerated", boom, group.Tolerate(100), false},
		{"goes on", boom, group.KeepGoing(), false},
		{"ignored", boom, group.Ignore(errBoom), false},
		{"mapped to nil", boom, group.MapError(func(error) error { return nil }), false},
		{"panic", failsAt(func() error { panic("oops") }), group.Options(group.PanicAsError(), group.Tolerate(100)), false},
		{"panic that is ignored", failsAt(func() error { panic("oops") }),
			group.Options(group.PanicAsError(), group.IgnoreFunc(func(error) bool { return true })), false},
		{"Goexit that is ignored", failsAt(func() error { runtime.Goexit(); return nil }), group.Ignore(group.ErrGoexit), false},
	}
	for _, tt := range tests {
		for _, limit := range []int{1, 4} {
			t.Run(tt.name, func(t *testing.T) {
				v, err := iter.Reduce(t.Context(), count(n), tt.fn, tt.opts, group.Limit(limit))
				switch {
				case tt.ok && (v != n*(n-1)/2 || err != nil):
					t.Errorf("%d, %v, want %d", v, err, n*(n-1)/2)
				case !tt.ok && (v != 0 || err == nil):
					t.Errorf("%d, %v, want an error", v, err)
				}
			})
		}
	}
}
