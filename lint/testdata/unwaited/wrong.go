package unwaited

import (
	"context"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

func nothing(context.Context) error { return nil }

func statement(ctx context.Context) {
	group.New[int](ctx) // want `nobody can wait for this scope`
}

func chained(ctx context.Context) {
	group.New[int](ctx).Do(nothing) // want `nobody can wait for this scope`
}

func blank(ctx context.Context) {
	_ = group.New[int](ctx) // want `nobody can wait for this scope`
}

func started(ctx context.Context) {
	g := group.New[int](ctx) // want `g.Wait is not called`
	g.Do(nothing)
}

func declared(ctx context.Context) {
	var g = group.New[int](ctx, group.Limit(2)) // want `g.Wait is not called`
	g.Do(nothing)
	g.Cancel(nil)
}

func taken(ctx context.Context) (n int) {
	g := group.New[int](ctx) // want `g.Wait is not called`
	g.Go(func(context.Context) (int, error) { return 1, nil })
	for range waitset.Completed(g) {
		n++
	}
	return n
}

func inATask(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Do(func(ctx context.Context) error {
			h := group.New[int](ctx) // want `h.Wait is not called`
			h.Do(nothing)
			return nil
		})
		return nil
	})
	return err
}

func waitsForAnother(ctx context.Context) error {
	g := group.New[int](ctx)
	h := group.New[int](ctx) // want `h.Wait is not called`
	h.Do(nothing)
	_, err := g.Wait()
	return err
}
