package main

import (
	"context"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	lop "github.com/samber/lo/parallel"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// resultPool is one for the whole process: it has no goroutine while it has no task.
var resultPool = sync.OnceValue(func() pond.ResultPool[int] { return pond.NewResultPool[int](unlimited) })

// BenchmarkResults collects a value from each task, in the order in which they were started. Goroutines and errgroup write into a
// slice that is there already, and so do the tasks of ants, which have no values; conc's pool gives the values in any order.
func BenchmarkResults(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		compare(b, "int", n,
			peer{"go", func(n int) {
				vs := make([]int, n)
				var wg sync.WaitGroup
				for i := range n {
					wg.Add(1)
					go func() {
						defer wg.Done()
						vs[i] = i
					}()
				}
				wg.Wait()
				must(vs[n-1] == n-1)
			}},
			peer{"errgroup", func(n int) {
				vs := make([]int, n)
				g, _ := errgroup.WithContext(context.Background())
				for i := range n {
					g.Go(func() error {
						vs[i] = i
						return nil
					})
				}
				must(g.Wait() == nil && vs[n-1] == n-1)
			}},
			peer{"conc", func(n int) {
				p := pool.NewWithResults[int]()
				for i := range n {
					p.Go(func() int { return i })
				}
				must(len(p.Wait()) == n)
			}},
			peer{"pond", func(n int) {
				g := resultPool().NewGroup()
				for i := range n {
					g.Submit(func() int { return i })
				}
				vs, err := g.Wait()
				must(err == nil && len(vs) == n && vs[n-1] == n-1)
			}},
			peer{"ants", func(n int) {
				vs := make([]int, n)
				p := antsOf(unlimited)
				var wg sync.WaitGroup
				for i := range n {
					wg.Add(1)
					must(p.Submit(func() {
						defer wg.Done()
						vs[i] = i
					}) == nil)
				}
				wg.Wait()
				must(vs[n-1] == n-1)
			}},
			peer{"lo", func(n int) {
				vs := lop.Times(n, func(i int) int { return i })
				must(vs[n-1] == n-1)
			}},
			peer{"creche", func(n int) {
				vs, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
					for i := range n {
						g.Go(func(context.Context) (int, error) { return i, nil })
					}
					return nil
				})
				must(err == nil && len(vs) == n && vs[n-1] == n-1)
			}},
		)
	}
}
