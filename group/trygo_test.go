package group_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// As many as there are places start, one right after the other, and no more: whether the goroutines of those before have begun is
// nobody's business.
func TestTryGo_LI01_StartsAsManyAsThereArePlaces(t *testing.T) {
	tests := []struct {
		name string
		opts func() []group.Option
		task []group.TaskOption
		want int
	}{
		{"Limit", func() []group.Option { return []group.Option{group.Limit(10)} }, nil, 10},
		{"Limit of one", func() []group.Option { return []group.Option{group.Limit(1)} }, nil, 1},
		{"Limit, own goroutines", func() []group.Option { return []group.Option{group.Limit(10)} },
			[]group.TaskOption{group.OwnGoroutine()}, 10},
		{"Limit and Queue", func() []group.Option { return []group.Option{group.Limit(10), group.Queue(1)} }, nil, 10},
		{"SharedLimit", func() []group.Option { return []group.Option{group.SharedLimit(group.NewLimiter(10))} }, nil, 10},
		{"SharedLimit, heavy", func() []group.Option { return []group.Option{group.SharedLimit(group.NewLimiter(10))} },
			[]group.TaskOption{group.Weight(3)}, 3},
		{"SharedLimit above Limit", func() []group.Option {
			return []group.Option{group.SharedLimit(group.NewLimiter(10)), group.Limit(4)}
		}, nil, 4},
		{"Limit above SharedLimit", func() []group.Option {
			return []group.Option{group.SharedLimit(group.NewLimiter(4)), group.Limit(10)}
		}, nil, 4},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			for round := range 200 {
				var c crew
				g := group.New[int](t.Context(), tt.opts()...)
				started := 0
				for range tt.want + 3 {
					if _, ok := g.TryGo(c.counted(obedient), tt.task...); ok {
						started++
					}
					if round%2 == 1 {
						runtime.Gosched()
					}
				}
				synctest.Wait()
				if began := int(c.Begun.Load()); started != tt.want || began != tt.want {
					t.Fatalf("round %d: %d started, %d began, want %d of %d", round, started, began, tt.want, tt.want+3)
				}
				g.Cancel(nil)
				g.Wait()
			}
		})
	}
}

// The places that ended tasks have left can be had again, all of them.
func TestTryGo_LI01_StartsAsManyAgain(t *testing.T) {
	for _, opt := range []func() group.Option{
		func() group.Option { return group.Limit(3) },
		func() group.Option { return group.SharedLimit(group.NewLimiter(3)) },
	} {
		testutil.Bubble(t, fmt.Sprint(opt()), func(t *testing.T) {
			g := group.New[int](t.Context(), opt())
			for round := range 20 {
				for i := range 4 {
					if _, ok := g.TryGo(sleeping(time.Second, i)); ok != (i < 3) {
						t.Fatalf("round %d: TryGo of task %d is %v, want %v", round, i, ok, i < 3)
					}
				}
				time.Sleep(time.Second + tick)
			}
			g.Wait()
		})
	}
}

// L6: a daemon needs no place, and nobody waits for it.
func TestTryGo_L6_Daemon(t *testing.T) {
	limits := map[string]func() []group.Option{
		"no limit":    func() []group.Option { return nil },
		"Limit":       func() []group.Option { return []group.Option{group.Limit(1)} },
		"Queue":       func() []group.Option { return []group.Option{group.Limit(1), group.Queue(1)} },
		"SharedLimit": func() []group.Option { return []group.Option{group.SharedLimit(group.NewLimiter(1))} },
	}
	for name, opts := range limits {
		testutil.Bubble(t, name, func(t *testing.T) {
			g := group.New[int](t.Context(), opts()...)
			first := g.Go(obedient, group.Daemon())
			if _, ok := g.TryGo(sleeping(time.Second, 7)); !ok { // the only place, where there is one
				t.Error("TryGo takes the place of a daemon for one that is taken")
			}
			g.Go(sleeping(time.Second, 8))
			daemon, ok := g.TryGo(obedient, group.Daemon())
			if !ok {
				g.Cancel(nil)
				t.Fatal("TryGo refuses a daemon, which needs no place")
			}
			synctest.Wait()
			wantState(t, first, group.Running)
			wantState(t, daemon, group.Running)
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 7, 8)
			wantState(t, daemon, group.Canceled)
		})
	}
	testutil.Bubble(t, "cancelled", func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Cancel(nil)
		if task, ok := g.TryGo(obedient, group.Daemon()); ok || task != nil {
			t.Errorf("TryGo starts %v in a cancelled scope", task)
		}
		g.Wait()
	})
}

// M2: TryGo is what notices that the parent has ended. That refuses a queued task, and the rule that is told of it starts another one.
func TestTryGo_M2_RuleThatCallsGoWhenTheParentHasEnded(t *testing.T) {
	for _, limit := range []func() group.Option{
		func() group.Option { return group.Limit(1) },
		func() group.Option { return group.SharedLimit(group.NewLimiter(1)) },
	} {
		testutil.Bubble(t, fmt.Sprint(limit()), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			release := make(chan struct{})
			var g *intGroup
			var late *intTask
			g = group.New[int](ctx, limit(), group.StopWhen(func() func(group.Completion) bool {
				return func(c group.Completion) bool {
					if c.Index == 1 {
						late = g.Go(value(3))
					}
					return false
				}
			}))
			g.Go(func(context.Context) (int, error) { <-release; return 1, nil })
			queued := g.Go(value(2))
			synctest.Wait()
			cancel()
			if task, ok := g.TryGo(value(4)); ok || task != nil {
				t.Errorf("TryGo starts %v in a scope whose parent has ended", task)
			}
			close(release)
			vs, err := g.Wait()
			testutil.WantValues(t, vs, 1)
			testutil.WantFailures(t, err, entry{"context", -1, context.Canceled})
			wantState(t, queued, group.NotStarted)
			wantState(t, late, group.NotStarted)
		})
	}
}
