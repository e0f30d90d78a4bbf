package main

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/creche-go/creche/group"
)

// BenchmarkNested opens 100 scopes below one, and 100 below each, cancels the one and joins all: with nobody blocked on them, and with a
// goroutine or a task blocked on each.
func BenchmarkNested(b *testing.B) {
	why := errors.New("why")
	byHand := func(n int, blocked bool) {
		root, cancel := context.WithCancelCause(context.Background())
		var wg, begun sync.WaitGroup
		for range n {
			mid, cancelMid := context.WithCancelCause(root)
			defer cancelMid(nil)
			for range n {
				ctx, cancelLeaf := context.WithCancelCause(mid)
				defer cancelLeaf(nil)
				if blocked {
					begun.Add(1)
					wg.Go(func() {
						begun.Done()
						<-ctx.Done()
					})
				}
			}
		}
		begun.Wait()
		cancel(why)
		wg.Wait()
	}
	scopes := func(n int, blocked bool) {
		root := group.New[struct{}](context.Background())
		var all []*group.TaskGroup[struct{}]
		var begun sync.WaitGroup
		for range n {
			mid := group.New[struct{}](root.Context())
			for range n {
				leaf := group.New[struct{}](mid.Context())
				if blocked {
					begun.Add(1)
					leaf.Do(func(ctx context.Context) error {
						begun.Done()
						<-ctx.Done()
						return ctx.Err()
					})
				}
				all = append(all, leaf)
			}
			all = append(all, mid)
		}
		begun.Wait()
		root.Cancel(why)
		for _, g := range all {
			g.Wait()
		}
		root.Wait()
	}
	compare(b, "idle", 100,
		peer{"context", func(n int) { byHand(n, false) }},
		peer{"creche", func(n int) { scopes(n, false) }})
	compare(b, "blocked", 100,
		peer{"context", func(n int) { byHand(n, true) }},
		peer{"creche", func(n int) { scopes(n, true) }})
}
