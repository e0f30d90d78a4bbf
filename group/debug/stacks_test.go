package debug_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// blockHere is where tasks are to be found.
//
//go:noinline
func blockHere(ctx context.Context) (int, error) { <-ctx.Done(); return 0, nil }

// However a task was started, it is told where it is blocked, and that it is itself that is.
func TestStacks(t *testing.T) {
	starts := map[string]func(ctx context.Context, g *intGroup, name group.TaskOption){
		"Go": func(_ context.Context, g *intGroup, name group.TaskOption) { g.Go(blockHere, name) },
		"Do": func(_ context.Context, g *intGroup, name group.TaskOption) {
			g.Do(func(ctx context.Context) error { _, err := blockHere(ctx); return err }, name)
		},
		"TryGo": func(_ context.Context, g *intGroup, name group.TaskOption) { g.TryGo(blockHere, name) },
		"another type": func(_ context.Context, g *intGroup, name group.TaskOption) {
			group.Go(g, func(ctx context.Context) (string, error) { _, err := blockHere(ctx); return "", err }, name)
		},
		"daemon": func(_ context.Context, g *intGroup, name group.TaskOption) { g.Go(blockHere, name, group.Daemon()) },
		"own goroutine": func(_ context.Context, g *intGroup, name group.TaskOption) {
			g.Go(blockHere, name, group.OwnGoroutine())
		},
		"timeout": func(_ context.Context, g *intGroup, name group.TaskOption) {
			g.Go(blockHere, name, group.Timeout(time.Hour))
		},
		"Start": func(ctx context.Context, g *intGroup, name group.TaskOption) {
			group.Start(ctx, g, func(ctx context.Context, ready func(int) bool) error { ready(1); _, err := blockHere(ctx); return err }, name)
		},
		"behind others": func(_ context.Context, g *intGroup, name group.TaskOption) {
			for range 20 {
				g.Go(value)
			}
			g.Go(blockHere, name)
		},
	}
	policies := map[string]func() []group.Option{
		"no limit": func() []group.Option { return nil },
		"a limit":  func() []group.Option { return []group.Option{group.Limit(8)} },
		"limiter":  func() []group.Option { return []group.Option{group.SharedLimit(group.NewLimiter(8))} },
	}
	for how, start := range starts {
		for under, opts := range policies {
			t.Run(how+" under "+under, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					g := group.New[int](t.Context(), observed("g", opts()...))
					start(t.Context(), g, group.Name("here"))
					g.Go(obedient, group.Name("there"))
					synctest.Wait()
					tasks := debug.Look(debug.Stacks()).Scopes[0].Tasks
					if len(tasks) != 2 {
						t.Fatalf("want two tasks, got %+v", tasks)
					}
					for i, want := range []string{"debug_test.blockHere", "debug_test.obedient"} {
						b := tasks[i].Blocked
						if b == nil || !strings.HasSuffix(b.Function, want) || !strings.Contains(b.Line, "_test.go:") || b.On != "chan receive" {
							t.Errorf("task %s is blocked at %+v, want %s", tasks[i].Name, b, want)
						}
					}
					g.Cancel(nil)
					g.Wait()
				})
			})
		}
	}
}

// What a task is found in is its own code, not that of the libraries that it calls.
func TestStacks_UsersFrame(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("g"))
		asleep := func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil }
		g.Go(asleep)
		g.Go(within("inner", func(ctx context.Context, g *intGroup) error { g.Go(asleep); return nil }))
		g.Go(func(ctx context.Context) (int, error) { return g.Go(asleep).Wait(ctx) })
		var another context.Context
		g.Go(func(ctx context.Context) (int, error) { another = ctx; return asleep(ctx) })
		synctest.Wait()
		g.Go(func(context.Context) (int, error) { return g.Go(asleep).Wait(another) }) // which the machine takes for that task's waiting
		synctest.Wait()
		text := dump(t, debug.Text, debug.Stacks())
		has(t, text, "sleep in debug_test.TestStacks_UsersFrame.func1.1 at debug/stacks_test.go:", "sync.WaitGroup.Wait in debug_test.", " at debug/helpers_test.go:")
		if a, b := strings.Count(text, " running "), strings.Count(text, " in debug_test."); a != b || a != 8 {
			t.Errorf("%d tasks run, and %d are told where, want 8 and 8:\n%s", a, b, text)
		}
		hasNot(t, dump(t, debug.Text), " in debug_test.")
		g.Cancel(nil)
		g.Wait()
	})
}

// Of many tasks all are found.
func TestStacks_Many(t *testing.T) {
	debug.Empty()
	defer debug.Empty()
	const tasks = 5000
	g := group.New[int](t.Context(), observed("g"))
	for i := range tasks {
		g.Go(blockHere, group.Name(fmt.Sprint(i)))
	}
	eventually(t, func() bool {
		found := 0
		for _, task := range debug.Look(debug.Stacks()).Scopes[0].Tasks {
			if task.Blocked != nil && task.Blocked.On == "chan receive" {
				found++
			}
		}
		return found == tasks
	})
	g.Cancel(nil)
	g.Wait()
}
