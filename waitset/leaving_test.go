package waitset_test

import (
	"context"
	"iter"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

// The three loops over tasks: each starts tasks and returns the loop over their values.
var loops = map[string]func(g *intGroup, fns ...intFunc) iter.Seq[int]{
	"Completed": func(g *intGroup, fns ...intFunc) iter.Seq[int] {
		startIn(g, fns...)
		return valuesOf(waitset.Completed(g))
	},
	"Results": func(g *intGroup, fns ...intFunc) iter.Seq[int] {
		startIn(g, fns...)
		return func(yield func(int) bool) {
			for v := range waitset.Results(g) {
				if !yield(v) {
					return
				}
			}
		}
	},
	"All": func(g *intGroup, fns ...intFunc) iter.Seq[int] {
		return valuesOf(waitset.New(startIn(g, fns...)...).All(context.Background()))
	},
}

func valuesOf(tasks iter.Seq[*intTask]) iter.Seq[int] {
	return func(yield func(int) bool) {
		for task := range tasks {
			if v, _ := task.Result(); !yield(v) {
				return
			}
		}
	}
}

// However the body of a loop leaves it, the next one goes on with the rest, and nothing was cancelled.
func TestCI24_W2_P2_WaysToLeaveALoop(t *testing.T) {
	ways := []struct {
		name  string
		leave func(seq iter.Seq[int], seen *[]int)
	}{
		{"break", func(seq iter.Seq[int], seen *[]int) {
			for v := range seq {
				*seen = append(*seen, v)
				break
			}
		}},
		{"return", func(seq iter.Seq[int], seen *[]int) {
			func() {
				for v := range seq {
					*seen = append(*seen, v)
					return
				}
			}()
		}},
		{"panic", func(seq iter.Seq[int], seen *[]int) {
			defer func() { recover() }()
			for v := range seq {
				*seen = append(*seen, v)
				panic(errBoom)
			}
		}},
		{"Goexit", func(seq iter.Seq[int], seen *[]int) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for v := range seq {
					*seen = append(*seen, v)
					runtime.Goexit()
				}
			}()
			<-done
		}},
		{"continue of an outer loop", func(seq iter.Seq[int], seen *[]int) {
		outer:
			for range 1 {
				for v := range seq {
					*seen = append(*seen, v)
					continue outer
				}
			}
		}},
		{"iter.Pull", func(seq iter.Seq[int], seen *[]int) {
			next, stop := iter.Pull(seq)
			defer stop()
			if v, ok := next(); ok {
				*seen = append(*seen, v)
			}
		}},
		{"iter.Pull, stopped before it began", func(seq iter.Seq[int], seen *[]int) {
			_, stop := iter.Pull(seq)
			stop()
			for v := range seq {
				*seen = append(*seen, v)
				break
			}
		}},
	}
	for name, loop := range loops {
		for _, way := range ways {
			testutil.Bubble(t, name+" "+way.name, func(t *testing.T) {
				g := group.New[int](t.Context())
				seq := loop(g, after(2*time.Second, 2), after(time.Second, 1), after(4*time.Second, 4), after(3*time.Second, 3))
				var seen []int
				for i := range 3 {
					way.leave(seq, &seen)
					want(t, "seen", seen, []int{1, 2, 3}[:i+1])
					want(t, "the scope's context", g.Context().Err(), nil)
				}
				for v := range seq {
					seen = append(seen, v)
				}
				want(t, "seen", seen, []int{1, 2, 3, 4})
				_, err := g.Wait()
				want(t, "error", err, nil)
			})
		}
	}
}

// Taken by iter.Pull, one by one to the end.
func TestCI24_PullToTheEnd(t *testing.T) {
	for name, loop := range loops {
		testutil.Bubble(t, name, func(t *testing.T) {
			g := group.New[int](t.Context())
			next, stop := iter.Pull(loop(g, after(2*time.Second, 2), after(time.Second, 1)))
			defer stop()
			for _, w := range []int{1, 2} {
				v, ok := next()
				want(t, "value", v, w)
				want(t, "ok", ok, true)
			}
			for range 2 {
				if v, ok := next(); ok {
					t.Errorf("next gives %d after the end", v)
				}
			}
			g.Wait()
		})
	}
}

// A body that panics in a loop within Run: the scope is cancelled and awaited before the panic goes on.
func TestP2_L1_LoopBodyThatPanicsInRun(t *testing.T) {
	for name, loop := range loops {
		testutil.Bubble(t, name, func(t *testing.T) {
			left := true
			got := testutil.PanicOf(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					for range loop(g, after(time.Second, 1), func(ctx context.Context) (int, error) {
						<-ctx.Done()
						time.Sleep(time.Second)
						left = false
						return 0, ctx.Err()
					}) {
						panic(errBoom)
					}
					return nil
				})
			})
			want(t, "panic", got, any(errBoom))
			want(t, "a task is left", left, false)
		})
	}
}

// A body sees what the task did: unguarded, so the race detector tells if it does not.
func TestL4_TaskHappensBeforeTheBody(t *testing.T) {
	for name, loop := range loops {
		t.Run(name, func(t *testing.T) {
			const n = 200
			var did [n]int
			var fns []intFunc
			for i := range n {
				fns = append(fns, func(context.Context) (int, error) {
					did[i]++
					return i, nil
				})
			}
			g := group.New[int](t.Context())
			for i := range loop(g, fns...) {
				want(t, "what the task did", did[i], 1)
			}
			g.Wait()
		})
	}
}

// The end of ctx ends the loop, and nothing else.
func TestCI10_W4_LoopWithADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		set := waitset.New(startIn(g, after(time.Second, 1), after(time.Hour, 2))...)
		var seen []int
		for task := range set.All(testutil.CancelledIn(t.Context(), time.Minute, errWhy)) {
			v, _ := task.Result()
			seen = append(seen, v)
		}
		want(t, "seen before ctx ended", seen, []int{1})
		want(t, "tasks in the set", set.Len(), 1)
		want(t, "the scope's context", g.Context().Err(), nil)
		vs, err := g.Wait()
		want(t, "values", vs, []int{1, 2}) // a set takes nothing from a group
		want(t, "error", err, nil)
	})
}
