package group_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// What a task makes of its cancellation, in a scope that another failure has cancelled.
func TestE2_EA06_EA07_EA28_Echoes(t *testing.T) {
	tests := []struct {
		name   string
		make   func(ctx context.Context) error
		real   error // nil: a pure echo
		reason string
	}{
		{"ctx.Err", func(ctx context.Context) error { return ctx.Err() }, nil, "the plain echo (EA-06)"},
		{"cause", context.Cause, nil, "the scope's own cause, given back"},
		{"wrapped", func(ctx context.Context) error { return fmt.Errorf("read: %w", ctx.Err()) }, nil,
			"a wrapper with nothing real in it"},
		{"struct", func(ctx context.Context) error { return &fs.PathError{Op: "read", Path: "x", Err: ctx.Err()} }, nil,
			"a wrapper of any type"},
		{"wrapped cause", func(ctx context.Context) error { return fmt.Errorf("read: %w", context.Cause(ctx)) }, nil,
			"the cause is as much an echo as the error"},
		{"joined echoes", func(ctx context.Context) error { return errors.Join(ctx.Err(), context.Cause(ctx)) }, nil,
			"an aggregate emptied by the filter disappears (EA-07)"},
		{"deep echoes", func(ctx context.Context) error {
			return fmt.Errorf("a: %w", errors.Join(fmt.Errorf("b: %w", errors.Join(ctx.Err())), ctx.Err()))
		}, nil, "at every depth (EA-07)"},
		{"two verbs", func(ctx context.Context) error { return fmt.Errorf("%w and %w", ctx.Err(), context.Cause(ctx)) }, nil,
			"several wrapped, none of them real"},
		{"real", func(context.Context) error { return errOther }, errOther, "a clean-up error counts"},
		{"real joined", func(ctx context.Context) error { return errors.Join(errOther, ctx.Err()) }, errOther,
			"errors.Is(joined, Canceled) holds, and yet it is a failure (EA-28)"},
		{"real joined last", func(ctx context.Context) error { return errors.Join(ctx.Err(), errOther) }, errOther,
			"whatever the order (EA-28)"},
		{"real joined below", func(ctx context.Context) error {
			return errors.Join(ctx.Err(), errors.Join(ctx.Err(), errors.Join(errOther, ctx.Err())))
		}, errOther, "the filter goes down (EA-07)"},
		{"real wrapped", func(ctx context.Context) error { return fmt.Errorf("w: %w", errOther) }, errOther,
			"a wrapper with something real in it stays"},
	}
	for _, tt := range tests {
		for _, place := range []string{"task", "body"} {
			testutil.Bubble(t, tt.name+" from "+place, func(t *testing.T) {
				_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
					g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
					if place == "task" {
						g.Go(func(ctx context.Context) (int, error) {
							<-ctx.Done()
							return 0, tt.make(ctx)
						}, group.Name("task"))
						return nil
					}
					<-ctx.Done()
					return tt.make(ctx)
				})
				t.Log(tt.reason)
				want := []entry{{"bad", 0, errBoom}}
				switch {
				case tt.real != nil && place == "task":
					want = append(want, entry{"task", 1, tt.real})
				case tt.real != nil:
					want = append(want, entry{"body", -1, tt.real})
				}
				testutil.WantFailures(t, err, want...)
				if errors.Is(err, context.Canceled) {
					t.Errorf("an echo is left in the error: %v", err)
				}
			})
		}
	}
}

// Something real beside an echo in a wrapper: neither what it says nor what it holds is lost.
func TestE2_WrapperAroundRealAndEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(failingAfter(time.Second, errBoom))
		g.Go(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, fmt.Errorf("closing x: %w", errors.Join(ctx.Err(), errOther))
		})
		_, err := g.Wait()
		testutil.WantError(t, "Wait", err, errBoom)
		testutil.WantError(t, "Wait", err, errOther)
		if n := len(testutil.ScopeError(t, err).Failures); n != 2 {
			t.Errorf("%d failures, want 2:\n%v", n, err)
		}
	})
}

// In a live scope nothing is an echo, whatever it looks like.
func TestE2_NoEchoInALiveScope(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(context.Context) (int, error)
		want   error
		reason string
	}{
		{"Canceled", failing(context.Canceled), context.Canceled, "nobody cancelled anything"},
		{"DeadlineExceeded", failing(context.DeadlineExceeded), context.DeadlineExceeded, "some request's deadline"},
		{"inner context", func(ctx context.Context) (int, error) {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			<-ctx.Done()
			return 0, ctx.Err()
		}, context.DeadlineExceeded, "a task's own deadline is its own failure"},
		{"inner cancel", func(ctx context.Context) (int, error) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return 0, ctx.Err()
		}, context.Canceled, "a task that cancels itself has failed"},
	}
	for _, opt := range []group.Option{group.FailFast(), group.KeepGoing()} {
		for _, tt := range tests {
			testutil.Bubble(t, fmt.Sprint(tt.name, " ", opt), func(t *testing.T) {
				g := group.New[int](t.Context(), opt)
				task := g.Go(tt.fn, group.Name("task"))
				_, err := g.Wait()
				t.Log(tt.reason)
				testutil.WantFailures(t, err, entry{"task", 0, tt.want})
				wantState(t, task, group.Failed)
			})
		}
	}
}

