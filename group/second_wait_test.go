package group_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// What may still fire when a scope ends is let go of by the first who waits; those who wait after him find nothing to let go of.
func TestSE13_SecondWaitReturnsWhateverWasPending(t *testing.T) {
	timeout, onStuck := group.Timeout(time.Hour), group.OnStuck(time.Hour, tellNobody)
	tests := []struct {
		name string
		opts []group.Option
		body func(g *intGroup)
	}{
		{"timeout", []group.Option{timeout}, func(*intGroup) {}},
		{"timeout that has fired", []group.Option{group.Timeout(time.Second)}, func(g *intGroup) { g.Go(obedient) }},
		{"OnStuck, never cancelled", []group.Option{onStuck}, func(*intGroup) {}},
		{"OnStuck, cancelled", []group.Option{onStuck}, func(g *intGroup) { g.Go(obedient); g.Cancel(nil) }},
		{"OnStuck that was called", []group.Option{group.OnStuck(time.Second, tellNobody)}, func(g *intGroup) {
			g.Go(sleeping(time.Minute, 1))
			g.Cancel(nil)
		}},
		{"both", []group.Option{timeout, onStuck}, func(g *intGroup) { g.Go(obedient); g.Cancel(nil) }},
		{"timeout of a task", nil, func(g *intGroup) { g.Go(value(1), group.Timeout(time.Hour)) }},
		{"parent that was watched", nil, func(g *intGroup) { g.Context().Done(); g.Go(value(1)) }},
	}
	ways := map[string]func(t *testing.T, ctx context.Context, tt func(*intGroup), opts []group.Option){
		"one after the other": func(_ *testing.T, ctx context.Context, body func(*intGroup), opts []group.Option) {
			g := group.New[int](ctx, opts...)
			body(g)
			for range 3 {
				g.Wait()
			}
		},
		"at once": func(_ *testing.T, ctx context.Context, body func(*intGroup), opts []group.Option) {
			g := group.New[int](ctx, opts...)
			body(g)
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() { g.Wait() })
			}
			wg.Wait()
		},
		"in the body": func(_ *testing.T, ctx context.Context, body func(*intGroup), opts []group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				body(g)
				_, err := g.Wait()
				return err
			}, opts...)
		},
		"after a panic of the body": func(t *testing.T, ctx context.Context, body func(*intGroup), opts []group.Option) {
			got := testutil.PanicOf(t, func() {
				group.Run(ctx, func(_ context.Context, g *intGroup) error {
					body(g)
					g.Wait()
					panic(errWhy)
				}, opts...)
			})
			if got != any(errWhy) {
				t.Errorf("the panic is %v, want the body's", got)
			}
		},
	}
	for _, tt := range tests {
		for name, wait := range ways {
			testutil.Bubble(t, tt.name+" "+name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				wait(t, ctx, tt.body, tt.opts)
			})
		}
	}
}

// What the body returns is no less its error for the scope's having been judged before.
func TestE1_BodyErrorAfterItsOwnWait(t *testing.T) {
	tests := []struct {
		name   string
		task   func(context.Context) (int, error)
		opts   []group.Option
		body   func(joined error) error
		want   []entry
		reason string
	}{
		{"all succeeded", value(1), nil, func(error) error { return errBoom },
			[]entry{{"body", -1, errBoom}}, "the body alone failed"},
		{"tolerated", failing(io.EOF), []group.Option{group.Tolerate(1)}, func(error) error { return errBoom },
			[]entry{{"task", 0, io.EOF}, {"body", -1, errBoom}}, "what was tolerated is told where something else failed"},
		{"goal reached", value(1), []group.Option{group.UntilSuccess(1)}, func(error) error { return errBoom },
			[]entry{{"body", -1, errBoom}}, "the goal is not all there is"},
		{"joined with its own", failing(io.EOF), nil, func(joined error) error { return errors.Join(joined, errBoom) },
			[]entry{{"task", 0, io.EOF}, {"body", -1, errBoom}}, "a clean-up that failed as well"},
		{"instead of the task's", failing(io.EOF), nil, func(error) error { return errBoom },
			[]entry{{"task", 0, io.EOF}, {"body", -1, errBoom}}, "both"},
		{"passed on", failing(io.EOF), nil, func(joined error) error { return joined },
			[]entry{{"task", 0, io.EOF}}, "nothing is told twice"},
		{"dropped", failing(io.EOF), nil, func(error) error { return nil },
			[]entry{{"task", 0, io.EOF}}, "nor does looking away help"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var g *intGroup
			_, err := group.Run(t.Context(), func(_ context.Context, opened *intGroup) error {
				g = opened
				g.Go(tt.task, group.Name("task"))
				_, joined := g.Wait()
				return tt.body(joined)
			}, tt.opts...)
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			_, again := g.Wait()
			testutil.WantFailures(t, again, tt.want...)
		})
	}
}

// Nor for somebody else's having waited before the body returned.
func TestE1_BodyErrorAfterAnothersWait(t *testing.T) {
	tests := []struct {
		name string
		task func(context.Context) (int, error)
		opts []group.Option
		want []entry
	}{
		{"nothing failed", value(1), nil, []entry{{"body", -1, errBoom}}},
		{"a task failed", failing(io.EOF), []group.Option{group.KeepGoing()}, []entry{{"task", 0, io.EOF}, {"body", -1, errBoom}}},
		{"tolerated", failing(io.EOF), []group.Option{group.Tolerate(1)}, []entry{{"task", 0, io.EOF}, {"body", -1, errBoom}}},
		{"goal reached", value(1), []group.Option{group.UntilSuccess(1)}, []entry{{"body", -1, errBoom}}},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(tt.task, group.Name("task"))
				go g.Wait()
				synctest.Wait() // it has returned
				return errBoom
			}, tt.opts...)
			testutil.WantFailures(t, err, tt.want...)
		})
	}
}

// Nor in the moment in which it is.
func TestE1_BodyErrorRacesWithAnothersWait(t *testing.T) {
	for round := range 1000 {
		var other sync.WaitGroup
		_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(failing(io.EOF), group.Name("task"))
			other.Go(func() { g.Wait() })
			for range round % 20 {
				runtime.Gosched()
			}
			return errBoom
		}, group.KeepGoing())
		other.Wait()
		var names []string
		for _, f := range testutil.ScopeError(t, err).Failures {
			names = append(names, f.Name)
		}
		if !errors.Is(err, errBoom) || names[len(names)-1] != "body" {
			t.Fatalf("failures of %q, want the body's to be the last: %v", names, err)
		}
	}
}
