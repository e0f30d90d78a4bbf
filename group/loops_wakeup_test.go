package group_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// One of those that sleep in Next gets the last completion. The others have nothing left to wait for.
func TestW1_LastCompletionWakesEveryoneInNext(t *testing.T) {
	tasks := map[string]func(g *intGroup){
		"task":            func(g *intGroup) { g.Go(sleeping(time.Second, 1)) },
		"failure":         func(g *intGroup) { g.Go(failingAfter(time.Second, errBoom)) },
		"action":          func(g *intGroup) { g.Do(func(context.Context) error { time.Sleep(time.Second); return nil }) },
		"beside a daemon": func(g *intGroup) { g.Go(sleeping(time.Second, 1)); g.Go(obedient, group.Daemon()) },
		"beside a foreign one": func(g *intGroup) {
			g.Go(sleeping(time.Second, 1))
			group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Hour); return "", nil })
		},
	}
	for name, start := range tasks {
		for _, waiters := range []int{2, 3, 8} {
			testutil.Bubble(t, fmt.Sprint(name, " ", waiters), func(t *testing.T) {
				g := group.New[int](t.Context(), group.KeepGoing())
				start(g)
				began := time.Now()
				var got atomic.Int32
				var wg sync.WaitGroup
				for range waiters {
					wg.Go(func() {
						if _, ok := g.Next(t.Context()); ok {
							got.Add(1)
						}
						if d := time.Since(began); d != time.Second {
							t.Errorf("Next returned after %v, want one second: there is nothing else to wait for", d)
						}
					})
				}
				wg.Wait()
				if n := got.Load(); n != 1 {
					t.Errorf("%d of them got the task, want one", n)
				}
				g.Wait()
			})
		}
	}
}

// With as many completions at once as there are sleepers, each gets his.
func TestW1_CompletionsAtOnceWakeAsMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 5
		for range 100 {
			g := group.New[int](t.Context())
			g.Do(func(ctx context.Context) error { <-ctx.Done(); return nil }) // so that nobody's loop is over
			for i := range n {
				g.Go(sleeping(time.Second, i))
			}
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() {
					if _, ok := g.Next(t.Context()); !ok {
						t.Error("Next returned without a task")
					}
				})
			}
			wg.Wait()
			g.Cancel(nil)
			g.Wait()
		}
	})
}

// Whoever was woken may have to wait for the place that he lent, behind a task that goes on only when another has its completion. So he
// must not keep for himself that something has happened.
func TestW1_S3_WaiterThatTakesBackItsPlaceDoesNotKeepOthersAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			release, got := make(chan struct{}), make(chan struct{})
			for range 2 {
				g.Do(func(context.Context) error { <-release; return nil }, group.Daemon())
			}
			g.Go(func(ctx context.Context) (int, error) { g.Next(ctx); return 0, nil })
			synctest.Wait() // it sleeps, its place is lent
			g.Go(func(context.Context) (int, error) { <-got; return 0, nil })
			synctest.Wait() // this one has the place
			time.AfterFunc(time.Second, func() { close(release) })
			if _, ok := g.Next(ctx); !ok {
				t.Error("Next returned without a task")
			}
			close(got)
			return nil
		}, group.SharedLimit(group.NewLimiter(1)))
		testutil.WantFailures(t, err)
	})
}

// The same when he was the only one to be woken, and the completion comes after.
func TestW1_S3_WaiterThatTakesBackItsPlaceDoesNotKeepNewsFromOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			first, second, got := make(chan struct{}), make(chan struct{}), make(chan struct{})
			for _, release := range []chan struct{}{first, second} {
				g.Do(func(context.Context) error { <-release; return nil }, group.Daemon())
			}
			g.Go(func(ctx context.Context) (int, error) { g.Next(ctx); return 0, nil })
			synctest.Wait()
			g.Go(func(context.Context) (int, error) { <-got; return 0, nil })
			synctest.Wait()
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { g.Next(ctx) })
			}
			synctest.Wait()
			close(first)
			synctest.Wait()
			close(second)
			wg.Wait()
			close(got)
			return nil
		}, group.SharedLimit(group.NewLimiter(1)))
		testutil.WantFailures(t, err)
	})
}

// A daemon that has ended is a task like any: from the moment in which a loop may see it, none counts it among those it does not wait for.
func TestW1_L6_DaemonsThatEndAreYieldedEachTime(t *testing.T) {
	const daemons = 4
	rounds := 2000
	if testing.Short() {
		rounds = 200
	}
	synctest.Test(t, func(t *testing.T) {
		for round := range rounds {
			g := group.New[int](t.Context())
			release := make(chan struct{})
			for range daemons {
				g.Do(func(context.Context) error { return nil }, group.Daemon())
			}
			g.Do(func(context.Context) error { <-release; return nil })
			for i := range daemons {
				if _, ok := g.Next(t.Context()); !ok {
					t.Errorf("round %d: the loop ended after %d of %d daemons, while a task runs", round, i, daemons)
					break
				}
			}
			close(release)
			for _, ok := g.Next(t.Context()); ok; _, ok = g.Next(t.Context()) {
			}
			g.Wait()
			if t.Failed() {
				return
			}
		}
	})
}

// With nothing but daemons, a loop may end before they do; what it yields are daemons that ended, and none is lost.
func TestW1_L6_DaemonsAreYieldedOrLeftToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for round := range 500 {
			g := group.New[int](t.Context())
			for i := range 4 {
				g.Go(value(i), group.Daemon())
			}
			n := 0
			for task, ok := g.Next(t.Context()); ok; task, ok = g.Next(t.Context()) {
				wantState(t, task, group.Succeeded)
				n++
			}
			if vs, err := g.Wait(); err != nil || n+len(vs) != 4 {
				t.Fatalf("round %d: %d were yielded, Wait has %v, %v; want four in all", round, n, vs, err)
			}
		}
	})
}
