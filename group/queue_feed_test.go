package group_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A task that will never begin does not wait to: its room is free.
func TestS1_QueueAndACancelledTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1), group.Queue(1))
		g.Go(sleeping(time.Hour, 1))
		queued := g.Go(value(2))
		time.AfterFunc(time.Second, func() { queued.Cancel(nil) })
		start := time.Now()
		g.Go(value(3))
		if d := time.Since(start); d != time.Second {
			t.Errorf("Go returned after %v, want as soon as there was room", d)
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 3)
	})
}

// TryGo does not wait, with or without a queue.
func TestS1_QueueAndTryGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1), group.Queue(1))
		if _, ok := g.TryGo(sleeping(time.Second, 1)); !ok {
			t.Error("TryGo refuses the first task")
		}
		if _, ok := g.TryGo(value(2)); ok {
			t.Error("TryGo queues a task")
		}
		g.Go(value(3))
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 1, 3)
	})
}

// A task that fills its own queue has nobody to make room for it but its own end, or that of the scope.
func TestLI10_S1_TaskInItsOwnFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := group.New[int](t.Context(), group.Limit(1), group.Queue(1), group.Timeout(time.Minute))
		g.Do(func(ctx context.Context) error {
			g.Go(value(1))
			late := g.Go(value(2))
			<-late.Done() // whoever ends the scope may be about to refuse it
			wantState(t, late, group.NotStarted)
			return ctx.Err()
		})
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"Timeout", -1, context.DeadlineExceeded})
		if d := time.Since(start); d != time.Minute {
			t.Errorf("took %v", d)
		}
	})
}

// The body that feeds a full queue panics at the refill: what it has started is cancelled and awaited first.
func TestLI05_L1_BodyPanicsAtTheRefill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		got := testutil.PanicOf(t, func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				for i := 0; ; i++ {
					if i == 8 {
						panic(errBoom)
					}
					g.Go(c.counted(sleeping(time.Second, i)))
				}
			}, group.Limit(2), group.Queue(2))
		})
		c.WantNone(t)
		if got != any(errBoom) {
			t.Errorf("the panic is %v", got)
		}
		if n := c.Begun.Load(); n < 4 || n > 6 {
			t.Errorf("%d tasks began, want those that made room", n)
		}
	})
}

// Many feed one scope, which is cancelled in the middle. Each gets a handle, and each task has run or says that it did not.
func TestS1_QueueWithManyProducers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const producers, each = 10, 20
		var ran atomic.Int32
		g := group.New[int](t.Context(), group.Limit(3), group.Queue(4))
		var mu sync.Mutex
		var handles []*intTask
		var wg sync.WaitGroup
		for range producers {
			wg.Go(func() {
				for range each {
					h := g.Go(func(context.Context) (int, error) {
						time.Sleep(time.Second)
						ran.Add(1)
						return 1, nil
					})
					mu.Lock()
					handles = append(handles, h)
					mu.Unlock()
				}
			})
		}
		count := func(state group.State) (n int) {
			mu.Lock()
			defer mu.Unlock()
			for _, h := range handles {
				if h.State() == state {
					n++
				}
			}
			return n
		}
		for range 20 {
			time.Sleep(time.Second)
			synctest.Wait()
			if q, r := count(group.Queued), count(group.Running); q > 4 || r > 3 {
				t.Errorf("%d are queued and %d run, want at most 4 and 3", q, r)
			}
		}
		g.Cancel(nil)
		wg.Wait()
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		n := int(ran.Load())
		if len(vs) != n || count(group.Succeeded) != n || count(group.NotStarted) != producers*each-n {
			t.Errorf("%d ran, %d values, %d succeeded, %d were not started; want %d handles settled", n, len(vs), count(group.Succeeded),
				count(group.NotStarted), producers*each)
		}
		if n < 60 {
			t.Errorf("only %d tasks ran in twenty seconds, three at a time", n)
		}
	})
}
