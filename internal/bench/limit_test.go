package main

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// BenchmarkLimit starts empty tasks of which only so many may run at once. Goroutines take a place in a channel before they
// are started, as errgroup does. The pools have the limit themselves.
func BenchmarkLimit(b *testing.B) {
	for _, limit := range []int{2, 100} {
		compare(b, strconv.Itoa(limit), 100_000,
			peer{"go", func(n int) {
				places := make(chan struct{}, limit)
				var wg sync.WaitGroup
				for range n {
					places <- struct{}{}
					wg.Add(1)
					go func() {
						defer wg.Done()
						<-places
					}()
				}
				wg.Wait()
			}},
			peer{"errgroup", func(n int) {
				g, _ := errgroup.WithContext(context.Background())
				g.SetLimit(limit)
				for range n {
					g.Go(func() error { return nil })
				}
				must(g.Wait() == nil)
			}},
			peer{"conc", func(n int) {
				p := pool.New().WithMaxGoroutines(limit)
				for range n {
					p.Go(func() {})
				}
				p.Wait()
			}},
			peer{"pond", func(n int) {
				g := pondOf(limit, pond.Unbounded).NewGroup()
				for range n {
					g.Submit(func() {})
				}
				must(g.Wait() == nil)
			}},
			peer{"ants", func(n int) {
				p := antsOf(limit)
				var wg sync.WaitGroup
				for range n {
					wg.Add(1)
					must(p.Submit(func() { wg.Done() }) == nil)
				}
				wg.Wait()
			}},
			peer{"creche", func(n int) {
				_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[struct{}]) error {
					for range n {
						g.Do(func(context.Context) error { return nil })
					}
					return nil
				}, group.Limit(limit))
				must(err == nil)
			}},
		)
	}
}
