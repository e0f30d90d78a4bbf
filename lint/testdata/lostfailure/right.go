package lostfailure

import (
	"context"
	"slices"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
	"github.com/creche-go/creche/waitset"
)

func handled(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Go(value)
	_, err := g.Wait()
	return err
}

func meant(ctx context.Context) {
	g := group.New[int](ctx)
	g.Go(value)
	_, _ = g.Wait()
}

func twice(ctx context.Context) error {
	g := group.New[int](ctx)
	defer g.Wait() // makes sure of the end
	g.Go(value)
	_, err := g.Wait()
	return err
}

func ofATask(ctx context.Context) error {
	g := group.New[int](ctx)
	t := g.Go(value)
	t.Wait(ctx) // the scope has its failure
	_, err := g.Wait()
	return err
}

func onTheSpot(ctx context.Context) []int {
	if values, err := group.Run(ctx, body); err == nil {
		return values
	}
	return nil
}

func passedOn(ctx context.Context) (int, error) { return group.Race(ctx, value, value) }

func bothVariables(ctx context.Context, xs []int) (sum int, _ error) {
	for x, err := range iter.Map(ctx, slices.Values(xs), double) {
		if err != nil {
			return 0, err
		}
		sum += x
	}
	return sum, nil
}

func blankError(ctx context.Context, xs []int) (sum int) {
	for x, _ := range iter.Map(ctx, slices.Values(xs), double) {
		sum += x
	}
	return sum
}

func completed(ctx context.Context) (n int, err error) {
	g := group.New[int](ctx)
	g.Go(value)
	for range waitset.Completed(g) {
		n++
	}
	_, err = g.Wait()
	return n, err
}

func shield(ctx context.Context) {
	defer group.Shield(ctx, 1, func(context.Context) error { return nil })
}
