package main

import (
	"context"
	stditer "iter"
	"runtime"
	"sync"
	"testing"

	"github.com/creche-go/creche/iter"
	lop "github.com/samber/lo/parallel"
	conciter "github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
	"github.com/sourcegraph/conc/stream"
	"golang.org/x/sync/errgroup"
)

// mix takes about as many nanoseconds as it has rounds, and cannot be left out by the compiler.
func mix(x uint64, rounds int) uint64 {
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// BenchmarkMapSlice makes a slice of another: by hand, in as many equal parts as there are processors. errgroup, pond and ants have no
// map: a task for each element is what BenchmarkResults measures.
func BenchmarkMapSlice(b *testing.B) {
	sliceCase(b, "3ns", 1_000_000, func(int) int { return 2 })
	sliceCase(b, "98ns", 1_000_000, func(int) int { return 60 })
	sliceCase(b, "front", 100_000, func(i int) int { return max(1, 2000-i/25) })
	sliceCase(b, "tail", 100_000, func(i int) int { return max(1, (i-50_000)/25) })
	sliceCase(b, "98ns", 1, func(int) int { return 60 })
	sliceCase(b, "98ns", 16, func(int) int { return 60 })
}

// apply calls the function through its value, as every peer has to: a function known to the compiler would be inlined here alone.
//
//go:noinline
func apply(from, to []uint64, f func(uint64) uint64) {
	for i, x := range from {
		to[i] = f(x)
	}
}

func sliceCase(b *testing.B, variant string, n int, rounds func(i int) int) {
	s := make([]uint64, n)
	for i := range s {
		s[i] = uint64(i)<<32 | uint64(rounds(i))
	}
	work := func(x uint64) uint64 { return mix(x, int(uint32(x))) }
	part := func(from, to []uint64) { apply(from, to, work) }
	compare(b, variant, n,
		peer{"serial", func(int) { part(s, make([]uint64, n)) }},
		peer{"hand", func(int) {
			to := make([]uint64, n)
			var wg sync.WaitGroup
			parts := runtime.GOMAXPROCS(0)
			for p := range parts {
				wg.Go(func() { part(s[n*p/parts:n*(p+1)/parts], to[n*p/parts:n*(p+1)/parts]) })
			}
			wg.Wait()
		}},
		peer{"conc", func(int) { conciter.Map(s, func(x *uint64) uint64 { return work(*x) }) }},
		peer{"lo", func(int) { lop.Map(s, func(x uint64, _ int) uint64 { return work(x) }) }},
		peer{"creche", func(int) {
			_, err := iter.MapSlice(context.Background(), s, func(_ context.Context, x uint64) (uint64, error) { return work(x), nil })
			must(err == nil)
		}},
	)
}

func count(n int) stditer.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// BenchmarkMapSeq maps a sequence in order, with a function that does nothing. Of the peers conc alone keeps the order
// of a sequence while it holds few of its elements.
func BenchmarkMapSeq(b *testing.B) {
	compare(b, "empty", 100_000,
		peer{"conc", func(n int) {
			sum := 0
			s := stream.New().WithMaxGoroutines(runtime.GOMAXPROCS(0))
			for i := range count(n) {
				s.Go(func() stream.Callback { return func() { sum += i } })
			}
			s.Wait()
			must(sum == n*(n-1)/2)
		}},
		peer{"creche", func(n int) {
			sum := 0
			for v, err := range iter.Map(context.Background(), count(n), func(_ context.Context, i int) (int, error) { return i, nil }) {
				must(err == nil)
				sum += v
			}
			must(sum == n*(n-1)/2)
		}},
	)
}

// BenchmarkForEach calls an empty function for each element of a sequence. By hand, workers receive the elements from a channel; the
// others start a task for each, and block as long as a few are under way. lo maps slices alone.
func BenchmarkForEach(b *testing.B) {
	compare(b, "empty", 100_000,
		peer{"hand", func(n int) {
			elems := make(chan int, 64)
			var wg sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				wg.Go(func() {
					for range elems {
					}
				})
			}
			for i := range count(n) {
				elems <- i
			}
			close(elems)
			wg.Wait()
		}},
		peer{"errgroup", func(n int) {
			var g errgroup.Group
			g.SetLimit(runtime.GOMAXPROCS(0))
			for range count(n) {
				g.Go(func() error { return nil })
			}
			must(g.Wait() == nil)
		}},
		peer{"conc", func(n int) {
			p := pool.New().WithMaxGoroutines(runtime.GOMAXPROCS(0))
			for range count(n) {
				p.Go(func() {})
			}
			p.Wait()
		}},
		peer{"pond", func(n int) {
			g := pondOf(runtime.GOMAXPROCS(0), 64).NewGroup()
			for range count(n) {
				g.Submit(func() {})
			}
			must(g.Wait() == nil)
		}},
		peer{"ants", func(n int) {
			p := antsOf(runtime.GOMAXPROCS(0))
			var wg sync.WaitGroup
			for range count(n) {
				wg.Add(1)
				must(p.Submit(func() { wg.Done() }) == nil)
			}
			wg.Wait()
		}},
		peer{"creche", func(n int) {
			must(iter.ForEach(context.Background(), count(n), func(context.Context, int) error { return nil }) == nil)
		}},
	)
}
