package group_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A Goexit is neither a hang nor a success, and no other task pays for it with its goroutine.
func TestP1_PA10_GoexitIsAFailure(t *testing.T) {
	tests := []struct {
		name   string
		opts   []group.Option
		values []int
		reason string
	}{
		{"FailFast", nil, nil, "it stops the scope"},
		{"KeepGoing", []group.Option{group.KeepGoing()}, []int{7}, "it is one failure of many"},
		{"at limit 1", []group.Option{group.KeepGoing(), group.Limit(1)}, []int{7}, "the next in the queue still runs"},
		{"PanicAsError", []group.Option{group.KeepGoing(), group.PanicAsError()}, []int{7}, "it is no panic"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), tt.opts...)
			task := g.Go(goexitingTask, group.Name("exits"))
			g.Go(func(ctx context.Context) (int, error) {
				select {
				case <-ctx.Done():
					return 0, ctx.Err()
				case <-time.After(time.Second):
					return 7, nil
				}
			})
			vs, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, entry{"exits", 0, group.ErrGoexit})
			testutil.WantValues(t, vs, tt.values...)
			wantState(t, task, group.Failed)
			testutil.WantError(t, "task", task.Err(), group.ErrGoexit)
		})
	}
}

func TestP1_GoexitAfterCancelIsNoEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			runtime.Goexit()
			return 0, nil
		}, group.Name("exits"))
		time.Sleep(tick)
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"exits", 0, group.ErrGoexit})
	})
}

func TestPA11_NilPanicIsAPanic(t *testing.T) {
	p := testutil.Propagated(t, func() {
		group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(func(context.Context) (int, error) { panic(nil) })
			return nil
		})
	})
	var nilPanic *runtime.PanicNilError
	if !errors.As(p, &nilPanic) {
		t.Errorf("the value is %v, want a *runtime.PanicNilError", p.Value)
	}
}

// A Goexit is no panic, so PanicCrash lets the program live.
func TestP1_GoexitUnderPanicCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.PanicCrash(), group.KeepGoing())
		g.Go(goexitingTask, group.Name("exits"))
		g.Go(value(7))
		vs, err := g.Wait()
		testutil.WantValues(t, vs, 7)
		testutil.WantFailures(t, err, entry{"exits", 0, group.ErrGoexit})
	})
}

// nil, but typed: an error all the same.
type pointerError struct{}

func (*pointerError) Error() string { return "typed nil" }

func TestPA11_TypedNilIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		task := g.Go(func(context.Context) (int, error) {
			var err *pointerError
			return 0, err
		})
		_, err := g.Wait()
		var p *pointerError
		if !errors.As(err, &p) || p != nil {
			t.Errorf("Wait: %v, want the typed nil", err)
		}
		wantState(t, task, group.Failed)
	})
}
