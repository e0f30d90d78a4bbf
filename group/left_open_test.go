package group_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A hole in the structure: the task "holder" opens the scope "inner" with its ctx, and returns without a Wait.
func TestL3_SE10_TaskLeavesAScopeOpen(t *testing.T) {
	tests := []struct {
		name   string
		inner  []func(context.Context) (int, error)
		opts   []group.Option // of the inner scope
		end    func(ctx context.Context) (int, error)
		finds  []error
		reason string
	}{
		{"working", []func(context.Context) (int, error){patient(time.Hour, 1)}, nil, value(7), nil, "the plain case"},
		{"idle", nil, nil, value(7), nil, "nobody is there to suffer, but the scope was left open"},
		{"done", []func(context.Context) (int, error){value(1)}, nil, value(7), nil, "all has ended, and nobody asked how"},
		{"holder fails", []func(context.Context) (int, error){obedient}, nil, failing(errOther), []error{errOther}, "its own error is kept"},
		{"inner failed", []func(context.Context) (int, error){failing(errBoom), obedient}, nil, value(7), []error{errBoom},
			"what nobody waited for is not lost"},
		{"inner fails in cleaning up", []func(context.Context) (int, error){cleaningUp(errBoom)}, nil, value(7), []error{errBoom}, "nor what comes of the cancellation"},
		{"both", []func(context.Context) (int, error){failing(errBoom)}, []group.Option{group.KeepGoing()}, failing(errOther), []error{errBoom, errOther},
			"both are found"},
		{"holder exits", []func(context.Context) (int, error){obedient}, nil, goexitingTask, []error{group.ErrGoexit}, "in a hurry"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var inner *intGroup
			g := group.New[int](t.Context())
			site := ""
			holder := g.Go(func(ctx context.Context) (int, error) {
				_, _, line, _ := runtime.Caller(0)
				inner = group.New[int](ctx, append(tt.opts, group.Name("inner"))...)
				site = fmt.Sprintf("left_open_test.go:%d", line+1)
				for _, fn := range tt.inner {
					inner.Go(c.counted(fn))
				}
				inner.Go(c.straggler)
				time.Sleep(tick)
				return tt.end(ctx)
			}, group.Name("holder"))
			sibling := g.Go(patient(time.Hour, 2))
			start := time.Now()
			holder.Wait(t.Context())
			c.WantNone(t) // before the task counts as ended
			if d := time.Since(start); d > time.Minute {
				t.Errorf("the task ended after %v: its scope was not cancelled at its return", d)
			}
			vs, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantValues(t, vs)
			wantState(t, holder, group.Failed)
			wantState(t, sibling, group.Canceled) // a failure like any
			if fs := testutil.ScopeError(t, err).Failures; len(fs) != 1 || fs[0].Name != "holder" || fs[0].Index != 0 {
				t.Fatalf("failures are %v, want the holder's alone", fs)
			}
			text := holder.Err().Error()
			for _, want := range []string{"holder", `scope "inner" (opened at `, site, "left", "open"} {
				if !strings.Contains(text, want) {
					t.Errorf("the error %q does not hold %q", text, want)
				}
			}
			for _, want := range tt.finds {
				testutil.WantError(t, "holder", holder.Err(), want)
				testutil.WantError(t, "Wait", err, want)
			}
			if errors.Is(err, context.Canceled) {
				t.Errorf("an echo is left in %v", err)
			}
			// Closed is closed: a Wait that comes after all is harmless, a task is not.
			inner.Wait()
			if text, _ := testutil.PanicOf(t, func() { inner.Go(value(1)) }).(string); !strings.Contains(text, "after the end of scope") {
				t.Errorf("Go in the closed scope panics with %q", text)
			}
		})
	}
}

