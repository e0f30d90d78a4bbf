package lostfailure

import (
	"context"
	"slices"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
	"github.com/creche-go/creche/waitset"
)

func value(context.Context) (int, error)                { return 0, nil }
func element(context.Context, int) error                { return nil }
func double(_ context.Context, x int) (int, error)      { return 2 * x, nil }
func body(context.Context, *group.TaskGroup[int]) error { return nil }

func wait(ctx context.Context) {
	g := group.New[int](ctx)
	g.Go(value)
	g.Wait() // want `the error of Wait is lost`
}

func waitWhereAnErrorCanBeReturned(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Go(value)
	g.Wait() // want `the error of Wait is lost`
	return nil
}

func deferred(ctx context.Context) {
	g := group.New[int](ctx)
	defer g.Wait() // want `the error of Wait is lost`
	g.Go(value)
}

func elsewhere(ctx context.Context) {
	g := group.New[int](ctx)
	go g.Wait() // want `the error of Wait is lost`
}

func run(ctx context.Context) error {
	group.Run(ctx, body) // want `the error of Run is lost`
	return nil
}

func gather(ctx context.Context) {
	group.Gather(ctx, value, value) // want `the error of Gather is lost`
}

func each(ctx context.Context, xs []int) error {
	iter.ForEach(ctx, slices.Values(xs), element) // want `the error of ForEach is lost`
	return nil
}

func loop(ctx context.Context, xs []int) (sum int) {
	for x := range iter.Map(ctx, slices.Values(xs), double) { // want `the errors of Map are lost`
		sum += x
	}
	return sum
}

func results(ctx context.Context) (sum int, err error) {
	g := group.New[int](ctx)
	g.Go(value)
	for x := range waitset.Results(g) { // want `the errors of Results are lost`
		sum += x
	}
	_, err = g.Wait()
	return sum, err
}
