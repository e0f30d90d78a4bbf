package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

type readyFunc = func(int) bool

func TestSH01_StartHandsOverWhenReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			v, err := group.Start(ctx, g, func(_ context.Context, ready func(string) bool) error {
				time.Sleep(time.Second)
				if !ready("address") {
					t.Error("ready gives false")
				}
				time.Sleep(time.Second)
				return nil
			})
			if d := time.Since(start); v != "address" || err != nil || d != time.Second {
				t.Errorf("Start gives %q, %v after %v", v, err, d)
			}
			return nil
		})
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("the scope took %v", d)
		}
	})
}

// After ready the task is one of the scope's like any other.
func TestSH03_FailureAfterReady(t *testing.T) {
	boom := func(err error) func(context.Context, readyFunc) error {
		return func(_ context.Context, ready readyFunc) error {
			ready(7)
			time.Sleep(time.Second)
			return err
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var w witness
		g := group.New[int](t.Context(), w.rule(func(c group.Completion) bool { return c.Err != nil }))
		rest := g.Go(patient(time.Hour, 1))
		v, err := group.Start(t.Context(), g, boom(errBoom), group.Name("server"))
		if v != 7 || err != nil {
			t.Errorf("Start gives %v, %v, want what was ready", v, err)
		}
		_, err = g.Wait()
		testutil.WantFailures(t, err, entry{"server", 1, errBoom})
		wantState(t, rest, group.Canceled)
		w.want(t, group.Completion{1, "server", errBoom, false})
	})
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
			ready(7)
			panic(errBoom)
		}, group.Name("server"))
		if p := testutil.Propagated(t, func() { g.Wait() }); p.Name != "server" || p.Index != 0 {
			t.Errorf("the panic is that of %q, %d", p.Name, p.Index)
		}
	})
}

// Before ready it is the caller's: the scope never hears of it.
func TestSH04_EndsBeforeReady(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(context.Context, readyFunc) error
		want   error
		reason string
	}{
		{"returns", func(context.Context, readyFunc) error { return nil }, group.ErrNotReady, "no value, no success"},
		{"fails", func(context.Context, readyFunc) error { return errBoom }, errBoom, "its own error says more"},
		{"exits", func(ctx context.Context, _ readyFunc) error { goexitingTask(ctx); return nil }, group.ErrGoexit, "never a hang"},
		{"panics", func(context.Context, readyFunc) error { panic(errBoom) }, errBoom, "at the caller's"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var w witness
			g := group.New[int](t.Context(), w.rule(func(group.Completion) bool { return true }))
			rest := g.Go(patient(time.Minute, 7))
			var v int
			var err error
			end := testutil.EndOf(func() {
				v, err = group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
					time.Sleep(time.Second)
					return tt.fn(ctx, ready)
				}, group.Name("server"))
			})
			t.Log(tt.reason)
			if tt.name == "panics" {
				p, ok := end.Value.(*group.PanicError)
				if !ok || p.Name != "server" {
					t.Fatalf("Start %s with %v, want a *PanicError of the task", end.How, end.Value)
				}
				err = p
			}
			testutil.WantError(t, "Start", err, tt.want)
			if v != 0 {
				t.Errorf("the value is %v", v)
			}
			if g.Context().Err() != nil || rest.State() != group.Running {
				t.Error("the scope was disturbed")
			}
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 7)
			w.want(t, group.Completion{0, rest.Name(), nil, false}) // and no rule was asked about the other
		})
	}
}

func TestSH05_ReadyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got any
		g := group.New[int](t.Context())
		v, err := group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
			ready(1)
			time.Sleep(time.Second)
			func() {
				defer func() { got = recover() }()
				ready(2)
			}()
			if ctx.Err() != nil {
				t.Error("the misuse cancelled the task")
			}
			return nil
		})
		if v != 1 || err != nil {
			t.Errorf("Start gives %v, %v", v, err)
		}
		_, err = g.Wait()
		testutil.WantFailures(t, err)
		if got != "group: ready called twice" {
			t.Errorf("the second ready panics with %v", got)
		}
	})
}