// Dropped from the report is not dropped from the handle: whoever asks the task gets what it returned.
func TestE2_HandleKeepsItsEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(obedient)
		time.Sleep(tick)
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		wantState(t, task, group.Canceled)
		testutil.WantError(t, "task", task.Err(), context.Canceled)
	})
}

// The parent ends; what the scope makes of it depends on whether anybody was kept from success.
func TestE3_EA29_ParentEnded(t *testing.T) {
	swallow := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 7, nil
	}
	parent := entry{"context", -1, errWhy}
	tests := []struct {
		name   string
		tasks  []func(context.Context) (int, error)
		body   func(ctx context.Context) error
		want   []entry
		values []int
		reason string
	}{
		{"all echo", []func(context.Context) (int, error){obedient, obedient, obedient}, nil,
			[]entry{parent}, nil, "the cause once, not once a task"},
		{"one echoes", []func(context.Context) (int, error){swallow, obedient, swallow}, nil,
			[]entry{parent}, []int{7, 7}, "one that did not succeed is enough"},
		{"all succeed", []func(context.Context) (int, error){swallow, swallow}, nil,
			nil, []int{7, 7}, "nothing was lost, so nothing is reported (EA-29)"},
		{"body echoes", []func(context.Context) (int, error){swallow}, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}, []entry{parent}, []int{7}, "the body did not succeed because of it"},
		{"body passes the cause on", nil, func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, []entry{parent}, nil, "the cause once, not again as the body's"},
		{"clean-up fails", []func(context.Context) (int, error){cleaningUp(io.EOF), obedient}, nil,
			[]entry{{"task", 0, io.EOF}, parent}, nil, "real errors stand beside the cause"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { stop(errWhy) })
			vs, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				for _, fn := range tt.tasks {
					g.Go(fn, group.Name("task"))
				}
				if tt.body != nil {
					return tt.body(ctx)
				}
				return nil
			})
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, tt.values...)
			if err != nil {
				testutil.WantError(t, "Run", err, context.Canceled)
			}
		})
	}
}

// One task taken out is nobody's failure, running or queued, under any rule.
func TestE5_TaskCancelledThroughItsHandle(t *testing.T) {
	for _, opt := range []group.Option{group.FailFast(), group.KeepGoing()} {
		testutil.Bubble(t, fmt.Sprint(opt), func(t *testing.T) {
			g := group.New[int](t.Context(), opt, group.Limit(2))
			plain := g.Go(obedient)
			why := g.Go(func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return 0, fmt.Errorf("stopped: %w", context.Cause(ctx))
			})
			queued := g.Go(value(1))
			g.Go(value(2))
			time.Sleep(tick)
			for _, task := range []*intTask{queued, plain, why} {
				if !task.Cancel(errWhy) {
					t.Errorf("Cancel of unfinished task %s gives false", task.Name())
				}
			}
			synctest.Wait()
			if err := g.Context().Err(); err != nil {
				t.Errorf("the scope was cancelled with its task: %v", err)
			}
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 2)
			wantState(t, plain, group.Canceled)
			wantState(t, why, group.Canceled)
			wantState(t, queued, group.NotStarted)
			testutil.WantError(t, "why", why.Err(), errWhy)
		})
	}
}

// Cancelling a task asks it to stop. What it answers counts.
func TestE5_AnswersToTaskCancel(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(context.Context) (int, error)
		state  group.State
		want   []entry
		reason string
	}{
		{"echo", obedient, group.Canceled, nil, "as asked"},
		{"real error", cleaningUp(errBoom), group.Failed, []entry{{"task", 0, errBoom}}, "no real error is lost"},
		{"joined", func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, errors.Join(ctx.Err(), errBoom)
		}, group.Failed, []entry{{"task", 0, errBoom}}, "the real part is a failure"},
		{"value", func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 7, nil
		}, group.Succeeded, nil, "it finished all the same"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			task := g.Go(tt.fn, group.Name("task"))
			time.Sleep(tick)
			if !task.Cancel(errWhy) {
				t.Error("Cancel of a running task gives false")
			}
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			wantState(t, task, tt.state)
			if task.Cancel(errWhy) {
				t.Error("Cancel of a finished task gives true")
			}
		})
	}
}
