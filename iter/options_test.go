package iter_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// Each option means for elements what it means for tasks. Under Limit(1) elements come one after the other.
func TestOptions_OfEveryLoop(t *testing.T) {
	mapped := group.MapError(func(err error) error { return errors.Join(errOther, err) })
	tests := []struct {
		name  string
		opts  group.Option
		fails []int
		want  []int // failures of a loop that yields none
		begun int32
	}{
		{"tolerated", group.Tolerate(2), []int{3, 5}, nil, 9},
		{"one too many", group.Tolerate(2), []int{3, 5, 7}, []int{3, 5, 7}, 8},
		{"goal", group.UntilSuccess(2), []int{0, 1, 3}, nil, 5},
		{"goal not reached", group.UntilSuccess(2), []int{0, 1, 2, 3, 4, 5, 6, 7}, []int{0, 1, 2, 3, 4, 5, 6, 7}, 9},
		{"own rule", group.StopWhen(func() func(group.Completion) bool {
			return func(c group.Completion) bool { return c.Index == 4 }
		}), []int{2}, []int{2}, 5},
		{"own rule stops with a failure", group.StopWhen(func() func(group.Completion) bool {
			return func(c group.Completion) bool { return c.Err != nil }
		}), []int{2, 4}, []int{2}, 3},
		{"ignored", group.Ignore(errBoom), []int{2, 4}, nil, 9},
		{"ignored by function", group.IgnoreFunc(func(err error) bool { return err == errBoom }), []int{2, 4}, nil, 9},
		{"ignored, as mapped before", group.Options(mapped, group.Ignore(errOther)), []int{2}, nil, 9},
		{"mapped to nil", group.MapError(func(error) error { return nil }), []int{2}, nil, 9},
		{"the last rule wins", group.Options(group.KeepGoing(), group.FailFast()), []int{2, 3}, []int{2}, 3},
		{"goes on", group.KeepGoing(), []int{2, 3}, []int{2, 3}, 9},
		{"first error", group.Options(group.KeepGoing(), group.FirstError()), []int{2, 3}, []int{2}, 9},
	}
	for _, tt := range tests {
		for _, c := range calls()[:3] {
			testutil.Bubble(t, c.name+"/"+tt.name, func(t *testing.T) {
				var crew crew
				err := c.run(t.Context(), count(9), crew.counted(failAt(errBoom, tt.fails...)), group.Limit(1), tt.opts)
				var want []entry
				for _, i := range tt.want {
					want = append(want, entry{Index: i, Err: errBoom})
				}
				testutil.WantFailures(t, err, want...)
				if n := crew.Begun.Load(); n != tt.begun {
					t.Errorf("%d elements were begun, want %d", n, tt.begun)
				}
			})
		}
		for _, l := range lazyLoops {
			testutil.Bubble(t, l.name+"/"+tt.name, func(t *testing.T) {
				var crew crew
				vs, _ := collect(l.loop(t.Context(), count(9), crew.counted(failAt(errBoom, tt.fails...)), group.Limit(1), tt.opts))
				var want []int
				for v := range int(tt.begun) {
					if !slices.Contains(tt.fails, v) {
						want = append(want, v)
					}
				}
				testutil.WantValues(t, vs, want...)
				if n := crew.Begun.Load(); n != tt.begun {
					t.Errorf("%d elements were begun, want %d", n, tt.begun)
				}
			})
		}
	}
}

func TestOptions_PanicAsError(t *testing.T) {
	for _, tt := range calls() {
		err := tt.run(t.Context(), count(5), func(_ context.Context, v int) (int, error) {
			if v == 2 {
				panicHere()
			}
			return v, nil
		}, group.PanicAsError(), group.Limit(1))
		var p *group.PanicError
		if !errors.As(err, &p) || p.Index != 2 || p.Value != errBoom {
			t.Errorf("%s: the error is %v, want the panic of element 2", tt.name, err)
		}
	}
}

func TestOptions_PanicAsErrorInItsPlace(t *testing.T) {
	for _, l := range lazyLoops {
		vs, errs := collect(l.loop(t.Context(), count(5), func(_ context.Context, v int) (int, error) {
			if v%2 == 0 {
				panicHere()
			}
			return v, nil
		}, group.PanicAsError(), group.KeepGoing(), group.Limit(1)))
		testutil.WantValues(t, vs, 1, 3)
		if len(errs) != 3 || !errors.Is(errs[0], errBoom) {
			t.Errorf("%s: errors are %v, want 3 panics", l.name, errs)
		}
	}
}

func TestOptions_Timeout(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			start := time.Now()
			err := tt.run(t.Context(), count(10), c.straggler, group.Timeout(time.Minute), group.Limit(2), group.Name("slow"))
			c.WantNone(t)
			testutil.WantFailures(t, err, entry{Index: -1, Err: context.DeadlineExceeded})
			if d := time.Since(start); d != time.Minute+time.Second {
				t.Errorf("took %v, want the time and the clean-up", d)
			}
			var e *group.Error
			if errors.As(err, &e) && e.Scope != "slow" {
				t.Errorf("the scope is named %q, want slow", e.Scope)
			}
			testutil.WantFailures(t, tt.run(t.Context(), count(3), same, group.Timeout(time.Minute)))
		})
	}
}