// What panics below a task that has returned has nobody else to go to.
func TestL3_P1_PanicInAScopeLeftOpen(t *testing.T) {
	holder := func(end func()) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			inner := group.New[int](ctx)
			inner.Go(func(ctx context.Context) (int, error) { <-ctx.Done(); panic(errBoom) })
			synctest.Wait()
			end()
			return 7, nil
		}
	}
	tests := []struct {
		name   string
		end    func()
		want   error
		reason string
	}{
		{"returns", func() {}, errBoom, "it becomes the task's"},
		{"panics too", func() { panic(errOther) }, errOther, "the task's own panic came first"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			p := testutil.Propagated(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					g.Go(holder(tt.end), group.Name("holder"))
					return nil
				})
			})
			if p.Name != "holder" || p.Index != 0 || !errors.Is(p, tt.want) {
				t.Errorf("panic of %q, %d: %v; want %v: %s", p.Name, p.Index, p.Value, tt.want, tt.reason)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.PanicAsError())
		task := g.Go(holder(func() {}), group.Name("holder"))
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"holder", 0, errBoom})
		wantState(t, task, group.Failed)
	})
}

// Whatever a scope below is made with, it is a child.
func TestNE09_EveryScopeBelowATaskIsItsChild(t *testing.T) {
	plain := func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }
	tests := []struct {
		name   string
		derive func(ctx context.Context) (context.Context, context.CancelFunc)
		opts   []group.Option
		reason string
	}{
		{"plain", plain, nil, "the task's own context"},
		{"supervisor", plain, []group.Option{group.KeepGoing()}, "one that failures of tasks do not end"},
		{"timeout", plain, []group.Option{group.Timeout(time.Hour)}, "one with a deadline"},
		{"value", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(ctx, key{}, 1), func() {}
		}, nil, "below a value"},
		{"cancel", context.WithCancel, nil, "below a cancel context"},
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Hour)
		}, nil, "below a deadline"},
	}
	for _, tt := range tests {
		for _, left := range []bool{false, true} {
			testutil.Bubble(t, fmt.Sprint(tt.name, ", left open ", left), func(t *testing.T) {
				var c crew
				g := group.New[int](t.Context())
				holder := g.Go(func(ctx context.Context) (int, error) {
					ctx, stop := tt.derive(ctx)
					defer stop()
					inner := group.New[int](ctx, tt.opts...)
					inner.Go(c.straggler)
					synctest.Wait()
					if left {
						return 7, nil
					}
					_, err := inner.Wait()
					return 7, err
				})
				time.Sleep(tick)
				t.Log(tt.reason)
				if !left { // what ends the task ends the scope below
					g.Cancel(errWhy)
				}
				_, err := g.Wait()
				c.WantNone(t)
				if left {
					wantState(t, holder, group.Failed)
					return
				}
				wantState(t, holder, group.Canceled)
				testutil.WantFailures(t, err, entry{"Cancel", -1, errWhy})
			})
		}
	}
}

// Joined is joined, whoever did it and whatever came of it.
func TestL3_SE10_NoComplaintAboutAJoinedScope(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(ctx context.Context) (int, error)
		reason string
	}{
		{"Wait", func(ctx context.Context) (int, error) {
			g := group.New[int](ctx)
			g.Go(value(1))
			g.Wait()
			return 7, nil
		}, "the plain case"},
		{"failed Wait", func(ctx context.Context) (int, error) {
			g := group.New[int](ctx)
			g.Go(failing(errBoom))
			g.Wait()
			return 7, nil
		}, "a failed join is a join"},
		{"another goroutine's Wait", func(ctx context.Context) (int, error) {
			g := group.New[int](ctx)
			g.Go(sleeping(time.Second, 1))
			done := make(chan struct{})
			go func() { defer close(done); g.Wait() }()
			<-done
			return 7, nil
		}, "not everybody waits for himself"},
		{"Run", func(ctx context.Context) (int, error) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Go(failing(errBoom)); return nil })
			return 7, nil
		}, "cannot be left open"},
		{"panicked Run", func(ctx context.Context) (int, error) {
			defer func() { recover() }()
			group.Run(ctx, func(context.Context, *intGroup) error { panic(errBoom) })
			return 7, nil
		}, "not even so"},
		{"many", func(ctx context.Context) (int, error) {
			for range 100 {
				group.New[int](ctx).Wait()
			}
			return 7, nil
		}, "one after the other"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			task := g.Go(tt.fn)
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err)
			wantState(t, task, group.Succeeded)
		})
	}
}
