package group_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// One task runs at a time, each for a second. When does Go let the next one in?
func TestS1_QueueMakesGoWait(t *testing.T) {
	tests := []struct {
		queue  int
		want   []time.Duration // when each Go returns
		reason string
	}{
		{1, []time.Duration{0, 0, time.Second, 2 * time.Second, 3 * time.Second}, "one runs, one waits"},
		{2, []time.Duration{0, 0, 0, time.Second, 2 * time.Second}, "one runs, two wait"},
		{9, []time.Duration{0, 0, 0, 0, 0}, "room for all"},
	}
	calls := map[string]func(g *intGroup){
		"Go": func(g *intGroup) { g.Go(sleeping(time.Second, 1)) },
		"Do": func(g *intGroup) { g.Do(func(context.Context) error { time.Sleep(time.Second); return nil }) },
		"group.Go": func(g *intGroup) {
			group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Second); return "", nil })
		},
	}
	for _, tt := range tests {
		for name, call := range calls {
			testutil.Bubble(t, fmt.Sprint(name, " ", tt.queue), func(t *testing.T) {
				start := time.Now()
				_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					var got []time.Duration
					for range tt.want {
						call(g)
						got = append(got, time.Since(start))
					}
					testutil.WantValues(t, got, tt.want...)
					return nil
				}, group.Limit(1), group.Queue(tt.queue))
				t.Log(tt.reason)
				testutil.WantFailures(t, err)
				if d := time.Since(start); d != 5*time.Second {
					t.Errorf("took %v", d)
				}
			})
		}
	}
}

// Without a limit nobody waits to begin for long.
func TestS1_QueueWithoutALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := group.New[int](t.Context(), group.Queue(1))
		for i := range 1000 {
			g.Go(sleeping(time.Second, i))
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		if d := time.Since(start); len(vs) != 1000 || d != time.Second {
			t.Errorf("%d values after %v", len(vs), d)
		}
	})
}

// A Go that waits for room returns as soon as there will be none any more, with a task that says so.
func TestLI09_S1_QueueGivesUp(t *testing.T) {
	tests := []struct {
		name   string
		opts   []group.Option
		first  func(context.Context) (int, error)
		stop   func(g *intGroup, stopParent context.CancelCauseFunc) // after a second
		cause  error
		reason string
	}{
		{"Cancel", nil, slowToStop, func(g *intGroup, _ context.CancelCauseFunc) { g.Cancel(errWhy) }, errWhy, "the plain case"},
		{"Cancel(nil)", nil, slowToStop, func(g *intGroup, _ context.CancelCauseFunc) { g.Cancel(nil) }, context.Canceled, "a clean stop too"},
		{"parent", nil, slowToStop, func(_ *intGroup, stop context.CancelCauseFunc) { stop(errWhy) }, errWhy, "nobody but Go can notice"},
		{"timeout", []group.Option{group.Timeout(time.Second)}, slowToStop, func(*intGroup, context.CancelCauseFunc) {},
			context.DeadlineExceeded, "late is late"},
		{"failure", nil, failingAfter(time.Second, errBoom), func(*intGroup, context.CancelCauseFunc) {}, errBoom, "room, but no scope"},
		{"deaf task", nil, sleeping(time.Hour, 1), func(g *intGroup, _ context.CancelCauseFunc) { g.Cancel(errWhy) }, errWhy,
			"it does not depend on the one that runs"},
	}
	calls := map[string]func(g *intGroup, fn func(context.Context) (int, error)) (state group.State, err error){
		"Go": func(g *intGroup, fn func(context.Context) (int, error)) (group.State, error) {
			task := g.Go(fn)
			synctest.Wait() // another may be about to refuse it
			return task.State(), task.Err()
		},
		"Do": func(g *intGroup, fn func(context.Context) (int, error)) (group.State, error) {
			task := g.Do(func(ctx context.Context) error { _, err := fn(ctx); return err })
			synctest.Wait() // another may be about to refuse it
			return task.State(), task.Err()
		},
		"group.Go": func(g *intGroup, fn func(context.Context) (int, error)) (group.State, error) {
			task := group.Go(g, func(ctx context.Context) (string, error) { _, err := fn(ctx); return "", err })
			synctest.Wait() // another may be about to refuse it
			return task.State(), task.Err()
		},
		"Start": func(g *intGroup, fn func(context.Context) (int, error)) (group.State, error) {
			_, err := group.Start(context.Background(), g, func(ctx context.Context, _ readyFunc) error { _, err := fn(ctx); return err })
			return group.NotStarted, err
		},
	}
	for _, tt := range tests {
		for name, call := range calls {
			testutil.Bubble(t, tt.name+" "+name, func(t *testing.T) {
				ctx, stop := context.WithCancelCause(t.Context())
				defer stop(nil)
				g := group.New[int](ctx, append(tt.opts, group.Limit(1), group.Queue(1))...)
				g.Go(tt.first)
				queued := g.Go(value(1))
				time.AfterFunc(time.Second, func() { tt.stop(g, stop) })
				start := time.Now()
				state, err := call(g, func(context.Context) (int, error) { t.Error("the function ran"); return 0, nil })
				if d := time.Since(start); d != time.Second {
					t.Errorf("returned after %v: %s", d, tt.reason)
				}
				if state != group.NotStarted || !errors.Is(err, group.ErrNotStarted) || !errors.Is(err, tt.cause) {
					t.Errorf("the task is %v, %v; want NotStarted because of %v", state, err, tt.cause)
				}
				g.Wait()
				wantState(t, queued, group.NotStarted)
			})
		}
	}
}
