package debug_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// Every task is counted once, however it was started and however it ends.
func TestCounts(t *testing.T) {
	starts := map[string]func(g *intGroup, fn func(context.Context) (int, error)){
		"Go": func(g *intGroup, fn func(context.Context) (int, error)) { g.Go(fn) },
		"Go of another type": func(g *intGroup, fn func(context.Context) (int, error)) {
			group.Go(g, func(ctx context.Context) (string, error) { _, err := fn(ctx); return "", err })
		},
		"Do": func(g *intGroup, fn func(context.Context) (int, error)) {
			g.Do(func(ctx context.Context) error { _, err := fn(ctx); return err })
		},
		"TryGo":         func(g *intGroup, fn func(context.Context) (int, error)) { g.TryGo(fn) },
		"daemon":        func(g *intGroup, fn func(context.Context) (int, error)) { g.Go(fn, group.Daemon()) },
		"own goroutine": func(g *intGroup, fn func(context.Context) (int, error)) { g.Go(fn, group.OwnGoroutine()) },
	}
	ends := map[string]struct {
		end  func(t *testing.T, g *intGroup, start func(func(context.Context) (int, error)))
		want debug.Counts
	}{
		"running": {func(_ *testing.T, g *intGroup, start func(func(context.Context) (int, error))) { start(obedient) }, debug.Counts{Running: 1}},
		"succeeded": {func(_ *testing.T, g *intGroup, start func(func(context.Context) (int, error))) { start(value) },
			debug.Counts{Succeeded: 1}},
		"failed": {func(_ *testing.T, g *intGroup, start func(func(context.Context) (int, error))) {
			start(func(context.Context) (int, error) { return 0, errors.New("boom") })
		}, debug.Counts{Failed: 1}},
		"goexit": {func(_ *testing.T, g *intGroup, start func(func(context.Context) (int, error))) {
			start(func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
		}, debug.Counts{Failed: 1}},
		"cancelled": {func(_ *testing.T, g *intGroup, start func(func(context.Context) (int, error))) {
			start(obedient)
			synctest.Wait()
			g.Cancel(nil)
		}, debug.Counts{Cancelled: 1}},
	}
	for how, start := range starts {
		for end, tt := range ends {
			t.Run(how+" "+end, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					g := group.New[int](t.Context(), observed("g", group.KeepGoing()))
					tt.end(t, g, func(fn func(context.Context) (int, error)) { start(g, fn) })
					synctest.Wait()
					if diff := cmp.Diff(tt.want, debug.Look().Scopes[0].Counts); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					g.Cancel(nil)
					g.Wait()
				})
			})
		}
	}
	t.Run("queued, and not started", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			g := group.New[int](t.Context(), observed("g", group.Limit(1)))
			for range 3 {
				g.Go(obedient)
			}
			synctest.Wait()
			if diff := cmp.Diff(debug.Counts{Running: 1, Queued: 2}, debug.Look().Counts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			g.Cancel(nil)
			synctest.Wait()
			if diff := cmp.Diff(debug.Counts{Cancelled: 1, NotStarted: 2}, debug.Look().Counts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			g.Wait()
		})
	})
	t.Run("observed twice", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			group.Run(t.Context(), func(ctx context.Context, _ *intGroup) error {
				g := group.New[int](ctx, observed("inner"), debug.Observe())
				g.Go(value)
				g.Go(obedient)
				synctest.Wait()
				tree := debug.Look()
				if diff := cmp.Diff(debug.Counts{Succeeded: 1, Running: 1}, tree.Counts); diff != "" || len(tree.Scopes) != 2 {
					t.Errorf("%d scopes, want 2 (-want +got):\n%s", len(tree.Scopes), diff)
				}
				g.Cancel(nil)
				g.Wait()
				return nil
			}, observed("outer"))
		})
	})
}

// The ages of tasks: of one that runs since it began, of one that waits since it was queued.
func TestAges(t *testing.T) {
	for name, before := range map[string]int{"the first tasks": 0, "later tasks": 1000} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				g := group.New[int](t.Context(), observed("g", group.Limit(1), group.Discard()))
				for range before {
					g.Go(value)
				}
				synctest.Wait()
				g.Go(sleeping(40 * time.Second)) // begins at 0
				g.Go(sleeping(time.Hour))        // begins at 40
				synctest.Wait()
				debug.Look() // what is queued from now on, is so after this look
				for range 5 {
					time.Sleep(10 * time.Second)
					g.Go(obedient, group.Name("q"))
				}
				time.Sleep(10 * time.Second)
				var got []debug.Age
				for _, task := range debug.Look().Scopes[0].Tasks {
					got = append(got, task.Age)
				}
				want := []debug.Age{20, 50, 40, 30, 20, 10}
				if before > 0 { // of these, only one in so many is timed
					for i, age := range got[1:] {
						if age < want[i+1] || age > 60 {
							t.Errorf("task %d waits for %v, want %v to 60s", i+1, age, want[i+1])
						}
					}
					got, want = got[:1], want[:1]
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				g.Cancel(nil)
				g.Wait()
			})
		})
	}
}

// A scope that runs many tasks, a few at a time, is told of few, and counts all.
func TestManyTasks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("g", group.Discard()))
		early := g.Go(obedient) // lives as long as all others
		const rounds, each = 100, 1000
		for range rounds {
			for range each {
				g.Go(value)
			}
			synctest.Wait()
		}
		if n, most := debug.Blocks(), 2*(2*each/debug.BlockLen+2*debug.Slack); n > most {
			t.Errorf("%d blocks are kept for a thousand tasks at a time, want %d at most", n, most)
		}
		if diff := cmp.Diff(debug.Counts{Running: 1, Succeeded: rounds * each}, debug.Look().Counts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		early.Cancel(nil)
		g.Wait()
	})
}

// The tree costs a task no allocation of its own.
func TestTreeAllocatesLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("counts allocations")
	}
	debug.Empty()
	const tasks = 2_000
	count := func(opts ...group.Option) float64 {
		return testing.AllocsPerRun(10, func() {
			g := group.New[struct{}](context.Background(), opts...)
			for range tasks {
				g.Do(nop)
			}
			g.Wait()
		})
	}
	plain, watched := count(), count(observed("g"))
	if more := (watched - plain) / tasks; more > 0.3 {
		t.Errorf("the tree costs %.3f allocations a task, want 0.3 at most", more)
	}
}

// Scopes come and go, tasks run, and somebody looks all the time.
func TestLooksWhileTasksRun(t *testing.T) {
	debug.Empty()
	defer debug.Empty()
	var busy sync.WaitGroup
	over := make(chan struct{})
	for range 2 {
		busy.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-over:
					return
				default:
				}
				for _, f := range []debug.Format{debug.Text, debug.JSON, debug.HTML} {
					dump(t, f)
				}
				if tree := debug.Look(debug.Stacks()); tree.Counts.Running < 0 {
					t.Error("impossible")
				}
			}
		})
	}
	for range 20 {
		group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			for i := range 300 {
				g.Go(value)
				if i%30 == 0 {
					g.Go(within(fmt.Sprint(i), func(ctx context.Context, g *intGroup) error {
						for range 100 {
							g.Go(value, group.OwnGoroutine())
						}
						return nil
					}, group.Limit(3)))
				}
			}
			return nil
		}, observed("root", group.Limit(8)))
	}
	close(over)
	busy.Wait()
	if tree := debug.Look(); len(tree.Scopes) > 0 {
		t.Errorf("left behind: %+v", tree.Scopes)
	}
}
