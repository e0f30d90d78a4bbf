package main

import (
	"context"
	"testing"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// BenchmarkLoop takes a value from each task in the order in which they end. The peers send it on a channel that has room for
// all of them, so that no task waits for the loop.
func BenchmarkLoop(b *testing.B) {
	loop(b, "empty", 0, func() {})
	loop(b, "1us", 0, spin(time.Microsecond))
	loop(b, "limit100", 100, func() {})
}

func loop(b *testing.B, variant string, limit int, work func()) {
	peers := []peer{
		{"errgroup", func(n int) {
			g, _ := errgroup.WithContext(context.Background())
			if limit > 0 {
				g.SetLimit(limit)
			}
			vs := make(chan int, n)
			for i := range n {
				g.Go(func() error {
					work()
					vs <- i
					return nil
				})
			}
			receive(vs, n)
			must(g.Wait() == nil)
		}},
		{"conc", func(n int) {
			p := pool.New()
			if limit > 0 {
				p = p.WithMaxGoroutines(limit)
			}
			vs := make(chan int, n)
			for i := range n {
				p.Go(func() {
					work()
					vs <- i
				})
			}
			receive(vs, n)
			p.Wait()
		}},
		{"pond", func(n int) {
			g := pondOf(limit, pond.Unbounded).NewGroup()
			vs := make(chan int, n)
			for i := range n {
				g.Submit(func() {
					work()
					vs <- i
				})
			}
			receive(vs, n)
			must(g.Wait() == nil)
		}},
		{"ants", func(n int) {
			p := antsOf(limit)
			vs := make(chan int, n)
			for i := range n {
				must(p.Submit(func() {
					work()
					vs <- i
				}) == nil)
			}
			receive(vs, n)
		}},
		{"creche", func(n int) {
			var opts []group.Option
			if limit > 0 {
				opts = append(opts, group.Limit(limit))
			}
			_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
				for i := range n {
					g.Go(func(context.Context) (int, error) {
						work()
						return i, nil
					})
				}
				sum := 0
				for t, ok := g.Next(ctx); ok; t, ok = g.Next(ctx) {
					v, err := t.Result()
					must(err == nil)
					sum += v
				}
				must(sum == n*(n-1)/2)
				return nil
			}, opts...)
			must(err == nil)
		}},
	}
	if limit == 0 {
		peers = append(peers, peer{"go", func(n int) {
			vs := make(chan int, n)
			for i := range n {
				go func() {
					work()
					vs <- i
				}()
			}
			receive(vs, n)
		}})
	}
	compare(b, variant, 100_000, peers...)
}

func receive(vs <-chan int, n int) {
	sum := 0
	for range n {
		sum += <-vs
	}
	must(sum == n*(n-1)/2)
}
