package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

var tooFew = entry{"UntilSuccess", -1, group.ErrTooFewTasks}

// The owner waits as soon as the tasks are at work.
func TestE1_EA22_EA24_UntilSuccess(t *testing.T) {
	type fn = func(context.Context) (int, error)
	tests := []struct {
		name   string
		n      int
		tasks  []fn
		opts   []group.Option
		want   []entry
		values []int
		took   time.Duration
		reason string
	}{
		{"first of two", 1, []fn{patient(2*time.Second, 2), patient(time.Second, 1)}, nil,
			nil, []int{1}, time.Second, "the goal cancels the rest"},
		{"second of three", 2, []fn{patient(time.Second, 1), patient(2*time.Second, 2), patient(time.Hour, 3)}, nil,
			nil, []int{1, 2}, 2 * time.Second, "not before the goal"},
		{"all needed", 2, []fn{patient(time.Second, 1), patient(2*time.Second, 2)}, nil,
			nil, []int{1, 2}, 2 * time.Second, "as many tasks as successes are enough"},
		{"after a failure", 1, []fn{failing(errBoom), patient(time.Second, 1)}, nil,
			nil, []int{1}, time.Second, "a failure neither stops the scope nor is it reported"},
		{"failing clean-up", 1, []fn{patient(time.Second, 1), cleaningUp(errBoom)}, nil,
			nil, []int{1}, time.Second, "nor one after the goal"},
		{"deaf", 1, []fn{patient(time.Second, 1), sleeping(2*time.Second, 2)}, nil,
			nil, []int{1, 2}, 2 * time.Second, "the rest is awaited, and a success more is a value more"},
		{"zero value", 1, []fn{patient(time.Hour, 1), value(0)}, nil,
			nil, []int{0}, 0, "a zero is a success (EA-24)"},
		{"queued", 1, []fn{patient(time.Second, 1), value(2)}, []group.Option{group.Limit(1)},
			nil, []int{1}, time.Second, "what was not needed is not started, and that is no failure"},
		{"all fail", 1, []fn{failingAfter(2*time.Second, errBoom), failingAfter(time.Second, errOther)}, nil,
			[]entry{{"task", 1, errOther}, {"task", 0, errBoom}}, nil, 2 * time.Second, "each of them is the reason (EA-22)"},
		{"all fail in order", 1, []fn{failing(errBoom), failing(errOther)}, []group.Option{group.Limit(1)},
			[]entry{{"task", 0, errBoom}, {"task", 1, errOther}}, nil, 0, "one after the other (EA-22)"},
		{"out of reach", 2, []fn{failingAfter(time.Second, errBoom), patient(time.Hour, 1)}, nil,
			[]entry{{"task", 0, errBoom}}, nil, time.Second, "one is left where two are needed: no use in waiting"},
		{"out of reach, cleaning up", 2, []fn{failingAfter(time.Second, errBoom), cleaningUp(errOther)}, nil,
			[]entry{{"task", 0, errBoom}, {"task", 1, errOther}}, nil, time.Second, "all failures are listed"},
		{"out of reach, with a success", 4, []fn{value(1), patient(time.Second, 2), failingAfter(time.Minute, errBoom), patient(time.Hour, 3)},
			nil, []entry{{"task", 2, errBoom}}, []int{1, 2}, time.Minute, "values are kept beside the error"},
		{"no task", 1, nil, nil,
			[]entry{tooFew}, nil, 0, "nothing to list, and yet no success"},
		{"too few tasks", 3, []fn{patient(time.Hour, 1), patient(time.Hour, 2)}, nil,
			[]entry{tooFew}, nil, 0, "they could never be enough"},
		{"too few tasks, swallowing", 2, []fn{swallowing}, nil,
			[]entry{tooFew}, []int{7}, 0, "a success that did not suffice is kept"},
		{"ignored", 1, []fn{failing(errBoom)}, []group.Option{group.Ignore(errBoom)},
			[]entry{tooFew}, nil, 0, "an ignored failure is no success, and nothing to list either"},
		{"ignored beside a failure", 1, []fn{failing(errBoom), failingAfter(time.Second, errOther)}, []group.Option{group.Ignore(errBoom)},
			[]entry{{"task", 1, errOther}}, nil, time.Second, "what is left is listed"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			start := time.Now()
			vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				for _, fn := range tt.tasks {
					g.Go(c.counted(fn), group.Name("task"))
				}
				synctest.Wait() // those that may begin have begun
				return nil
			}, append(tt.opts, group.UntilSuccess(tt.n))...)
			c.WantNone(t)
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, tt.values...)
			if d := time.Since(start); d != tt.took {
				t.Errorf("took %v, want %v", d, tt.took)
			}
		})
	}
}

