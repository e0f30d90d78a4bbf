package group_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestS1_GoNeverBlocksAtTheLimit(t *testing.T) {
	for _, limit := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(limit))
			start := time.Now()
			for i := range 1000 {
				g.Go(sleeping(time.Second, i))
			}
			if d := time.Since(start); d != 0 {
				t.Errorf("limit %d: spawning took %v", limit, d)
			}
			vs, err := g.Wait()
			testutil.WantFailures(t, err)
			if len(vs) != 1000 {
				t.Errorf("limit %d: %d values, want 1000", limit, len(vs))
			}
		})
	}
}

// A blocked spawn from inside the scope would be a deadlock at the limit, which the bubble reports.
func TestLI10_TaskSpawnsIntoItsOwnFullScope(t *testing.T) {
	tests := []struct {
		name   string
		spawn  func(g *intGroup)
		reason string
	}{
		{"Go", func(g *intGroup) { g.Go(value(1)) }, "errgroup blocks here for ever"},
		{"Do", func(g *intGroup) { g.Do(func(context.Context) error { return nil }) }, "a task without a value counts as well"},
		{"another type", func(g *intGroup) { group.Go(g, value("x")) }, "so does one of another type"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(1))
			var after atomic.Bool
			g.Go(func(context.Context) (int, error) {
				for range 3 {
					tt.spawn(g)
				}
				after.Store(true)
				return 0, nil
			})
			if _, err := g.Wait(); err != nil || !after.Load() {
				t.Errorf("Wait: %v, spawner went on: %v: %s", err, after.Load(), tt.reason)
			}
		})
	}
}

// The law's "does not block" made visible: the spawned tasks have not run when Go is back.
func TestS1_GoAtLimitOneReturnsBeforeTheTaskRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		var order []string // limit 1 orders the writes
		g.Go(func(context.Context) (int, error) {
			child := g.Go(func(context.Context) (int, error) {
				order = append(order, "child")
				return 0, nil
			})
			time.Sleep(time.Second)
			wantState(t, child, group.Queued)
			order = append(order, "spawner")
			return 0, nil
		})
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, order, "spawner", "child")
	})
}

// Each of these tasks blocks until every one of them has begun.
func TestS4_BlockedTasksHoldNobodyBack(t *testing.T) {
	const n = 1000
	tests := []struct {
		name   string
		opts   []group.Option
		block  func(all *sync.WaitGroup, mu *sync.Mutex)
		reason string
	}{
		{"on a wait group", nil, func(all *sync.WaitGroup, _ *sync.Mutex) { all.Wait() }, "no bound on blocked tasks"},
		{"at an exact limit", []group.Option{group.Limit(n)}, func(all *sync.WaitGroup, _ *sync.Mutex) { all.Wait() },
			"a limit is a promise too: so many do run at once"},
		{"on a mutex", nil, func(all *sync.WaitGroup, mu *sync.Mutex) {
			mu.Lock() // held until all have begun
			defer mu.Unlock()
		}, "a mutex blocks unseen by any channel"},
		{"spinning politely", nil, func(all *sync.WaitGroup, _ *sync.Mutex) {
			done := make(chan struct{})
			go func() { all.Wait(); close(done) }()
			for {
				select {
				case <-done:
					return
				default:
					runtime.Gosched()
				}
			}
		}, "a task that yields for ever may not starve the rest"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var all sync.WaitGroup
			var mu sync.Mutex
			all.Add(n)
			mu.Lock()
			g := group.New[int](t.Context(), tt.opts...)
			for range n {
				g.Go(func(context.Context) (int, error) {
					all.Done()
					tt.block(&all, &mu)
					return 0, nil
				})
			}
			all.Wait()
			mu.Unlock()
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	}
}

// Only as many as the limit allows can be held up by blocked tasks; the other places go on.
func TestS4_OneBlockedTaskUnderALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(2))
		release := make(chan struct{})
		blocked := g.Go(func(context.Context) (int, error) { <-release; return -1, nil })
		last := g.Go(value(0))
		for i := range 100 {
			last = g.Go(value(i))
		}
		if v, err := last.Wait(t.Context()); v != 99 || err != nil {
			t.Errorf("last task: %v, %v", v, err)
		}
		synctest.Wait()
		wantState(t, blocked, group.Running)
		close(release)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

// The goroutine that stands by while another runs short tasks must notice when that one blocks. In a bubble no time passes, so that all
// tasks are taken for short ones.
func TestS4_BlockedTaskAfterManyShortOnes(t *testing.T) {
	tests := []struct {
		name   string
		end    func()
		opts   []group.Option
		reason string
	}{
		{"blocks", func() {}, nil, "its goroutine ran all the short ones"},
		{"blocks under a limit", func() {}, []group.Option{group.Limit(4)}, "the places left are for those who stand by"},
		{"Goexit first", runtime.Goexit, []group.Option{group.KeepGoing()}, "whoever had run the short ones is gone"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			for range 20 {
				g := group.New[int](t.Context(), tt.opts...)
				for range 500 {
					g.Go(value(1))
				}
				g.Go(func(context.Context) (int, error) { tt.end(); return 0, nil })
				begun := make(chan struct{})
				g.Go(func(context.Context) (int, error) { <-begun; return 0, nil })
				for range 500 {
					g.Go(value(1))
				}
				g.Go(func(context.Context) (int, error) { close(begun); return 0, nil })
				g.Wait() // for ever, if nobody takes over
			}
		})
	}
}

// Two goroutines that run short tasks find out about each other, and one steps back for a while: under a limit of two, where no third is
// pending. It must come forward again: were it counted as pending for ever, nobody would be started any more.
func TestS4_BlockedTasksAfterAStepBack(t *testing.T) {
	const limit = 2
	for name, limited := range map[string]group.Option{
		"Limit":       group.Limit(limit),
		"SharedLimit": group.SharedLimit(group.NewLimiter(limit)),
	} {
		testutil.Bubble(t, name, func(t *testing.T) {
			for range racingRounds(200) {
				g := group.New[int](t.Context(), limited)
				together := func() {
					var turn sync.WaitGroup
					turn.Add(limit)
					for range limit {
						g.Go(func(context.Context) (int, error) { turn.Done(); turn.Wait(); return 0, nil })
					}
				}
				together()
				for range 1000 {
					g.Go(value(1))
				}
				<-g.Go(value(1)).Done()
				synctest.Wait() // all goroutines of the scope have gone
				together()
				g.Wait() // for ever, if they are not all begun
			}
		})
	}
}
