package group_test

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A report is what OnStuck was told, and when.
type stuckReport struct {
	tasks []group.StuckTask
	after time.Duration
}

// Whatever cancels the scope: five seconds later those that still run are named, once.
func TestOnStuck(t *testing.T) {
	deaf := func(d time.Duration) func(context.Context) (int, error) { return sleeping(d, 7) }
	tests := []struct {
		name   string
		opts   []group.Option
		body   func(g *intGroup, stopParent context.CancelCauseFunc)
		want   []string // nil: not called
		after  time.Duration
		reason string
	}{
		{"Cancel", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("stuck"))
			g.Go(obedient, group.Name("obedient"))
			time.Sleep(time.Second)
			g.Cancel(nil)
		}, []string{"stuck"}, 6 * time.Second, "d after the cancellation, not after the opening"},
		{"failure", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("a"))
			g.Go(deaf(time.Hour), group.Name("b"))
			g.Go(failingAfter(time.Second, errBoom))
		}, []string{"a", "b"}, 6 * time.Second, "all of them at once"},
		{"parent", nil, func(g *intGroup, stop context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("stuck"))
			time.Sleep(time.Second)
			stop(errWhy)
		}, []string{"stuck"}, 6 * time.Second, "nobody has to look at the context for it"},
		{"timeout", []group.Option{group.Timeout(time.Second)}, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("stuck"))
		}, []string{"stuck"}, 6 * time.Second, "the scope's own time"},
		{"goal", []group.Option{group.UntilSuccess(1)}, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("stuck"))
			g.Go(sleeping(time.Second, 1))
		}, []string{"stuck"}, 6 * time.Second, "a success that cancels"},
		{"daemon", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Daemon(), group.Name("stuck"))
			g.Go(sleeping(time.Second, 1))
		}, []string{"stuck"}, 6 * time.Second, "the end of all others"},
		{"other kinds", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Do(func(context.Context) error { time.Sleep(time.Minute); return nil }, group.Name("action"))
			group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Minute); return "", nil }, group.Name("foreign"))
			time.Sleep(time.Second)
			g.Cancel(nil)
		}, []string{"action", "foreign"}, 6 * time.Second, "every task is a task"},
		{"started", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			group.Start(context.Background(), g, func(_ context.Context, ready readyFunc) error {
				ready(1)
				time.Sleep(time.Minute)
				return nil
			}, group.Name("server"))
			time.Sleep(time.Second)
			g.Cancel(nil)
		}, []string{"server"}, 6 * time.Second, "one that was handed over too"},
		{"queued", []group.Option{group.Limit(1)}, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Minute), group.Name("stuck"))
			g.Go(value(1), group.Name("queued"))
			time.Sleep(time.Second)
			g.Cancel(nil)
		}, []string{"stuck"}, 6 * time.Second, "what never began is not stuck"},
		{"in time", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(5*time.Second), group.Name("slow"))
			time.Sleep(time.Second)
			g.Cancel(nil)
		}, nil, 0, "ended before d was over"},
		{"never cancelled", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(deaf(time.Hour))
		}, nil, 0, "long is not stuck"},
		{"body", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			g.Go(obedient)
			g.Cancel(nil)
			time.Sleep(time.Hour)
		}, nil, 0, "only tasks are reported"},
		{"one task alone", nil, func(g *intGroup, _ context.CancelCauseFunc) {
			task := g.Go(deaf(time.Hour))
			time.Sleep(time.Second)
			task.Cancel(nil)
		}, nil, 0, "the scope was not cancelled"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			var got []stuckReport
			start := time.Now()
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				tt.body(g, stop)
				return nil
			}, append(tt.opts, group.OnStuck(5*time.Second, func(tasks []group.StuckTask) {
				got = append(got, stuckReport{tasks, time.Since(start)})
			}))...)
			t.Log(tt.reason)
			if tt.want == nil {
				if len(got) != 0 {
					t.Errorf("it was told %v", got)
				}
				return
			}
			if len(got) != 1 || got[0].after != tt.after {
				t.Fatalf("it was told %v, want one report after %v", got, tt.after)
			}
			var names []string
			for _, s := range got[0].tasks {
				names = append(names, s.Name)
				// All began at once, a second before the cancellation.
				if s.Age != tt.after {
					t.Errorf("%s is %v old, want %v", s.Name, s.Age, tt.after)
				}
				if s.Index < 0 || s.Index > 1 {
					t.Errorf("%s has index %d", s.Name, s.Index)
				}
			}
			slices.Sort(names)
			testutil.WantValues(t, names, tt.want...)
		})
	}
}

// The report is made on a goroutine of its own, and Wait does not leave it behind.
func TestM1_OnStuckIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		told := false
		g := group.New[int](t.Context(), group.OnStuck(time.Second, func([]group.StuckTask) {
			time.Sleep(time.Hour)
			told = true
		}))
		task := g.Go(sleeping(time.Minute, 7))
		time.Sleep(tick)
		g.Cancel(nil)
		time.Sleep(2 * time.Minute)
		wantState(t, task, group.Succeeded) // nobody waits for the report but the end of the scope
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
		if d := time.Since(start); !told || d != time.Hour+time.Second+tick {
			t.Errorf("Wait returned after %v, told: %v", d, told)
		}
		synctest.Wait()
		if n := leftGoroutines(); n != 0 {
			t.Errorf("%d goroutines are left", n)
		}
	})
}

// Its scope is open to whoever is told.
func TestM2_OnStuckMayUseTheScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var g *intGroup
		g = group.New[int](t.Context(), group.OnStuck(time.Second, func(tasks []group.StuckTask) {
			wantState(t, g.Go(value(1)), group.NotStarted)
			close(release)
		}))
		g.Do(func(context.Context) error { <-release; return nil })
		time.Sleep(tick)
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestP2_OnStuckThatDoesNotReturn(t *testing.T) {
	for _, opt := range []group.Option{group.PanicPropagate(), group.PanicAsError(), group.PanicCrash()} {
		synctest.Test(t, func(t *testing.T) {
			var c crew
			p := testutil.Propagated(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					g.Go(c.counted(sleeping(time.Minute, 7)))
					g.Go(failingAfter(tick, errOther), group.Name("bad"))
					return nil
				}, opt, group.OnStuck(time.Second, func([]group.StuckTask) { panic(errBoom) }))
			})
			c.WantNone(t)
			if p.Name != "OnStuck" || p.Index != -1 || p.Value != any(errBoom) {
				t.Errorf("%v: panic of %q, %d with %v", opt, p.Name, p.Index, p.Value)
			}
			has(t, p.Failures, entry{"bad", 1, errOther})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		var c crew
		end := testutil.EndOf(func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(c.counted(sleeping(time.Minute, 7)))
				time.Sleep(tick)
				g.Cancel(nil)
				return nil
			}, group.OnStuck(time.Second, func([]group.StuckTask) { runtime.Goexit() }))
		})
		c.WantNone(t)
		if end.How != "returned" {
			t.Errorf("Run %s: %v", end.How, end.Value)
		}
	})
}
