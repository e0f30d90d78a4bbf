package group_test

import (
	"context"
	"errors"
	"fmt"
	stditer "iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
	"github.com/creche-go/creche/waitset"
)

// faulty is a program whose functions call step now and then, at which the test makes it panic.
type faulty struct {
	name string
	run  func(ctx context.Context, c *crew, step func()) error
}

var faultyPrograms = []faulty{
	{"body", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			for range 4 {
				step()
				g.Go(c.straggler)
			}
			step()
			g.Cancel(nil)
			step()
			return nil
		})
		return err
	}},
	{"tasks", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			for range 4 {
				g.Go(c.counted(func(context.Context) (int, error) { step(); return 0, nil }))
			}
			return nil
		}, group.Limit(1))
		return err
	}},
	{"loop over completions", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			for i := range 4 {
				g.Go(c.counted(sleeping(time.Duration(i)*time.Second, i)))
			}
			for range waitset.Completed(g) {
				step()
			}
			return nil
		})
		return err
	}},
	{"loop over a set", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			var set waitset.WaitSet[*intTask]
			for i := range 4 {
				set.Add(g.Go(c.counted(sleeping(time.Duration(i)*time.Second, i))))
			}
			for range set.All(ctx) {
				step()
			}
			return nil
		})
		return err
	}},
	{"rule, filter and observer", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			for range 3 {
				g.Go(c.counted(failing(errBoom)))
			}
			return nil
		}, group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { step(); return false }
		}), group.IgnoreFunc(func(error) bool { step(); return true }), group.Observe(func(ctx context.Context, e group.Event) context.Context {
			step()
			return nil
		}))
		return err
	}},
	{"nested scopes", func(ctx context.Context, c *crew, step func()) error {
		_, err := group.Run(ctx, func(ctx context.Context, outer *intGroup) error {
			for range 2 {
				outer.Go(c.counted(func(ctx context.Context) (int, error) {
					step()
					g := group.New[int](ctx)
					g.Go(c.counted(func(context.Context) (int, error) { step(); return 0, nil }))
					step()
					_, err := g.Wait()
					return 0, err
				}))
			}
			return nil
		})
		return err
	}},
	{"source, function and body of a loop", func(ctx context.Context, c *crew, step func()) error {
		for _, err := range iter.Map(ctx, stepping(step), func(ctx context.Context, i int) (int, error) {
			return c.counted(func(context.Context) (int, error) { step(); return i, nil })(ctx)
		}, group.Limit(2)) {
			if err != nil {
				return err
			}
			step()
		}
		return nil
	}},
	{"sources that are merged", func(ctx context.Context, c *crew, step func()) error {
		for _, err := range iter.Merge(ctx, stepping(step), stepping(step)) {
			if err != nil {
				return err
			}
			step()
		}
		return nil
	}},
	{"slice", func(ctx context.Context, c *crew, step func()) error {
		return iter.ForEachSlice(ctx, make([]int, 6), func(ctx context.Context, _ *int) error {
			_, err := c.counted(func(context.Context) (int, error) { step(); return 0, nil })(ctx)
			return err
		}, group.Limit(2))
	}},
	{"combinator", func(ctx context.Context, c *crew, step func()) error {
		f := c.counted(func(context.Context) (int, error) { step(); return 1, nil })
		_, err := group.Quorum(ctx, 2, f, f, f)
		return err
	}},
}

func stepping(step func()) stditer.Seq[int] {
	return func(yield func(int) bool) {
		for i := range 4 {
			step()
			if !yield(i) {
				return
			}
		}
	}
}

// P1, P2, L1: whichever of a program's functions panics, at whichever call: everything ends before the panic comes out, and it does.
func TestP1_P2_L1_PanicAtEachPoint(t *testing.T) {
	for _, p := range faultyPrograms {
		t.Run(p.name, func(t *testing.T) {
			for at := 1; ; at++ {
				calls := pointsOf(t, p, at, func() { panic(errBoom) })
				if calls < at {
					if at < 3 {
						t.Errorf("the program has only %d points", calls)
					}
					return
				}
			}
		})
	}
}

// pointsOf runs the program in a bubble, calls fault at the at-th step, and returns how many there were.
func pointsOf(t *testing.T, p faulty, at int, fault func()) (calls int) {
	testutil.Bubble(t, fmt.Sprint("at ", at), func(t *testing.T) {
		var c crew
		turn := make(chan int, 1)
		turn <- 0
		end := testutil.EndOf(func() {
			_ = p.run(t.Context(), &c, func() {
				n := <-turn + 1
				turn <- n
				if n == at {
					fault()
				}
			})
		})
		c.WantNone(t)
		calls = <-turn
		if calls < at {
			return
		}
		if end.How != "panicked" {
			t.Fatalf("the program %s", end.How)
		}
		if err, ok := end.Value.(error); !ok || !errors.Is(err, errBoom) {
			t.Errorf("it panicked with %v", end.Value)
		}
	})
	return calls
}

// L1, L5: whenever somebody else cancels, everything ends, and no other reason is told than his.
func TestL1_L5_CancelAtEachStep(t *testing.T) {
	for _, p := range faultyPrograms {
		t.Run(p.name, func(t *testing.T) {
			for at := range 12 {
				testutil.Bubble(t, fmt.Sprint("after ", at, " steps"), func(t *testing.T) {
					var c crew
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					turn := make(chan int, 1)
					turn <- 0
					err := p.run(ctx, &c, func() {
						n := <-turn + 1
						turn <- n
						if n == at {
							cancel(errWhy)
							synctest.Wait() // everybody has noticed who can
						}
						time.Sleep(time.Second)
					})
					c.WantNone(t)
					if err != nil && !errors.Is(err, errWhy) {
						t.Errorf("the program returned %v", err)
					}
				})
			}
		})
	}
}

// Deadlines that have passed, or pass at once, and clocks that jump over them.
func TestL5_DeadlinesInThePast(t *testing.T) {
	contexts := map[string]func(ctx context.Context) (context.Context, context.CancelFunc){
		"past": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadline(ctx, time.Now().Add(-time.Hour))
		},
		"now": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadline(ctx, time.Now())
		},
		"in a nanosecond": func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, 1) },
		"long before a day": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Hour)
		},
	}
	for name, with := range contexts {
		testutil.Bubble(t, name, func(t *testing.T) {
			ctx, cancel := with(t.Context())
			defer cancel()
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Go(obedient)
				g.Go(func(context.Context) (int, error) { time.Sleep(24 * time.Hour); return 0, nil }) // the clock jumps
				g.Go(obedient, group.Timeout(time.Minute))
				return nil
			}, group.Timeout(2*time.Hour), group.Ignore(errOther))
			testutil.WantError(t, "Run", err, context.DeadlineExceeded)
		})
	}
}
