// Package concleft has uses of conc that are left alone.
package concleft

import (
	"context"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"
)

func fetch(context.Context, string) (int, error) { return 0, nil }

func recovers() *panics.Recovered {
	var wg conc.WaitGroup // want `left alone: its method WaitAndRecover is used`
	wg.Go(func() {})
	return wg.WaitAndRecover()
}

func usesAContext(ctx context.Context, names []string) {
	var wg conc.WaitGroup // want `left alone: its tasks use a context, and Wait could not tell`
	for _, name := range names {
		wg.Go(func() { _, _ = fetch(ctx, name) })
	}
	wg.Wait()
}

func collects(names []string) ([]int, error) {
	p := pool.NewWithResults[int]().WithErrors().WithCollectErrored() // want `left alone: its method WithCollectErrored is used`
	for range names {
		p.Go(func() (int, error) { return 0, nil })
	}
	return p.Wait()
}

func two(ctx context.Context) error {
	p := pool.New().WithContext(ctx) // want `left alone: its tasks are started in several places`
	p.Go(func(ctx context.Context) error { return ctx.Err() })
	p.Go(func(ctx context.Context) error { return ctx.Err() })
	return p.Wait()
}

func named() []int {
	p := pool.NewWithResults[int]() // want `left alone: its tasks have named results`
	p.Go(func() (n int) { n = 1; return })
	return p.Wait()
}

func asksForTheLimit() int {
	p := pool.New() // want `left alone: its method MaxGoroutines is used`
	p.Go(func() {})
	p.Wait()
	return p.MaxGoroutines()
}

type crew struct {
	wg   conc.WaitGroup    // want `this conc.WaitGroup is left alone: it is not made for a new local variable`
	pool *pool.ContextPool // is made elsewhere
}

func (c *crew) start(ctx context.Context) {
	c.pool = pool.New().WithContext(ctx) // want `this pool of conc is left alone: it is not made for a new local variable`
}
