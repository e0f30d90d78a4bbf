package group_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

type intFunc = func(context.Context) (int, error)

// A combinator in a form that all of them have. Those for a number of functions of their own take the first ones.
type combinator struct {
	name  string
	takes int // functions; 0 is any number
	call  func(ctx context.Context, fns ...intFunc) ([]int, error)
}

var combinators = []combinator{
	{"Gather", 0, group.Gather[int]},
	{"Settle", 0, func(ctx context.Context, fns ...intFunc) (vs []int, err error) {
		tasks, err := group.Settle(ctx, fns...)
		for _, task := range tasks {
			v, _ := task.Result()
			vs = append(vs, v)
		}
		return vs, err
	}},
	{"Race", 0, single(group.Race[int])},
	{"Any", 0, single(group.Any[int])},
	{"Quorum", 0, func(ctx context.Context, fns ...intFunc) ([]int, error) { return group.Quorum(ctx, 2, fns...) }},
	{"Hedge", 0, single(func(ctx context.Context, fns ...intFunc) (int, error) { return group.Hedge(ctx, 0, fns...) })},
	{"Gather2", 2, func(ctx context.Context, fns ...intFunc) ([]int, error) {
		a, b, err := group.Gather2(ctx, fns[0], fns[1])
		return list(err, a, b)
	}},
	{"Gather3", 3, func(ctx context.Context, fns ...intFunc) ([]int, error) {
		a, b, c, err := group.Gather3(ctx, fns[0], fns[1], fns[2])
		return list(err, a, b, c)
	}},
	{"Gather4", 4, func(ctx context.Context, fns ...intFunc) ([]int, error) {
		a, b, c, d, err := group.Gather4(ctx, fns[0], fns[1], fns[2], fns[3])
		return list(err, a, b, c, d)
	}},
}

// list makes no list of the zero values that come with an error.
func list(err error, vs ...int) ([]int, error) {
	if err != nil {
		for i, v := range vs {
			if v != 0 {
				panic(fmt.Sprintf("value %d is %d beside the error %v", i, v, err))
			}
		}
		return nil, err
	}
	return vs, nil
}

func single(f func(context.Context, ...intFunc) (int, error)) func(context.Context, ...intFunc) ([]int, error) {
	return func(ctx context.Context, fns ...intFunc) ([]int, error) {
		v, err := f(ctx, fns...)
		return list(err, v)
	}
}

// everywhere runs f in a bubble for each combinator.
func everywhere(t *testing.T, f func(t *testing.T, c combinator)) {
	t.Helper()
	for _, c := range combinators {
		testutil.Bubble(t, c.name, func(t *testing.T) { f(t, c) })
	}
}

// Each function has ended when the call returns, the winners and the losers, and what it did is seen.
func TestL1_L4_NothingOutlivesACombinator(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		var did [4]int // unguarded: if the caller does not come after the functions, the race detector tells
		var own [4]context.Context
		var fns []intFunc
		for i := range did {
			fns = append(fns, func(ctx context.Context) (int, error) {
				own[i] = ctx
				time.Sleep(time.Duration(i+1) * time.Second)
				did[i]++
				return i, nil
			})
		}
		n := len(fns)
		if c.takes > 0 {
			n = c.takes
		}
		start := time.Now()
		if _, err := c.call(t.Context(), fns...); err != nil {
			t.Errorf("error is %v", err)
		}
		if d := time.Since(start); d != time.Duration(n)*time.Second {
			t.Errorf("returned after %v, want the end of the last function", d)
		}
		for i := range n {
			if did[i] != 1 {
				t.Errorf("function %d was called %d times to its end", i, did[i])
			} else if own[i].Err() == nil {
				t.Errorf("the context of function %d outlives it", i)
			}
		}
		if k := leftGoroutines(); k != 0 {
			t.Errorf("%d goroutines are left", k)
		}
	})
}

func TestWM14_L1_CancelledCombinatorAwaitsItsFunctions(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		var crew crew
		start := time.Now()
		vs, err := c.call(testutil.CancelledIn(t.Context(), time.Second, errWhy), crew.straggler, crew.straggler, crew.straggler, crew.straggler)
		testutil.WantError(t, "the cause", err, errWhy)
		testutil.WantError(t, "what ctx says", err, context.Canceled)
		testutil.WantValues(t, vs)
		crew.WantNone(t)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("returned after %v, want the cancellation and a second of cleaning up", d)
		}
	})
}