func TestOptions_DiscardKeepsAHundredFailures(t *testing.T) {
	for _, tt := range calls()[:3] {
		err := tt.run(t.Context(), count(250), func(context.Context, int) (int, error) { return 0, errBoom }, group.Discard(), group.KeepGoing())
		var e *group.Error
		if !errors.As(err, &e) || len(e.Failures) != 100 || e.Omitted != 150 {
			t.Errorf("%s: %d failures and %d omitted, want 100 and 150", tt.name, len(e.Failures), e.Omitted)
		}
	}
	for _, l := range lazyLoops {
		vs, errs := collect(l.loop(t.Context(), count(250), same, group.Discard(), group.Limit(1)))
		testutil.WantValues(t, errs)
		testutil.WantValues(t, vs, upTo(250)...) // a loop takes them
	}
}

// E4: an option holds no counter.
func TestE4_OptionsServeManyLoops(t *testing.T) {
	o := group.Tolerate(1)
	for range 3 {
		testutil.WantFailures(t, iter.ForEach(t.Context(), count(5), func(_ context.Context, v int) error {
			_, err := failAt(errBoom, 2)(nil, v)
			return err
		}, o))
	}
}

func TestP2_PanicOfAStopRule(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			p := testutil.Propagated(t, func() {
				defer c.WantNone(t)
				tt.run(t.Context(), c.watch(count(9)), c.counted(same), group.StopWhen(func() func(group.Completion) bool {
					return func(group.Completion) bool { panic("rule") }
				}))
			})
			if p.Value != "rule" {
				t.Errorf("the panic's value is %v, want that of the rule", p.Value)
			}
		})
	}
}

// S3: the caller's goroutine counts as well.
func TestS3_SharedLimit(t *testing.T) {
	for _, n := range []int{1, 3} {
		for _, tt := range calls() {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				var c crew
				err := tt.run(ctx, count(20), c.counted(func(context.Context, int) (int, error) {
					time.Sleep(time.Second)
					return 0, nil
				}), group.SharedLimit(group.NewLimiter(n)), group.Limit(5))
				testutil.WantFailures(t, err)
				if m := int(c.Most.Load()); m > n {
					t.Errorf("%d calls at once under a limiter of %d", m, n)
				}
			})
		}
	}
}

// S3: every loop in every other, all under one limiter of one place. More elements than a loop holds.
func TestS3_NestedLoopsUnderOneLimiter(t *testing.T) {
	for _, outer := range calls() {
		for _, inner := range calls() {
			testutil.Bubble(t, outer.name+"/"+inner.name, func(t *testing.T) {
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				o := group.SharedLimit(group.NewLimiter(1))
				err := outer.run(ctx, count(3), func(ctx context.Context, v int) (int, error) {
					return 0, inner.run(ctx, count(200), same, o)
				}, o)
				testutil.WantError(t, "the loop", err, nil)
				if d := time.Since(start); d > 0 {
					t.Errorf("the loops were stuck for %v", d)
				}
			})
		}
	}
}

func TestS3_LoopInsideATaskLendsItsPlace(t *testing.T) {
	for _, inner := range calls() {
		testutil.Bubble(t, inner.name, func(t *testing.T) {
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			o := group.SharedLimit(group.NewLimiter(1))
			_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
				for range 2 {
					g.Go(func(ctx context.Context) (int, error) { return 0, inner.run(ctx, count(200), same, o) })
				}
				return nil
			}, o)
			testutil.WantError(t, "the loop", err, nil)
			if d := time.Since(start); d > 0 {
				t.Errorf("the loops were stuck for %v", d)
			}
			synctest.Wait()
		})
	}
}

// S3: a worker that waits has no right to lend the place of the task that the loop runs in, which may be at work in the loop's body.
func TestS3_WorkersDoNotLendThePlaceOfTheTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		_, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
			for range 2 {
				g.Go(func(ctx context.Context) (int, error) {
					nested := func(ctx context.Context, v int) (int, error) {
						_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
							g.Go(func(context.Context) (int, error) { time.Sleep(time.Second); return v, nil })
							return nil
						})
						return v, err
					}
					for _, err := range iter.MapUnordered(ctx, count(50), nested, group.Limit(2)) {
						if err != nil {
							return 0, err
						}
						c.Enter()
						time.Sleep(time.Second)
						c.Leave()
					}
					return 0, nil
				})
			}
			return nil
		}, group.SharedLimit(group.NewLimiter(1)))
		testutil.WantFailures(t, err)
		if n := c.Most.Load(); n > 1 {
			t.Errorf("%d tasks at work at once under a limiter of one", n)
		}
	})
}

// W1: an element whose end was left to the goroutine that asked the rule for another was yielded before it had ended: not in its turn, and its
// failure was read while it was written.
func TestW1_AnElementThatEndsWhileTheRuleIsAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errTask := errors.New("task")
		slow := func() func(group.Completion) bool {
			return func(group.Completion) bool { time.Sleep(time.Second); return false }
		}
		var list []error
		for v, err := range iter.Map(t.Context(), slices.Values([]int{0, 1}), func(_ context.Context, i int) (int, error) {
			if i == 0 {
				time.Sleep(time.Second / 2) // meanwhile the rule looks at the other
				return 0, errTask
			}
			return i, nil
		}, group.StopWhen(slow), group.Limit(2)) {
			t.Log(v, err)
			list = append(list, err)
		}
		if len(list) != 2 || !errors.Is(list[0], errTask) {
			t.Errorf("the loop yields the errors %v, want that of the first element first", list)
		}
	})
}
