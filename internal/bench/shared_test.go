package main

import (
	"context"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"golang.org/x/sync/semaphore"
)

// BenchmarkShared runs empty tasks under a limiter that scopes share: one scope, compared with a limit of its own, and 16 at a time,
// compared with as many goroutines that share a semaphore. For pond and ants the limiter is the pool; errgroup and conc have none that
// scopes can share.
func BenchmarkShared(b *testing.B) {
	compare(b, "one", 100_000,
		peer{"limit", func(n int) { empties(n, group.Limit(100)) }},
		peer{"creche", func(n int) { empties(n, group.SharedLimit(group.NewLimiter(100))) }},
	)
	const contenders = 16
	at16 := func(f func()) {
		var wg sync.WaitGroup
		for range contenders {
			wg.Go(f)
		}
		wg.Wait()
	}
	compare(b, "contended", 100_000,
		peer{"semaphore", func(n int) {
			s := semaphore.NewWeighted(4)
			at16(func() {
				for range n / contenders {
					must(s.Acquire(context.Background(), 1) == nil)
					s.Release(1)
				}
			})
		}},
		peer{"pond", func(n int) {
			p := pondOf(4, pond.Unbounded)
			at16(func() {
				g := p.NewGroup()
				for range n / contenders {
					g.Submit(func() {})
				}
				must(g.Wait() == nil)
			})
		}},
		peer{"ants", func(n int) {
			p := antsOf(4)
			at16(func() {
				var wg sync.WaitGroup
				for range n / contenders {
					wg.Add(1)
					must(p.Submit(func() { wg.Done() }) == nil)
				}
				wg.Wait()
			})
		}},
		peer{"creche", func(n int) {
			l := group.NewLimiter(4)
			at16(func() { empties(n/contenders, group.SharedLimit(l)) })
		}},
	)
}
