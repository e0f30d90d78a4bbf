package group_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func panickingTask(context.Context) (int, error) { panic(errBoom) }

func goexitingTask(context.Context) (int, error) {
	runtime.Goexit()
	return 0, nil
}

func TestP1_PA01_PanicReachesTheOwner(t *testing.T) {
	for _, opt := range []group.Option{group.FailFast(), group.KeepGoing(), group.Discard()} {
		synctest.Test(t, func(t *testing.T) {
			var c crew
			start := time.Now()
			p := testutil.Propagated(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					g.Go(c.straggler)
					time.Sleep(tick)
					g.Go(panickingTask, group.Name("bad"))
					return nil
				}, opt)
			})
			c.WantNone(t)
			if d := time.Since(start); d != tick+time.Second {
				t.Errorf("%v: took %v, want the panic to cancel the straggler at once", opt, d)
			}
			if p.Name != "bad" || p.Index != 1 || p.Value != any(errBoom) {
				t.Errorf("%v: panic of task %q, index %d, value %v", opt, p.Name, p.Index, p.Value)
			}
			if !strings.Contains(string(p.Stack), "group_test.panickingTask") {
				t.Errorf("%v: not the task's own stack:\n%s", opt, p.Stack)
			}
			if !strings.Contains(p.Error(), "boom") {
				t.Errorf("%v: prints without its value: %s", opt, p.Error())
			}
			testutil.WantError(t, "panic", p, errBoom)
		})
	}
}

func TestP1_PanicThroughWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(panickingTask)
		first := testutil.Propagated(t, func() { g.Wait() })
		second := testutil.Propagated(t, func() { g.Wait() })
		testutil.WantError(t, "first", first, errBoom)
		testutil.WantError(t, "second", second, errBoom)
		wantState(t, task, group.Failed)
		if err := task.Err(); !errors.Is(err, errBoom) {
			t.Errorf("the handle's error is %v, want one that unwraps to the panic's value", err)
		}
	})
}

// One panics, others fail meanwhile: all of it comes out.
func TestP1_PA03_OtherFailuresStayReadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(failingAfter(time.Second, errOther), group.Name("early"))
				g.Go(cleaningUp(errWhy), group.Name("clean-up"))
				g.Go(obedient, group.Name("echo"))
				g.Go(func(ctx context.Context) (int, error) {
					<-ctx.Done()
					panic(errBoom)
				}, group.Name("bad"))
				return nil
			})
		})
		if p.Name != "bad" {
			t.Errorf("the panic is task %q's", p.Name)
		}
		var got []string
		for _, e := range testutil.Entries(p.Failures) {
			got = append(got, e.Name)
			if e.Err == nil {
				t.Errorf("failure %q holds no error", e.Name)
			}
		}
		if len(got) != 2 || got[0] != "early" || got[1] != "clean-up" {
			t.Errorf("other failures are %q, want early and clean-up", got)
		}
	})
}

func TestP1_SeveralPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(func(context.Context) (int, error) { time.Sleep(1 * time.Second); panic("first") })
				g.Go(func(context.Context) (int, error) { time.Sleep(2 * time.Second); panic(errOther) }, group.Name("second"))
				return nil
			})
		})
		if p.Value != "first" || p.Unwrap() != nil {
			t.Errorf("value %v unwraps to %v, want the first panic, whose value is no error", p.Value, p.Unwrap())
		}
		if len(p.Failures) != 1 || p.Failures[0].Name != "second" || !errors.Is(p.Failures[0], errOther) {
			t.Errorf("other failures: %v, want the second panic", p.Failures)
		}
	})
}

func TestP1_PanicAsError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.PanicAsError(), group.KeepGoing())
		g.Go(panickingTask, group.Name("bad"))
		g.Go(sleeping(time.Second, 7))
		vs, err := g.Wait()
		testutil.WantValues(t, vs, 7) // under KeepGoing this panic is a failure like any other
		testutil.WantFailures(t, err, entry{"bad", 0, errBoom})
		var p *group.PanicError
		if !errors.As(err, &p) || p.Name != "bad" || !strings.Contains(string(p.Stack), "group_test.panickingTask") {
			t.Errorf("the failure holds no *PanicError of the task: %v", p)
		}
	})
}

func TestP1_LastPanicOptionWins(t *testing.T) {
	g := group.New[int](t.Context(), group.PanicCrash(), group.PanicPropagate(), group.PanicAsError())
	g.Go(panickingTask)
	_, err := g.Wait()
	testutil.WantError(t, "Wait", err, errBoom)
}

func TestP1_SentinelAsPanicValue(t *testing.T) {
	p := testutil.Propagated(t, func() {
		group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(func(context.Context) (int, error) { panic(http.ErrAbortHandler) })
			return nil
		})
	})
	testutil.WantError(t, "panic", p, http.ErrAbortHandler)
}

func TestP2_BodyPanicsWhileChildrenRun(t *testing.T) {
	tests := []struct {
		name   string
		child  func(context.Context) (int, error)
		opts   []group.Option
		reason string
	}{
		{"obedient child", obedient, nil, "the plain case"},
		{"failing child", cleaningUp(errOther), nil, "a failure does not replace the body's panic"},
		{"panicking child", func(ctx context.Context) (int, error) { <-ctx.Done(); panic(errOther) }, nil,
			"nor does a task's panic"},
		{"queued children", obedient, []group.Option{group.Limit(1)}, "those that have not begun never do"},
		{"keeping going", obedient, []group.Option{group.KeepGoing()}, "KeepGoing does not keep a dead body's children going"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var ctx context.Context
			got := testutil.PanicOf(t, func() {
				group.Run(t.Context(), func(sctx context.Context, g *intGroup) error {
					ctx = sctx
					for range 3 {
						g.Go(c.counted(tt.child))
					}
					g.Go(c.straggler)
					time.Sleep(tick)
					panic(errBoom)
				}, tt.opts...)
			})
			c.WantNone(t)
			if got != any(errBoom) {
				t.Errorf("the panic's value is %v, want the body's: %s", got, tt.reason)
			}
			if ctx.Err() == nil {
				t.Error("the scope's context is still alive")
			}
		})
	}
}

// A misused option panics before anything has started, and the scope that it was for is never made.
func TestPA08_OptionPanicsStartNothing(t *testing.T) {
	entered := false
	testutil.PanicOf(t, func() {
		group.Run(t.Context(), func(context.Context, *intGroup) error { entered = true; return nil }, group.Limit(0))
	})
	testutil.PanicOf(t, func() {
		group.Run(t.Context(), func(context.Context, *intGroup) error { entered = true; return nil }, nil)
	})
	if entered {
		t.Error("the body was entered")
	}
}

// A task option that panics leaves the scope as it was.
func TestPA07_PanickingCallLeavesTheScopeUsable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		testutil.PanicOf(t, func() { g.Go(nil) })
		testutil.PanicOf(t, func() { g.Do(nil) })
		testutil.PanicOf(t, func() { g.Go(value(1), group.Timeout(-1)) })
		testutil.PanicOf(t, func() { g.Go(value(1), nil) })
		g.Go(value(7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}
