package main

import (
	"context"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// BenchmarkGrowth measures what one of n costs as n grows: a task, a scope within another, a member of a set, somebody who waits.
func BenchmarkGrowth(b *testing.B) {
	for _, s := range growing {
		for _, n := range s.sizes() {
			compare(b, s.name, n, peer{"creche", growthOps[s.name]})
		}
	}
}

var growthOps = map[string]func(n int){
	"tasks": func(n int) {
		g := group.New[struct{}](context.Background())
		for range n {
			g.Do(func(context.Context) error { return nil })
		}
		_, err := g.Wait()
		must(err == nil)
	},
	// Each scope is opened within the one before; the outermost is cancelled, and all are awaited from the inside.
	"nested": func(n int) {
		scopes := make([]*group.TaskGroup[struct{}], n)
		ctx := context.Background()
		for i := range scopes {
			scopes[i] = group.New[struct{}](ctx)
			ctx = scopes[i].Context()
		}
		innermost := scopes[n-1].Go(func(ctx context.Context) (struct{}, error) { <-ctx.Done(); return struct{}{}, ctx.Err() })
		scopes[0].Cancel(nil)
		<-innermost.Done()
		for i := range scopes {
			scopes[n-1-i].Wait()
		}
	},
	// All are in the set before the first of them ends.
	"members": func(n int) {
		ctx := context.Background()
		begin := make(chan struct{})
		var set waitset.WaitSet[*group.Task[int]]
		g := group.New[int](ctx, group.Limit(1))
		g.Go(func(context.Context) (int, error) { <-begin; return 0, nil })
		for i := range n {
			set.Add(g.Go(func(context.Context) (int, error) { return i, nil }))
		}
		close(begin)
		taken := 0
		for {
			if _, ok := set.Next(ctx); !ok {
				break
			}
			taken++
		}
		_, err := g.Wait()
		must(err == nil && taken == n)
	},
	"waiters": func(n int) {
		ctx := context.Background()
		begun := newGate(n)
		end := make(chan struct{})
		task := make(chan *group.Task[int], 1)
		g := group.New[int](ctx)
		task <- g.Go(func(context.Context) (int, error) { <-end; return 1, nil })
		awaited := <-task
		for range n {
			g.Do(func(ctx context.Context) error {
				begun.arrive()
				_, err := awaited.Wait(ctx)
				return err
			})
		}
		begun.wait()
		close(end)
		_, err := g.Wait()
		must(err == nil)
	},
}
