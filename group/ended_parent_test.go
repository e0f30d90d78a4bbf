package group_test

import (
	"context"
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
