package unwaited

import (
	"context"

	"github.com/creche-go/creche/group"
)

func waits(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(nothing)
	_, err := g.Wait()
	return err
}

func waitsAtTheEnd(ctx context.Context) (err error) {
	g := group.New[int](ctx)
	defer func() { _, err = g.Wait() }()
	g.Do(nothing)
	return nil
}

func returned(ctx context.Context) *group.TaskGroup[int] {
	g := group.New[int](ctx)
	g.Do(nothing)
	return g
}

func returnedAtOnce(ctx context.Context) *group.TaskGroup[int] { return group.New[int](ctx) }

func returnedByName(ctx context.Context) (g *group.TaskGroup[int]) {
	g = group.New[int](ctx)
	return
}

func passed(ctx context.Context) error {
	g := group.New[int](ctx)
	return finish(g)
}

func finish(g *group.TaskGroup[int]) error {
	_, err := g.Wait()
	return err
}

type holder struct{ g *group.TaskGroup[int] }

func stored(ctx context.Context, h *holder) {
	g := group.New[int](ctx)
	h.g = g
}

func (h *holder) wait() error { return finish(h.g) }

func many(ctx context.Context) error {
	var all []*group.TaskGroup[int]
	for range 3 {
		g := group.New[int](ctx)
		all = append(all, g)
	}
	for _, g := range all {
		if _, err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func early(ctx context.Context, stop bool) error {
	g := group.New[int](ctx)
	if stop {
		return nil
	}
	_, err := g.Wait()
	return err
}

func methodValue(ctx context.Context) ([]int, error) {
	g := group.New[int](ctx)
	end := g.Wait
	return end()
}
