package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The scope ends when all that is required has ended; its daemons then have to.
func TestL6_SE08_DaemonsEndWithTheScope(t *testing.T) {
	second := patient(time.Second, 7)
	tests := []struct {
		name   string
		opts   []group.Option
		daemon func(context.Context) (int, error)
		body   func(ctx context.Context, g *intGroup) error
		state  group.State
		want   []entry
		values []int
		took   time.Duration
		reason string
	}{
		{"task", nil, obedient, func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Canceled, nil, []int{7}, time.Second, "the plain case"},
		{"body", nil, obedient, func(context.Context, *intGroup) error { time.Sleep(time.Second); return nil },
			group.Canceled, nil, nil, time.Second, "the body alone is reason to go on"},
		{"straggler", nil, slowToStop, func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Canceled, nil, []int{7}, time.Second + time.Minute, "a daemon is awaited like anybody"},
		{"task of a task", nil, obedient, func(_ context.Context, g *intGroup) error {
			g.Do(func(context.Context) error {
				time.Sleep(time.Second)
				g.Do(func(context.Context) error { time.Sleep(time.Second); return nil })
				return nil
			})
			return nil
		}, group.Canceled, nil, nil, 2 * time.Second, "what comes while the owner waits is required too"},
		{"foreign task", nil, obedient, func(_ context.Context, g *intGroup) error {
			group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Second); return "", nil })
			return nil
		}, group.Canceled, nil, nil, time.Second, "so is a child of another type"},
		{"required one fails", []group.Option{group.KeepGoing()}, obedient, func(_ context.Context, g *intGroup) error {
			g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
			return nil
		}, group.Canceled, []entry{{"bad", 1, errBoom}}, nil, time.Second, "the daemon has no part in it"},
		{"daemon fails", nil, failingAfter(time.Second, errBoom), func(_ context.Context, g *intGroup) error {
			g.Go(patient(time.Hour, 7))
			return nil
		}, group.Failed, []entry{{"daemon", 0, errBoom}}, nil, time.Second, "a failure like any other"},
		{"daemon fails, others go on", []group.Option{group.KeepGoing()}, failing(errBoom),
			func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Failed, []entry{{"daemon", 0, errBoom}}, []int{7}, time.Second, "to any rule"},
		{"daemon fails in cleaning up", nil, cleaningUp(errBoom), func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Failed, []entry{{"daemon", 0, errBoom}}, []int{7}, time.Second, "at any time"},
		{"daemon ends by itself", nil, value(1), func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Succeeded, nil, []int{1, 7}, time.Second, "then it is like any task"},
		{"scope cancelled", nil, obedient, func(_ context.Context, g *intGroup) error {
			g.Go(patient(time.Hour, 7))
			time.Sleep(time.Second)
			g.Cancel(errWhy)
			return nil
		}, group.Canceled, []entry{{"Cancel", -1, errWhy}}, nil, time.Second, "it is cancelled with the others"},
		{"timeout", []group.Option{group.Timeout(time.Minute)}, obedient, func(_ context.Context, g *intGroup) error { g.Go(second); return nil },
			group.Canceled, nil, []int{7}, time.Second, "a scope that is done with its work is not late"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var daemon *intTask
			start := time.Now()
			vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
				daemon = g.Go(c.counted(tt.daemon), group.Daemon(), group.Name("daemon"))
				return tt.body(ctx, g)
			}, tt.opts...)
			c.WantNone(t)
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, tt.values...)
			wantState(t, daemon, tt.state)
			if d := time.Since(start); d != tt.took {
				t.Errorf("took %v, want %v", d, tt.took)
			}
		})
	}
}

// Until the owner waits nothing is over, although every task has ended.
func TestL6_DaemonsLiveUntilTheOwnerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		daemon := g.Go(obedient, group.Daemon())
		g.Go(value(1))
		time.Sleep(time.Hour)
		wantState(t, daemon, group.Running)
		g.Go(value(2))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 2)
		wantState(t, daemon, group.Canceled)
	})
}

