// Package conc has uses of conc that are rewritten.
package conc

import (
	"context"
	"fmt"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"
)

func fetch(context.Context, string) (int, error) { return 0, nil }
func visit(string)                               {}
func load(string) error                          { return nil }
func size(string) int                            { return 0 }

func waitGroup(names []string) {
	var wg conc.WaitGroup // want `this conc.WaitGroup can be a group of Creche`
	for _, name := range names {
		wg.Go(func() {
			if name == "" {
				return
			}
			visit(name)
		})
	}
	wg.Wait()
}

func deferred(names []string) {
	wg := conc.NewWaitGroup() // want `can be`
	defer wg.Wait()
	for _, name := range names {
		wg.Go(func() { visit(name) })
	}
	wg.Go(func() {})
}

func bounded(names []string) {
	p := pool.New().WithMaxGoroutines(4) // want `this pool of conc can be a group of Creche`
	for _, name := range names {
		p.Go(func() { visit(name) })
	}
	p.Wait()
}

func withErrors(names []string) error {
	p := pool.New().WithErrors().WithFirstError() // want `can be`
	for _, name := range names {
		p.Go(func() error { return load(name) })
	}
	return p.Wait()
}

func withContext(ctx context.Context, names []string) error {
	p := pool.New().WithMaxGoroutines(4).WithContext(ctx).WithCancelOnError() // want `can be`
	for _, name := range names {
		p.Go(func(ctx context.Context) error {
			_, err := fetch(ctx, name)
			return err
		})
	}
	if err := p.Wait(); err != nil {
		return fmt.Errorf("fetching: %w", err)
	}
	return nil
}

func results(names []string) []int {
	p := pool.NewWithResults[int]() // want `can be`
	for _, name := range names {
		p.Go(func() int { return size(name) })
	}
	return p.Wait()
}

func resultsInAVariable(names []string) (sum int) {
	p := pool.NewWithResults[int]().WithMaxGoroutines(2) // want `can be`
	for _, name := range names {
		p.Go(func() int {
			if name == "" {
				return 0
			}
			return size(name)
		})
	}
	sizes := p.Wait()
	for _, n := range sizes {
		sum += n
	}
	return sum
}

func resultsAndErrors(names []string) ([]int, error) {
	p := pool.NewWithResults[int]().WithErrors() // want `can be`
	for _, name := range names {
		p.Go(func() (int, error) { return size(name), load(name) })
	}
	return p.Wait()
}

func resultsAndContext(ctx context.Context, names []string) ([]int, error) {
	p := pool.NewWithResults[int]().WithContext(ctx).WithCancelOnError().WithFirstError() // want `can be`
	for _, name := range names {
		p.Go(func(ctx context.Context) (int, error) { return fetch(ctx, name) })
	}
	return p.Wait()
}
