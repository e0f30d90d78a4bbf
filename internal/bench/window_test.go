package main

import (
	"context"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// BenchmarkWindow keeps 16 tasks going: for each that has ended the loop starts another. Of the peers only the way to start a task
// differs; errgroup and conc start a goroutine as the first does.
func BenchmarkWindow(b *testing.B) {
	const window = 16
	byChannel := func(n int, start func(func())) {
		vs := make(chan int, window)
		for i := range window {
			start(func() { vs <- i })
		}
		sum := 0
		for i := window; i < n+window; i++ {
			sum += <-vs
			if i < n {
				start(func() { vs <- i })
			}
		}
		must(sum == n*(n-1)/2)
	}
	compare(b, "16", 100_000,
		peer{"channel", func(n int) { byChannel(n, func(f func()) { go f() }) }},
		peer{"pond", func(n int) {
			p := pondOf(unlimited, pond.Unbounded)
			byChannel(n, func(f func()) { must(p.Go(f) == nil) })
		}},
		peer{"ants", func(n int) {
			p := antsOf(unlimited)
			byChannel(n, func(f func()) { must(p.Submit(f) == nil) })
		}},
		peer{"creche", func(n int) {
			sum := 0
			_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
				start := func(i int) { g.Go(func(context.Context) (int, error) { return i, nil }) }
				for i := range window {
					start(i)
				}
				i := window
				for v := range waitset.Results(g) {
					sum += v
					if i < n {
						start(i)
						i++
					}
				}
				return nil
			})
			must(err == nil && sum == n*(n-1)/2)
		}},
	)
}

// BenchmarkWaitSet waits for one of the tasks of a set until none is left. No peer has such a set.
func BenchmarkWaitSet(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		compare(b, "next", n, peer{"creche", func(n int) {
			_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
				s := new(waitset.WaitSet[*group.Task[int]])
				for i := range n {
					s.Add(g.Go(func(context.Context) (int, error) { return i, nil }))
				}
				taken := 0
				for range s.All(ctx) {
					taken++
				}
				must(taken == n)
				return nil
			})
			must(err == nil)
		}})
	}
}
