package group_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// exitingRule leaves by runtime.Goexit, and takes with it whoever asked it.
func exitingRule() func(group.Completion) bool {
	return func(group.Completion) bool { runtime.Goexit(); return false }
}

// A task that never begins is told to the rule in the goroutine of whoever refuses it. If that ends there, the scope does not.
func TestP2_RuleThatExitsACallersGoroutine(t *testing.T) {
	limits := map[string]func() group.Option{
		"no limit":    func() group.Option { return group.Options() },
		"Limit":       func() group.Option { return group.Limit(1) },
		"SharedLimit": func() group.Option { return group.SharedLimit(group.NewLimiter(1)) },
		"Queue":       func() group.Option { return group.Options(group.Limit(1), group.Queue(8)) },
	}
	calls := []struct {
		name   string
		queued int // tasks behind one that blocks; only where there is a limit
		call   func(g *intGroup, last *intTask, cancelParent func())
	}{
		{"Go", 0, func(g *intGroup, _ *intTask, _ func()) { g.Cancel(nil); g.Go(value(1)) }},
		{"Do", 0, func(g *intGroup, _ *intTask, _ func()) {
			g.Cancel(nil)
			g.Do(func(context.Context) error { return nil })
		}},
		{"group.Go", 0, func(g *intGroup, _ *intTask, _ func()) { g.Cancel(nil); group.Go(g, value("x")) }},
		{"daemon", 0, func(g *intGroup, _ *intTask, _ func()) { g.Cancel(nil); g.Go(value(1), group.Daemon()) }},
		{"Cancel", 3, func(g *intGroup, _ *intTask, _ func()) { g.Cancel(nil) }},
		{"Task.Cancel", 1, func(_ *intGroup, last *intTask, _ func()) { last.Cancel(nil) }},
		{"TryGo", 3, func(g *intGroup, _ *intTask, cancelParent func()) { cancelParent(); g.TryGo(value(1)) }},
		{"Context.Err", 3, func(g *intGroup, _ *intTask, cancelParent func()) { cancelParent(); _ = g.Context().Err() }},
	}
	for limitName, limit := range limits {
		for _, tt := range calls {
			if tt.queued > 0 && limitName == "no limit" {
				continue
			}
			testutil.Bubble(t, tt.name+" "+limitName, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				g := group.New[int](ctx, limit(), group.StopWhen(exitingRule))
				release := make(chan struct{})
				if tt.queued > 0 {
					g.Go(doing(func() { <-release }))
					synctest.Wait()
				}
				var last *intTask
				for range tt.queued {
					last = g.Go(value(1))
				}
				end := testutil.EndOf(func() { tt.call(g, last, cancel) })
				if end.How == "panicked" {
					t.Errorf("the call panicked with %v", end.Value)
				}
				time.Sleep(time.Second)
				close(release)
				var err error
				over := make(chan testutil.Ending, 1)
				go func() { over <- testutil.EndOf(func() { _, err = g.Wait() }) }()
				if !soon(func() bool { return len(over) > 0 }) {
					t.Error("Wait does not return: a goroutine of the scope runs in circles")
					testutil.EndOf(func() { g.Go(value(1)) }) // which refuses what is left in the queue
				}
				if end := <-over; end.How != "returned" {
					t.Fatalf("Wait %s (%v)", end.How, end.Value)
				}
				testutil.WantError(t, "Wait", err, group.ErrGoexit)
			})
		}
	}
}

// soon waits until ok, in a bubble whose time may stand still because a goroutine never sleeps.
func soon(ok func() bool) bool {
	rounds := 5_000_000
	if runtime.GOMAXPROCS(0) == 1 { // all others have their turn in each round, and one that runs in circles takes its time
		rounds = 200
	}
	for range rounds {
		if ok() {
			return true
		}
		runtime.Gosched()
	}
	return false
}

// In the body of Run, Goexit goes on once the tasks have ended.
func TestP2_RuleThatExitsTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		end := testutil.EndOf(func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(c.straggler)
				synctest.Wait()
				g.Cancel(nil)
				g.Go(value(1))
				return nil
			}, group.StopWhen(exitingRule))
		})
		c.WantNone(t)
		if end.How == "panicked" {
			t.Errorf("Run panicked with %v", end.Value)
		}
	})
}
