package main

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/creche-go/creche/group"
	"golang.org/x/sync/errgroup"
)

// BenchmarkNested opens 100 scopes below one, and 100 below each, cancels the one and joins all: with nobody blocked on them, and with a
// goroutine or a task blocked on each. By hand there is nothing but contexts; conc and the pools make no scope without a task.
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
	errgroups := func(n int, blocked bool) {
		root, cancel := context.WithCancelCause(context.Background())
		var all []*errgroup.Group
		var begun sync.WaitGroup
		for range n {
			g, mid := errgroup.WithContext(root)
			all = append(all, g)
			for range n {
				g, ctx := errgroup.WithContext(mid)
				all = append(all, g)
				if blocked {
					begun.Add(1)
					g.Go(func() error {
						begun.Done()
						<-ctx.Done()
						return nil
					})
				}
			}
		}
		begun.Wait()
		cancel(why)
		for _, g := range all {
			must(g.Wait() == nil)
		}
	}
	const side = 100 // n is how many there are in all
	compare(b, "idle", side*side,
		peer{"context", func(int) { byHand(side, false) }},
		peer{"errgroup", func(int) { errgroups(side, false) }},
		peer{"creche", func(int) { scopes(side, false) }})
	compare(b, "blocked", side*side,
		peer{"context", func(int) { byHand(side, true) }},
		peer{"errgroup", func(int) { errgroups(side, true) }},
		peer{"creche", func(int) { scopes(side, true) }})
}
