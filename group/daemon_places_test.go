package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// startDaemons are the ways to start one that ends at once.
var startDaemons = map[string]func(g *intGroup){
	"Go":       func(g *intGroup) { g.Go(value(1), group.Daemon()) },
	"Do":       func(g *intGroup) { g.Do(func(context.Context) error { return nil }, group.Daemon()) },
	"TryGo":    func(g *intGroup) { g.TryGo(value(1), group.Daemon()) },
	"group.Go": func(g *intGroup) { group.Go(g, value("x"), group.Daemon()) },
}

// What is left of a daemon in the queue needs no place: a scope with nothing else ends, whoever has the places.
func TestL6_S3_DaemonsAloneNeedNoPlaceOfALimiter(t *testing.T) {
	for name, start := range startDaemons {
		testutil.Bubble(t, name, func(t *testing.T) {
			shared := group.SharedLimit(group.NewLimiter(1))
			other := group.New[int](t.Context(), shared)
			other.Go(sleeping(time.Hour, 1))
			synctest.Wait()
			began := time.Now()
			g := group.New[int](t.Context(), shared)
			for range 3 {
				start(g)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
			if d := time.Since(began); d != 0 {
				t.Errorf("Wait returned after %v, want at once: the daemons have ended", d)
			}
			other.Wait()
		})
	}
}

// Nor do those behind it: the next task that does is the oldest.
func TestL6_S3_TasksBehindDaemonsHaveTheirTurn(t *testing.T) {
	for name, start := range startDaemons {
		testutil.Bubble(t, name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.SharedLimit(group.NewLimiter(2)), group.Limit(2))
			began := time.Now()
			for i := range 4 {
				start(g)
				g.Go(sleeping(time.Second, i), group.Weight(2))
				start(g)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
			if d := time.Since(began); d != 4*time.Second {
				t.Errorf("took %v, want four seconds: one after the other", d)
			}
		})
	}
}

// A daemon does not wait for room in the queue, and leaves nothing there that takes it from others.
func TestL6_S1_DaemonsNeedNoRoomInTheQueue(t *testing.T) {
	for name, start := range startDaemons {
		testutil.Bubble(t, "full, "+name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(1), group.Queue(1))
			g.Go(sleeping(time.Hour, 1))
			synctest.Wait()
			g.Go(value(2)) // the queue is full
			began := time.Now()
			for range 3 {
				start(g)
			}
			if d := time.Since(began); d != 0 {
				t.Errorf("it blocked for %v", d)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
		testutil.Bubble(t, "not full, "+name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(1), group.Queue(1))
			g.Go(sleeping(time.Hour, 1))
			synctest.Wait()
			start(g)
			began := time.Now()
			queued := g.Go(value(2))
			if d := time.Since(began); d != 0 {
				t.Errorf("Go blocked for %v, want at once: no task waits to begin", d)
			}
			wantState(t, queued, group.Queued)
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	}
}

// E1: a scope that was dismissed for its daemons' sake has missed its goal like one that has none.
func TestE1_L6_MissedGoalBesideADaemon(t *testing.T) {
	tests := []struct {
		name   string
		n      int
		tasks  []func(context.Context) (int, error)
		daemon func(context.Context) (int, error)
		want   []entry
		reason string
	}{
		{"one success of two", 2, []func(context.Context) (int, error){value(1)}, obedient, []entry{tooFew}, "the daemon was no success"},
		{"none", 1, nil, obedient, []entry{tooFew}, "nothing but a daemon"},
		{"a failure", 1, []func(context.Context) (int, error){failing(errBoom)}, obedient, []entry{{"task", 0, errBoom}},
			"which is the reason"},
		{"reached", 1, []func(context.Context) (int, error){patient(time.Second, 1)}, obedient, nil, "then the daemon does not matter"},
	}
	for _, tt := range tests {
		for _, kind := range []string{"Go", "Do", "group.Go"} {
			testutil.Bubble(t, tt.name+" "+kind, func(t *testing.T) {
				g := group.New[int](t.Context(), group.UntilSuccess(tt.n))
				for _, fn := range tt.tasks {
					g.Go(fn, group.Name("task"))
				}
				switch kind {
				case "Go":
					g.Go(tt.daemon, group.Daemon())
				case "Do":
					g.Do(func(ctx context.Context) error { _, err := tt.daemon(ctx); return err }, group.Daemon())
				default:
					group.Go(g, tt.daemon, group.Daemon())
				}
				_, err := g.Wait()
				t.Log(tt.reason)
				testutil.WantFailures(t, err, tt.want...)
			})
		}
	}
}

// A success is a success, also that of a daemon which was dismissed.
func TestE1_L6_DaemonThatSucceedsWhenDismissedReachesTheGoal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.UntilSuccess(2))
		g.Go(patient(time.Second, 1))
		daemon := g.Go(swallowing, group.Daemon())
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 7)
		wantState(t, daemon, group.Succeeded)
	})
}

// A task of another type has the options that it was started with.
func TestSE08_ForeignTaskKeepsItsOptions(t *testing.T) {
	testutil.Bubble(t, "Daemon", func(t *testing.T) {
		g := group.New[int](t.Context())
		daemon := group.Go(g, func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }, group.Daemon())
		g.Go(sleeping(time.Second, 7))
		vs, err := g.Wait() // which would wait for it for ever
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
		if st := daemon.State(); st != group.Canceled {
			t.Errorf("the daemon is %v, want %v", st, group.Canceled)
		}
	})
	testutil.Bubble(t, "Daemon beside Limit", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(sleeping(time.Hour, 7))
		daemon := group.Go(g, func(context.Context) (string, error) { return "x", nil }, group.Daemon())
		synctest.Wait()
		if st := daemon.State(); st != group.Succeeded {
			t.Errorf("the daemon is %v, want %v: it needs no place", st, group.Succeeded)
		}
		g.Wait()
	})
}

// A goroutine of its own runs no other task. One place has tasks take turns, on one goroutine wherever they may share.
func TestOwnGoroutine_OfAForeignTask(t *testing.T) {
	kinds := map[string]func(g *intGroup, fn func()){
		"own":     func(g *intGroup, fn func()) { g.Go(doing(fn), group.OwnGoroutine()) },
		"foreign": func(g *intGroup, fn func()) { group.Go(g, doing(fn), group.OwnGoroutine()) },
	}
	limits := map[string]func() group.Option{
		"Limit":       func() group.Option { return group.Limit(1) },
		"SharedLimit": func() group.Option { return group.SharedLimit(group.NewLimiter(1)) },
	}
	for name, start := range kinds {
		for limitName, limit := range limits {
			testutil.Bubble(t, name+" "+limitName, func(t *testing.T) {
				seen := map[string]int{} // the tasks take turns
				at := func() { seen[testutil.Goroutine()]++ }
				g := group.New[int](t.Context(), limit())
				g.Go(sleeping(time.Second, 1))
				const n = 10
				for range n {
					start(g, at)
				}
				g.Wait()
				for id, tasks := range seen {
					if tasks != 1 {
						t.Errorf("%s ran %d tasks, want each of %d to have a goroutine of its own", id, tasks, n)
					}
				}
			})
		}
	}
}

func doing(fn func()) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { fn(); return 0, nil }
}
