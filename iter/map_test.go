package iter_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

func TestLI02_MapIsInSourceOrder(t *testing.T) {
	for _, limit := range []int{1, 2, 7, 100} {
		synctest.Test(t, func(t *testing.T) {
			vs, errs := collect(iter.Map(t.Context(), count(500), func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Duration(v*37%11) * time.Second)
				return v, nil
			}, group.Limit(limit)))
			testutil.WantValues(t, errs)
			testutil.WantValues(t, vs, upTo(500)...)
		})
	}
}

func TestMapUnordered_IsInCompletionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, i := time.Now(), 0
		for v, err := range iter.MapUnordered(t.Context(), count(10), func(_ context.Context, v int) (int, error) {
			time.Sleep(time.Duration(10-v) * time.Second)
			return v, nil
		}, group.Limit(10)) {
			i++
			testutil.WantError(t, "the loop", err, nil)
			if v != 10-i {
				t.Errorf("value %d is %d, want %d: the calls return in reverse", i, v, 10-i)
			}
			if d := time.Since(start); d != time.Duration(i)*time.Second {
				t.Errorf("value %d came after %v, want %ds: it waits for no other", i, d, i)
			}
		}
	})
}

// A value is yielded when it and those before are there, and not when something is there to take its place.
func TestMap_YieldsAtOnce(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			source := func(yield func(int) bool) {
				for i := range 5 {
					time.Sleep(time.Minute)
					if !yield(i) {
						return
					}
				}
			}
			start := time.Now()
			for v, err := range l.loop(t.Context(), source, same) {
				testutil.WantError(t, "the loop", err, nil)
				if d, want := time.Since(start), time.Duration(v+1)*time.Minute; d != want {
					t.Errorf("value %d came after %v, want %v", v, d, want)
				}
			}
		})
	}
}

func TestLI01_LoopLimit(t *testing.T) {
	for _, tt := range calls() {
		for _, limit := range []int{1, 3} {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				var c crew
				start := time.Now()
				err := tt.run(t.Context(), count(120), c.counted(func(_ context.Context, v int) (int, error) {
					time.Sleep(time.Second)
					return v, nil
				}), group.Limit(limit))
				testutil.WantFailures(t, err)
				if n := int(c.Most.Load()); n != limit {
					t.Errorf("limit %d: at most %d ran at once", limit, n)
				}
				if d, want := time.Since(start), time.Duration(120/limit)*time.Second; d != want {
					t.Errorf("limit %d: took %v, want %v", limit, d, want)
				}
			})
		}
	}
}

// S4: an element that blocks keeps no other from being worked on, as far as the limit goes.
func TestS4_BlockedElementsKeepNobodyBack(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			gate := make(chan struct{})
			var n atomic.Int32
			err := tt.run(t.Context(), count(20), func(context.Context, int) (int, error) {
				if n.Add(1) == 20 {
					close(gate)
				}
				<-gate // a deadlock, unless all 20 come
				return 0, nil
			}, group.Limit(20))
			testutil.WantFailures(t, err)
		})
	}
}

func TestE1_FailFastYieldsTheErrorOnceAndLast(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			var c crew
			vs, errs := collect(l.loop(t.Context(), c.watch(endless(new(atomic.Int64))), c.counted(failAt(errBoom, 7)), group.Limit(1)))
			c.WantNone(t)
			testutil.WantFailures(t, wantLast(t, errs), entry{Index: 7, Err: errBoom})
			testutil.WantValues(t, vs, upTo(7)...)
			if n := c.Begun.Load(); n != 8 {
				t.Errorf("%d calls, want 8: nothing is begun after the failure", n)
			}
		})
	}
}

// The values of elements before the failing one come first, also when they need longer, and do not listen.
func TestMap_ValuesBeforeTheFailureComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, errs := collect(iter.Map(t.Context(), count(100), func(_ context.Context, v int) (int, error) {
			if v == 3 {
				return 0, errBoom
			}
			time.Sleep(time.Duration(10-v) * time.Second)
			return v, nil
		}, group.Limit(4)))
		testutil.WantFailures(t, wantLast(t, errs), entry{Index: 3, Err: errBoom})
		testutil.WantValues(t, vs, 0, 1, 2)
	})
}

// A failure that comes second is in the error too, and not an error of its own.
func TestE1_FailFastYieldsOneErrorForTwoFailures(t *testing.T) {
	for _, l := range lazyLoops {
		for _, second := range []int{0, 1} {
			testutil.Bubble(t, l.name, func(t *testing.T) {
				vs, errs := collect(l.loop(t.Context(), count(2), func(ctx context.Context, v int) (int, error) {
					if v == second {
						<-ctx.Done()
						time.Sleep(time.Second)
						return 0, errOther
					}
					time.Sleep(time.Second)
					return 0, errBoom
				}, group.Limit(2)))
				testutil.WantValues(t, vs)
				testutil.WantFailures(t, wantLast(t, errs), entry{Index: 1 - second, Err: errBoom}, entry{Index: second, Err: errOther})
			})
		}
	}
}

func TestKeepGoing_YieldsErrorsInTheirPlaces(t *testing.T) {
	for _, l := range lazyLoops {
		t.Run(l.name, func(t *testing.T) {
			var got, want []string
			for v, err := range l.loop(t.Context(), count(200), func(_ context.Context, v int) (int, error) {
				if v%3 == 0 {
					return 0, errBoom
				}
				return v, nil
			}, group.KeepGoing()) {
				got = append(got, outcome(v, err))
			}
			for v := range 200 {
				want = append(want, map[bool]string{true: "boom", false: outcome(v, nil)}[v%3 == 0])
			}
			if l.name == "MapUnordered" {
				slices.Sort(got)
				slices.Sort(want)
			}
			testutil.WantValues(t, got, want...)
		})
	}
}

func TestKeepGoing_YieldsTheErrorAsReturned(t *testing.T) {
	for _, l := range lazyLoops {
		_, errs := collect(l.loop(t.Context(), count(3), failAt(errBoom, 1), group.KeepGoing()))
		if err := wantLast(t, errs); err != errBoom {
			t.Errorf("%s: the error is %#v, want what the function returned", l.name, err)
		}
	}
}

// L5: those that are cancelled because of an element can tell which.
func TestL5_TheCauseNamesTheElement(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			err := tt.run(t.Context(), count(2), func(ctx context.Context, v int) (int, error) {
				if v == 1 {
					return 0, errBoom
				}
				<-ctx.Done()
				var f *group.Failure
				if !errors.As(context.Cause(ctx), &f) || f.Index != 1 || f.Err != errBoom {
					t.Errorf("the cause is %v, want boom of element 1", context.Cause(ctx))
				}
				return 0, context.Cause(ctx)
			}, group.Limit(2))
			testutil.WantFailures(t, err, entry{Index: 1, Err: errBoom})
		})
	}
}
