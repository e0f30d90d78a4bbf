package main

import (
	"context"
	"errors"
	"flag"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/creche-go/creche/group"
)

var full = flag.Bool("full", false, "run at full scale: a million blocked tasks, a billion tasks in the year")

// A million tasks that are blocked at the same time: half of them on their contexts, half on a channel. Afterwards nothing is left of them.
func TestBlockedTasks(t *testing.T) {
	n := 50_000
	if *full {
		n = 1_000_000
	}
	blocked(t, n) // the runtime keeps the descriptors of the goroutines
	before := measure()
	most := blocked(t, n)
	after := measure()
	each := float64(most.heap+most.stacks) - float64(before.heap+before.stacks)
	t.Logf("%d tasks, %.0f bytes each; before %v, after %v", n, each/float64(n), before, after)
	s := new(soak)
	if s.compare(before, after); s.failed.Load() {
		t.Error("they have left something behind")
	}
}

// blocked returns the state when all tasks are blocked.
func blocked(t *testing.T, n int) (most state) {
	var begun, ended atomic.Int64
	all, gate := make(chan struct{}), make(chan struct{})
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
		for i := range n {
			g.Do(func(ctx context.Context) error {
				defer ended.Add(1)
				if begun.Add(1) == int64(n) {
					close(all)
				}
				if i%2 == 0 {
					<-gate
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			})
		}
		<-all
		most = measure()
		close(gate)
		g.Cancel(nil)
		return nil
	})
	if err != nil || ended.Load() != int64(n) {
		t.Errorf("%d of %d tasks have ended, error %v", ended.Load(), n, err)
	}
	return most
}

// Ten thousand scopes that are open at the same time. Every other one is cancelled, and no other notices.
func TestScopesSideBySide(t *testing.T) {
	const scopes, tasks = 10_000, 20
	why := errors.New("why")
	before := measure()
	var open sync.WaitGroup
	open.Add(scopes)
	var ran, cancelled atomic.Int64
	one := func(cancel bool) error {
		gate := make(chan struct{})
		vs, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
			for i := range tasks {
				g.Go(func(ctx context.Context) (int, error) {
					select {
					case <-gate:
						ran.Add(1)
						return i, nil
					case <-ctx.Done():
						cancelled.Add(1)
						return 0, ctx.Err()
					}
				})
			}
			open.Done()
			open.Wait() // now all are open
			if cancel {
				g.Cancel(why)
			} else {
				close(gate)
			}
			return nil
		}, group.Limit(tasks/2))
		switch {
		case cancel && (!errors.Is(err, why) || len(vs) > 0):
			t.Errorf("a scope that was cancelled has the values %v, error %v", vs, err)
		case !cancel && (err != nil || len(vs) != tasks):
			t.Errorf("a scope beside others that were cancelled has the values %v, error %v", vs, err)
		}
		return nil
	}
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
		for i := range scopes {
			g.Do(func(context.Context) error { return one(i%2 == 0) })
		}
		return nil
	})
	if want := int64(scopes / 2 * tasks); err != nil || ran.Load() != want || cancelled.Load() > want {
		t.Errorf("%d of %d tasks ran, %d were cancelled, error %v", ran.Load(), want, cancelled.Load(), err)
	}
	if after := measure(); after.goroutines > before.goroutines {
		t.Errorf("before %v, after %v", before, after)
	}
}