func TestCA26_CombinatorUnderACancelledContext(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		var crew crew
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errWhy)
		fn := crew.counted(value(1))
		vs, err := c.call(ctx, fn, fn, fn, fn)
		testutil.WantError(t, "the cause", err, errWhy)
		testutil.WantError(t, "what ctx says", err, context.Canceled)
		testutil.WantValues(t, vs)
		if n := crew.Begun.Load(); n != 0 {
			t.Errorf("%d functions were called, want none: they had been cancelled before", n)
		}
	})
}

// The functions do not listen and succeed: what they give is not lost to a cancellation that changed nothing.
func TestE3_TI15_CombinatorWhoseFunctionsSucceedAllTheSame(t *testing.T) {
	want := map[string][]int{"Race": {1}, "Any": {1}, "Hedge": {1}, "Quorum": {1, 2}, "Gather2": {1, 2}, "Gather3": {1, 2, 3}}
	everywhere(t, func(t *testing.T, c combinator) {
		ctx := testutil.CancelledIn(t.Context(), time.Second, errWhy)
		vs, err := c.call(ctx, sleeping(2*time.Second, 1), sleeping(3*time.Second, 2), sleeping(4*time.Second, 3), sleeping(5*time.Second, 4))
		if err != nil {
			t.Errorf("error is %v", err)
		}
		if w, ok := want[c.name]; ok {
			testutil.WantValues(t, vs, w...)
		} else {
			testutil.WantValues(t, vs, 1, 2, 3, 4)
		}
	})
}

func TestP1_PanicOfAFunctionGoesOnInTheCaller(t *testing.T) {
	everywhere(t, func(t *testing.T, c combinator) {
		var crew crew
		start := time.Now()
		panicking := func(context.Context) (int, error) {
			time.Sleep(time.Second)
			panic(errBoom)
		}
		p := testutil.Propagated(t, func() { c.call(t.Context(), crew.straggler, panicking, crew.straggler, crew.straggler) })
		if p.Value != errBoom || p.Index != 1 {
			t.Errorf("the panic is %v of function %d, want %v of function 1", p.Value, p.Index, errBoom)
		}
		crew.WantNone(t)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("panicked after %v, want the others cancelled at once and awaited", d)
		}
	})
}

func TestP1_PA10_GoexitOfAFunctionIsAFailure(t *testing.T) {
	tests := map[string]struct {
		values []int
		err    error
		reason string
	}{
		"Gather":  {nil, group.ErrGoexit, "one has failed"},
		"Gather2": {nil, group.ErrGoexit, "one has failed"},
		"Gather3": {nil, group.ErrGoexit, "one has failed"},
		"Gather4": {nil, group.ErrGoexit, "one has failed"},
		"Settle":  {[]int{0, 2, 3, 4}, nil, "that is how this one ended"},
		"Race":    {nil, group.ErrGoexit, "the first to end decides, whatever it was"},
		"Any":     {[]int{2}, nil, "it has not succeeded, another has"},
		"Quorum":  {[]int{2, 3}, nil, "they have not succeeded, others have"},
		"Hedge":   {[]int{2}, nil, "it has not succeeded, another has"},
	}
	everywhere(t, func(t *testing.T, c combinator) {
		tc := tests[c.name]
		goexiting := func(context.Context) (int, error) {
			time.Sleep(time.Second)
			runtime.Goexit()
			return 1, nil
		}
		var vs []int
		var err error
		end := testutil.EndOf(func() {
			vs, err = c.call(t.Context(), goexiting, sleeping(2*time.Second, 2), sleeping(3*time.Second, 3), sleeping(4*time.Second, 4))
		})
		if end.How != "returned" {
			t.Fatalf("the caller %s: %v", end.How, end.Value)
		}
		testutil.WantError(t, tc.reason, err, tc.err)
		testutil.WantValues(t, vs, tc.values...)
	})
}

func TestMI09_NilFunctionForACombinator(t *testing.T) {
	for _, c := range combinators {
		t.Run(c.name, func(t *testing.T) {
			var crew crew
			fn := crew.counted(value(1))
			got := testutil.PanicOf(t, func() { c.call(t.Context(), fn, nil, fn, fn) })
			if diff := cmp.Diff("group: "+c.name+": function 1 is nil", got); diff != "" {
				t.Errorf("panic (-want +got):\n%s", diff)
			}
			if n := crew.Begun.Load(); n != 0 {
				t.Errorf("%d functions were called", n)
			}
		})
	}
}
