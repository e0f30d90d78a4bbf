package group_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// All that can stop a scope while tasks are still queued behind a limit. The one task that runs swallows its
// cancellation, except where it is the one that stops the scope: so nobody tells of the stop but the queued tasks.
func TestS2_QueuedTasksNeverBegin(t *testing.T) {
	swallowing := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		time.Sleep(time.Second) // the queued ones are settled meanwhile
		return 7, nil
	}
	tests := []struct {
		name   string
		opts   []group.Option
		first  func(context.Context) (int, error)
		stop   func(g *intGroup, stopParent context.CancelCauseFunc) error // the end of the body
		cause  error                                                       // nil: a clean stop
		reason string
	}{
		{"failure", nil, failingAfter(time.Minute, errBoom),
			func(*intGroup, context.CancelCauseFunc) error { return nil },
			errBoom, "FailFast stops what has not begun"},
		{"panic", []group.Option{group.KeepGoing(), group.PanicPropagate()}, func(context.Context) (int, error) {
			time.Sleep(time.Minute)
			panic(errBoom)
		}, func(*intGroup, context.CancelCauseFunc) error { return nil },
			errBoom, "a panic stops the scope whatever the stop rule"},
		{"body", nil, swallowing,
			func(*intGroup, context.CancelCauseFunc) error { return errBoom },
			errBoom, "a body's error stops the scope"},
		{"body under KeepGoing", []group.Option{group.KeepGoing()}, swallowing,
			func(*intGroup, context.CancelCauseFunc) error { return errBoom },
			errBoom, "KeepGoing is about tasks, not about the body"},
		{"Cancel", nil, swallowing,
			func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errBoom); return nil },
			errBoom, "the cause reaches those that never ran"},
		{"Cancel(nil)", nil, swallowing,
			func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(nil); return nil },
			nil, "a clean stop is the one way to a nil error"},
		{"parent", nil, swallowing,
			func(_ *intGroup, stop context.CancelCauseFunc) error { stop(errBoom); return nil },
			errBoom, "nobody else saw that the parent ended: nil would be a lie"},
		{"timeout", []group.Option{group.Timeout(time.Minute)}, swallowing,
			func(*intGroup, context.CancelCauseFunc) error { return nil },
			context.DeadlineExceeded, "the deadline passed with tasks undone"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			var ran atomic.Int32
			var queued []*intTask
			var err error
			end := testutil.EndOf(func() {
				_, err = group.Run(ctx, func(_ context.Context, g *intGroup) error {
					g.Go(tt.first)
					time.Sleep(tick)
					for range 50 {
						queued = append(queued, g.Go(func(context.Context) (int, error) {
							ran.Add(1)
							return 0, nil
						}))
					}
					return tt.stop(g, stop)
				}, append(tt.opts, group.Limit(1))...)
			})
			if p, ok := end.Value.(error); ok {
				err = p
			}
			if n := ran.Load(); n != 0 {
				t.Errorf("%d queued tasks ran after the stop: %s", n, tt.reason)
			}
			if (err == nil) != (tt.cause == nil) || !errors.Is(err, tt.cause) {
				t.Errorf("error is %v, want %v: %s", err, tt.cause, tt.reason)
			}
			for _, task := range queued {
				wantState(t, task, group.NotStarted)
				if err := task.Err(); !errors.Is(err, group.ErrNotStarted) || tt.cause != nil && !errors.Is(err, tt.cause) {
					t.Errorf("a queued task's error is %v, want ErrNotStarted and %v", err, tt.cause)
				}
			}
		})
	}
}

// Nobody has to wait for a straggler to learn that a queued task will not run.
func TestS2_NotStartedIsSettledWhileOthersCleanUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(c.straggler)
		queued := g.Go(value(1))
		time.Sleep(tick)
		g.Cancel(errWhy)
		synctest.Wait()
		if c.Alive.Load() != 1 {
			t.Fatal("the straggler should still be cleaning up")
		}
		wantState(t, queued, group.NotStarted)
		testutil.WantError(t, "queued", queued.Err(), errWhy)
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"Cancel", -1, errWhy})
	})
}

// The one way to have tasks undone and no error is to ask for it; having run nothing at all is no excuse.
func TestS2_ParentEndedBeforeTheFirstTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errWhy)
		var entered, ran bool
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			entered = true
			g.Go(func(context.Context) (int, error) { ran = true; return 0, nil })
			return nil
		})
		if !entered || ran {
			t.Errorf("body entered: %v, task ran: %v; want the body alone", entered, ran)
		}
		testutil.WantFailures(t, err, entry{"context", -1, errWhy})
		testutil.WantError(t, "Run", err, context.Canceled)
	})
}

// A cancelled scope that has not ended takes tasks, and starts none.
func TestCA05_MI02_SpawnIntoCancelledScope(t *testing.T) {
	tests := []struct {
		name   string
		stop   func(g *intGroup)
		cause  error
		reason string
	}{
		{"cancelled", func(g *intGroup) { g.Cancel(errWhy) }, errWhy, "the reason given to Cancel is the reason not to start"},
		{"failed", func(g *intGroup) { g.Go(failing(errBoom)) }, errBoom, "a failing group takes no more work"},
		{"timed out", func(*intGroup) { time.Sleep(time.Hour) }, context.DeadlineExceeded, "late is late"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ran := false
			fn := func(context.Context) (int, error) { ran = true; return 0, nil }
			g := group.New[int](t.Context(), group.Timeout(time.Hour))
			tt.stop(g)
			synctest.Wait()
			for name, task := range map[string]*intTask{
				"Go":           g.Go(fn),
				"Do":           g.Do(func(context.Context) error { ran = true; return nil }),
				"another type": group.Go(g, fn),
			} {
				wantState(t, task, group.NotStarted)
				if _, err := task.Wait(t.Context()); !errors.Is(err, group.ErrNotStarted) || !errors.Is(err, tt.cause) {
					t.Errorf("%s: error is %v, want ErrNotStarted and %v: %s", name, err, tt.cause, tt.reason)
				}
			}
			if task, ok := g.TryGo(fn); ok || task != nil {
				t.Errorf("TryGo gives %v, %v, want nil, false", task, ok)
			}
			if _, err := g.Wait(); !errors.Is(err, tt.cause) {
				t.Errorf("Wait: %v, want %v", err, tt.cause)
			}
			if ran {
				t.Error("a function ran")
			}
		})
	}
}

// Cancelled at any moment around its beginning, a task runs or is NotStarted: never both, never neither.
func TestCA26_CancelBeforeTheFirstInstruction(t *testing.T) {
	for range 200 {
		g := group.New[int](t.Context())
		var ran [20]atomic.Bool
		var tasks [20]*intTask
		for i := range tasks {
			tasks[i] = g.Go(func(context.Context) (int, error) {
				ran[i].Store(true)
				return 0, nil
			})
		}
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		for i, task := range tasks {
			want := group.NotStarted
			if ran[i].Load() {
				want = group.Succeeded
			}
			wantState(t, task, want)
		}
	}
}
