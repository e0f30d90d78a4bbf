package main

import (
	"context"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// BenchmarkSpawn starts empty tasks and joins them. Every peer is written out, with a function that captures nothing: for a
// single task each indirection shows. lo has functions for slices alone.
func BenchmarkSpawn(b *testing.B) {
	for _, n := range []int{1, 10, 1_000, 100_000} {
		compare(b, "empty", n,
			peer{"go", func(n int) {
				var wg sync.WaitGroup
				for range n {
					wg.Add(1)
					go func() { defer wg.Done() }()
				}
				wg.Wait()
			}},
			peer{"errgroup", func(n int) {
				g, _ := errgroup.WithContext(context.Background())
				for range n {
					g.Go(func() error { return nil })
				}
				must(g.Wait() == nil)
			}},
			peer{"conc", func(n int) {
				p := pool.New()
				for range n {
					p.Go(func() {})
				}
				p.Wait()
			}},
			peer{"pond", func(n int) {
				g := pondOf(unlimited, pond.Unbounded).NewGroup()
				for range n {
					g.Submit(func() {})
				}
				must(g.Wait() == nil)
			}},
			peer{"ants", func(n int) {
				p := antsOf(unlimited)
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
				})
				must(err == nil)
			}},
		)
	}
}