// A daemon is there from the beginning, whatever the limit, and takes nobody's place.
func TestL6_DaemonsDoNotCountInTheLimit(t *testing.T) {
	limits := map[string]func() group.Option{
		"Limit":       func() group.Option { return group.Limit(1) },
		"SharedLimit": func() group.Option { return group.SharedLimit(group.NewLimiter(1)) },
		"Queue":       func() group.Option { return group.Options(group.Limit(1), group.Queue(1)) },
	}
	for name, limit := range limits {
		testutil.Bubble(t, name, func(t *testing.T) {
			var c crew
			start := time.Now()
			_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				for range 3 {
					g.Go(c.counted(obedient), group.Daemon())
				}
				first := g.Go(patient(time.Second, 1))
				g.Go(patient(time.Second, 2)) // waits
				for range 3 {
					g.Go(c.counted(obedient), group.Daemon())
				}
				g.Do(func(ctx context.Context) error { _, err := c.counted(obedient)(ctx); return err }, group.Daemon())
				group.Go(g, c.counted(obedient), group.Daemon())
				synctest.Wait()
				if n, d := c.Alive.Load(), time.Since(start); n != 8 || d != 0 {
					t.Errorf("%d daemons run after %v, want all eight at once", n, d)
					g.Cancel(nil) // or this would hang
				}
				wantState(t, first, group.Running)
				return nil
			}, limit())
			testutil.WantFailures(t, err)
			if d := time.Since(start); d != 2*time.Second {
				t.Errorf("took %v, want two seconds: the two tasks one after the other", d)
			}
		})
	}
}

// A loop does not wait for daemons, but yields one that has ended.
func TestL6_W3_LoopsAndDaemons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(obedient, group.Daemon())
			g.Go(sleeping(time.Second, 1), group.Daemon())
			g.Go(sleeping(2*time.Second, 2))
			start := time.Now()
			testutil.WantValues(t, take(t, g, 2), 1, 2)
			if task, ok := g.Next(ctx); ok {
				t.Errorf("the loop went on with task %v", task)
			}
			g.Go(sleeping(time.Second, 3)) // a later loop resumes
			testutil.WantValues(t, take(t, g, 1), 3)
			if d := time.Since(start); d != 3*time.Second {
				t.Errorf("the loops took %v", d)
			}
			return nil
		})
		testutil.WantFailures(t, err)
	})
	synctest.Test(t, func(t *testing.T) { // waiting when the last task that is none ends
		g := group.New[int](t.Context())
		daemon := g.Go(obedient, group.Daemon())
		g.Do(func(context.Context) error { time.Sleep(time.Second); return nil })
		n := 0
		for task, ok := g.Next(t.Context()); ok; task, ok = g.Next(t.Context()) {
			if task == daemon {
				t.Error("the daemon was yielded before it had ended")
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d tasks were yielded, want the other one", n)
		}
		g.Wait()
	})
}

// What a daemon starts is required, as long as the scope still has reason to go on.
func TestL6_DaemonsMayStartTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late *intTask
		vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Do(func(ctx context.Context) error {
				time.Sleep(time.Second)
				g.Go(patient(time.Minute, 2))
				<-ctx.Done()
				if cause := context.Cause(ctx); cause != context.Canceled {
					t.Errorf("the daemon was cancelled because of %v, want a clean stop", cause)
				}
				late = g.Go(value(3))
				return ctx.Err()
			}, group.Daemon())
			g.Go(sleeping(2*time.Second, 1))
			return nil
		})
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 2)
		wantState(t, late, group.NotStarted)
	})
}

func TestL6_S2_P1_OddDaemons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Cancel(nil)
		wantState(t, g.Go(obedient, group.Daemon()), group.NotStarted)
		g.Wait()
	})
	synctest.Test(t, func(t *testing.T) {
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) { <-ctx.Done(); panic(errBoom) }, group.Daemon(), group.Name("daemon"))
				synctest.Wait()
				return nil
			})
		})
		if p.Name != "daemon" {
			t.Errorf("the panic is task %q's", p.Name)
		}
	})
	synctest.Test(t, func(t *testing.T) { // one that was taken out does not keep the scope, nor fail it
		g := group.New[int](t.Context())
		g.Go(obedient, group.Daemon()).Cancel(errWhy)
		g.Go(patient(time.Second, 7))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}
