package main

import (
	"context"
	"testing"

	"github.com/creche-go/creche/group"
)

// BenchmarkHandles keeps a handle of each task and then waits for one after the other. By hand the handle is a channel with room for the
// value; pond's tasks are futures. errgroup, conc and ants give no handles, and lo gives none that can be waited for.
func BenchmarkHandles(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		compare(b, "wait", n,
			peer{"go", func(n int) {
				handles := make([]chan int, n)
				for i := range n {
					handles[i] = make(chan int, 1)
					go func() { handles[i] <- i }()
				}
				sum := 0
				for _, h := range handles {
					sum += <-h
				}
				must(sum == n*(n-1)/2)
			}},
			peer{"pond", func(n int) {
				p := resultPool()
				handles := make([]interface{ Wait() (int, error) }, n)
				for i := range n {
					handles[i] = p.Submit(func() int { return i })
				}
				sum := 0
				for _, h := range handles {
					v, err := h.Wait()
					must(err == nil)
					sum += v
				}
				must(sum == n*(n-1)/2)
			}},
			peer{"creche", func(n int) {
				handles := make([]*group.Task[int], n)
				_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
					for i := range n {
						handles[i] = g.Go(func(context.Context) (int, error) { return i, nil })
					}
					sum := 0
					for _, h := range handles {
						v, err := h.Wait(ctx)
						must(err == nil)
						sum += v
					}
					must(sum == n*(n-1)/2)
					return nil
				})
				must(err == nil)
			}},
		)
	}
}