// Only one task is left, which would have started more: it is not waited for.
func TestE1_UntilSuccessDoesNotWaitForTasksToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(func(ctx context.Context) (int, error) {
				if _, err := patient(time.Second, 1)(ctx); err != nil {
					return 0, err
				}
				g.Go(value(2))
				return 1, nil
			})
			return nil
		}, group.UntilSuccess(2))
		testutil.WantFailures(t, err, tooFew)
		testutil.WantValues(t, vs)
	})
}

// As long as the body runs it may start another task.
func TestE1_UntilSuccessHasPatienceWithTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(failing(errBoom))
			time.Sleep(time.Second)
			if ctx.Err() != nil {
				t.Error("the scope gave up before its body did")
			}
			g.Go(value(7))
			return nil
		}, group.UntilSuccess(1))
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

// What counts as a success, and what does not.
func TestE1_UntilSuccessCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.UntilSuccess(2))
		rest := g.Go(obedient)
		synctest.Wait()
		g.Do(func(context.Context) error { return nil })
		group.Go(g, value("of another type"))
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		wantState(t, rest, group.Canceled)
	})
	synctest.Test(t, func(t *testing.T) { // taken out through its handle: neither success nor failure
		g := group.New[int](t.Context(), group.UntilSuccess(1))
		g.Go(obedient).Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err, tooFew)
	})
}

// The goal is one thing; what else befalls the scope is another.
func TestE1_UntilSuccessInAScopeThatFailsOtherwise(t *testing.T) {
	type stop = func(g *intGroup, stopParent context.CancelCauseFunc) error
	parent := func(_ *intGroup, stop context.CancelCauseFunc) error { stop(errWhy); return nil }
	cancel := func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(errWhy); return nil }
	clean := func(g *intGroup, _ context.CancelCauseFunc) error { g.Cancel(nil); return nil }
	body := func(*intGroup, context.CancelCauseFunc) error { return errOther }
	late := sleeping(2*time.Second, 7) // succeeds whatever happens, after the stop
	tests := []struct {
		name   string
		tasks  []func(context.Context) (int, error)
		stop   stop // after one second
		want   []entry
		values []int
		reason string
	}{
		{"parent before the goal", []func(context.Context) (int, error){failing(errBoom), obedient}, parent,
			[]entry{{"task", 0, errBoom}, {"context", -1, errWhy}}, nil, "reported as ever, with the failures"},
		{"Cancel before the goal", []func(context.Context) (int, error){failing(errBoom), obedient}, cancel,
			[]entry{{"task", 0, errBoom}, {"Cancel", -1, errWhy}}, nil, "reported as ever, with the failures"},
		{"Cancel(nil) before the goal", []func(context.Context) (int, error){obedient}, clean,
			nil, nil, "asked to stop: no complaint about the goal"},
		{"Cancel(nil) after a failure", []func(context.Context) (int, error){failing(errBoom), obedient}, clean,
			[]entry{{"task", 0, errBoom}}, nil, "real failures are reported all the same"},
		{"body before the goal", []func(context.Context) (int, error){failing(errBoom), obedient}, body,
			[]entry{{"task", 0, errBoom}, {"body", -1, errOther}}, nil, "the goal was not reached"},
		{"parent, then a success", []func(context.Context) (int, error){late, obedient}, parent,
			[]entry{{"context", -1, errWhy}}, []int{7}, "the parent ended first"},
		{"Cancel, then a success", []func(context.Context) (int, error){late, obedient}, cancel,
			[]entry{{"Cancel", -1, errWhy}}, []int{7}, "the cause came first"},
		{"parent after the goal", []func(context.Context) (int, error){failing(errBoom), patient(tick, 1), slowToStop}, parent,
			nil, []int{1}, "nobody lost anything by it"},
		{"Cancel after the goal", []func(context.Context) (int, error){failing(errBoom), patient(tick, 1), slowToStop}, cancel,
			nil, []int{1}, "the first cancellation wins, and that was clean"},
		{"body after the goal", []func(context.Context) (int, error){failing(errBoom), patient(tick, 1), slowToStop}, body,
			[]entry{{"body", -1, errOther}}, []int{1}, "the body's own failure is none of a task's"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			vs, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
				for _, fn := range tt.tasks {
					g.Go(fn, group.Name("task"))
				}
				time.Sleep(time.Second)
				return tt.stop(g, stop)
			}, group.UntilSuccess(1))
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, tt.values...)
		})
	}
}

// slowToStop needs a minute to come to its end after its cancellation.
func slowToStop(ctx context.Context) (int, error) {
	<-ctx.Done()
	time.Sleep(time.Minute)
	return 0, ctx.Err()
}
