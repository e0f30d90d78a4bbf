package group_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Every way in which a scope can end, met with tasks that take their time over cleaning up.
func TestL1_RunOutlivesItsTasks(t *testing.T) {
	tests := []struct {
		name   string
		body   func(g *intGroup, stopParent func()) error
		opts   []group.Option
		how    string
		reason string
	}{
		{"body ends", func(g *intGroup, _ func()) error { g.Cancel(nil); return nil }, nil, "returned",
			"a clean stop waits too"},
		{"body fails", func(*intGroup, func()) error { return errBoom }, nil, "returned",
			"a body's error cancels its tasks, which does not end them yet"},
		{"body panics", func(*intGroup, func()) error { panic(errBoom) }, nil, "panicked",
			"no panic may pass the tasks of its scope"},
		{"body goexits", func(*intGroup, func()) error { runtime.Goexit(); return nil }, nil, "goexited",
			"t.FailNow in a body is a Goexit"},
		{"task fails", func(g *intGroup, _ func()) error { g.Go(failing(errBoom)); return nil }, nil, "returned",
			"the first failure does not end the wait"},
		{"task panics", func(g *intGroup, _ func()) error {
			g.Go(func(context.Context) (int, error) { panic(errBoom) })
			return nil
		}, nil, "panicked", "the siblings are awaited before the owner panics"},
		{"task goexits", func(g *intGroup, _ func()) error {
			g.Go(func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
			return nil
		}, nil, "returned", "a Goexit is a failure like any other"},
		{"cancelled", func(g *intGroup, _ func()) error { g.Cancel(errWhy); return nil }, nil, "returned",
			"Cancel does not let go of the tasks"},
		{"parent cancelled", func(_ *intGroup, stop func()) error { stop(); return nil }, nil, "returned",
			"an impatient parent gets no orphans"},
		{"timeout", func(*intGroup, func()) error { return nil }, []group.Option{group.Timeout(time.Second)}, "returned",
			"the deadline ends the work, not the wait"},
		{"cancel on return", func(*intGroup, func()) error { return nil }, []group.Option{group.CancelOnReturn()}, "returned",
			"cancelled and awaited"},
		{"crowded", func(g *intGroup, _ func()) error { return errBoom }, []group.Option{group.Limit(2)}, "returned",
			"the third straggler has not begun; the others are awaited"},
		{"discarding", func(g *intGroup, _ func()) error { return errBoom }, []group.Option{group.Discard()}, "returned",
			"what keeps no results keeps its tasks all the same"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			end := testutil.EndOf(func() {
				group.Run(ctx, func(_ context.Context, g *intGroup) error {
					for range 3 {
						g.Go(c.straggler)
					}
					time.Sleep(tick)
					return tt.body(g, stop)
				}, tt.opts...)
			})
			c.WantNone(t)
			if end.How != tt.how {
				t.Errorf("Run %s, want %s: %s", end.How, tt.how, tt.reason)
			}
			if c.Begun.Load() == 0 {
				t.Error("no task ever began")
			}
		})
	}
}

func TestL1_WaitOutlivesItsTasks(t *testing.T) {
	tests := []struct {
		name, how string
		last      func(context.Context) (int, error)
		reason    string
	}{
		{"failure", "returned", failing(errBoom), "the first failure does not end the wait"},
		{"panic", "panicked", func(context.Context) (int, error) { panic(errBoom) }, "the panic waits for the siblings"},
		{"goexit", "returned", func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }, "Goexit is a failure"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			g := group.New[int](t.Context())
			g.Go(c.straggler)
			g.Go(c.straggler)
			time.Sleep(tick)
			g.Go(tt.last)
			if end := testutil.EndOf(func() { g.Wait() }); end.How != tt.how {
				t.Errorf("Wait %s, want %s: %s", end.How, tt.how, tt.reason)
			}
			c.WantNone(t)
		})
	}
}

func panickingBody(context.Context, *intGroup) error { panic(errBoom) }

// The value comes out as it went in, and the stack below the recover still shows where it came from.
func TestL1_BodyPanicKeepsItsValueAndStack(t *testing.T) {
	var got any
	var stack string
	func() {
		defer func() {
			got = recover()
			stack = string(debug.Stack())
		}()
		group.Run(t.Context(), panickingBody)
	}()
	if got != any(errBoom) {
		t.Errorf("recovered %v, want the body's own value", got)
	}
	if !strings.Contains(stack, "group_test.panickingBody") {
		t.Errorf("the stack does not show the body:\n%s", stack)
	}
}

func TestSE02_LateChildIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(value(1))
			time.Sleep(time.Second) // the first child is long gone
			g.Go(sleeping(time.Second, 2))
			return nil
		})
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 2)
	})
}

func TestSE03_NoChildAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		vs, err := group.Run(t.Context(), noBody)
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
		vs, err = group.New[int](t.Context()).Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
		if d := time.Since(start); d != 0 {
			t.Errorf("two empty scopes took %v", d)
		}
	})
}

func TestSE04_SpawnWhileOwnerWaits(t *testing.T) {
	for _, limit := range []int{1, 2, 100} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(limit))
			// Each task is the last one alive when it spawns the next.
			var generation func(n int) func(context.Context) (int, error)
			generation = func(n int) func(context.Context) (int, error) {
				return func(context.Context) (int, error) {
					time.Sleep(time.Second)
					if n < 5 {
						g.Go(generation(n + 1))
					}
					return n, nil
				}
			}
			g.Go(generation(1))
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 1, 2, 3, 4, 5)
		})
	}
}

func TestL2_TaskOfAnotherTypeSpawnedWhileOwnerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late *group.Task[string]
		g := group.New[int](t.Context())
		g.Do(func(context.Context) error {
			time.Sleep(time.Second)
			late = group.Go(g, func(context.Context) (string, error) {
				time.Sleep(time.Second)
				return "late", nil
			})
			return nil
		})
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
		if v, err := late.Result(); v != "late" || err != nil {
			t.Errorf("after Wait the late task gives %q, %v", v, err)
		}
	})
}

func TestSE07_LivingChildrenAtTheReturnOfTheBody(t *testing.T) {
	tests := []struct {
		name   string
		opts   []group.Option
		values []int
		took   time.Duration
		reason string
	}{
		{"default", nil, []int{7}, time.Hour, "a scope waits for its children"},
		{"CancelOnReturn", []group.Option{group.CancelOnReturn()}, nil, tick, "asked to, it cancels them, and that is no failure"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			start := time.Now()
			vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) {
					select {
					case <-time.After(time.Hour):
						return 7, nil
					case <-ctx.Done():
						return 0, ctx.Err()
					}
				})
				time.Sleep(tick)
				return nil
			}, tt.opts...)
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, tt.values...)
			if d := time.Since(start); d != tt.took {
				t.Errorf("took %v, want %v: %s", d, tt.took, tt.reason)
			}
		})
	}
}
