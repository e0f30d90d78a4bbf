package group_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// E3: a queued task did not get its chance because the parent had ended. Whoever stops the scope after that comes too late to be the
// reason, also where nobody in the scope has noticed the end.
func TestE3_StopAfterTheParentEnded(t *testing.T) {
	parent := entry{"context", -1, errWhy}
	tests := []struct {
		name    string
		opts    []group.Option
		stop    func(g *intGroup)
		noticed bool
		want    []entry
		reason  string
	}{
		{"Cancel(nil)", nil, func(g *intGroup) { g.Cancel(nil) }, false, []entry{parent}, "it is no clean stop any more"},
		{"Cancel(nil), noticed", nil, func(g *intGroup) { g.Cancel(nil) }, true, []entry{parent}, "as if somebody had looked"},
		{"Cancel", nil, func(g *intGroup) { g.Cancel(errOther) }, false, []entry{parent}, "another reason is no reason"},
		{"Cancel, noticed", nil, func(g *intGroup) { g.Cancel(errOther) }, true, []entry{parent}, "nor then"},
		{"CancelOnReturn", []group.Option{group.CancelOnReturn()}, func(*intGroup) {}, false, []entry{parent}, "the stop by Wait is one too"},
		{"CancelOnReturn, noticed", []group.Option{group.CancelOnReturn()}, func(*intGroup) {}, true, []entry{parent}, "the same"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			g := group.New[int](ctx, append(tt.opts, group.Limit(1))...)
			release := make(chan struct{})
			g.Go(func(context.Context) (int, error) { <-release; return 7, nil })
			queued := g.Go(value(8))
			if tt.noticed {
				g.Context().Done()
			}
			synctest.Wait()
			cancel(errWhy)
			tt.stop(g)
			close(release)
			vs, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, 7)
			wantState(t, queued, group.NotStarted)
			testutil.WantError(t, "queued task", queued.Err(), errWhy)
		})
	}
}

// If all succeeded all the same, the parent's end is no more a failure than before.
func TestE3_CleanStopAfterTheParentEndedAndAllSucceeded(t *testing.T) {
	testutil.Bubble(t, "Cancel", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := group.New[int](ctx)
		g.Go(swallowing)
		synctest.Wait()
		cancel()
		g.Cancel(nil)
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
	testutil.Bubble(t, "CancelOnReturn", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		vs, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			g.Go(swallowing)
			synctest.Wait()
			cancel()
			return nil
		}, group.CancelOnReturn())
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

// S2: a scope whose parent has ended knows, whoever asked it for what before.
func TestS2_TheParentEndedFirst(t *testing.T) {
	ended := map[string]func(t *testing.T) (ctx context.Context, end func()){
		"a scope": func(*testing.T) (context.Context, func()) {
			g := group.New[int](context.Background())
			g.Cancel(nil)
			return g.Context(), func() { g.Wait() }
		},
		"a task": func(*testing.T) (context.Context, func()) {
			g := group.New[int](context.Background())
			task := make(chan context.Context, 1)
			g.Go(func(ctx context.Context) (int, error) { task <- ctx; return 0, nil })
			g.Wait()
			return <-task, func() {}
		},
		"a context of the standard library": func(t *testing.T) (context.Context, func()) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ctx, func() {}
		},
	}
	asked := map[string]func(ctx context.Context){
		"nothing":           func(context.Context) {},
		"Done":              func(ctx context.Context) { ctx.Done() },
		"Done of a derived": func(ctx context.Context) { context.WithValue(ctx, key{}, 1).Done() },
		"AfterFunc":         func(ctx context.Context) { context.AfterFunc(ctx, func() {}) },
	}
	for what, parent := range ended {
		for first, ask := range asked {
			testutil.Bubble(t, what+", "+first, func(t *testing.T) {
				for range 200 {
					ctx, end := parent(t)
					g := group.New[int](ctx)
					ask(g.Context())
					wantCanceledBeforeItBegan(t, g)
					end()
				}
			})
		}
	}
}

// S2: a scope hears of the end of a context of the standard library however many scopes lie between, although that tells the topmost one
// in its own time.
func TestS2_TheStandardContextAboveEndedFirst(t *testing.T) {
	for depth := range 5 {
		for _, ask := range []bool{false, true} {
			testutil.Bubble(t, fmt.Sprintf("depth %d, Done asked for: %v", depth, ask), func(t *testing.T) {
				for range 200 {
					ctx, cancel := context.WithCancel(context.Background())
					between := ctx
					var open []*intGroup
					for range depth {
						g := group.New[int](between)
						open = append(open, g)
						between = g.Context()
					}
					g := group.New[int](between)
					if ask {
						g.Context().Done()
					}
					cancel()
					wantCanceledBeforeItBegan(t, g)
					for _, g := range open {
						g.Wait()
					}
				}
			})
		}
	}
}

func wantCanceledBeforeItBegan(t *testing.T, g *intGroup) {
	t.Helper()
	testutil.WantError(t, "the context", g.Context().Err(), context.Canceled)
	task := g.Go(func(context.Context) (int, error) { t.Error("the task began"); return 0, nil })
	_, err := g.Wait()
	testutil.WantError(t, "Wait", err, context.Canceled)
	wantState(t, task, group.NotStarted)
}
