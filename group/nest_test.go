package group_test

import (
	"context"
	"time"

	"github.com/creche-go/creche/group"
)

// A nest is a tree of scopes under one limiter. Each task works, opens a scope for its children, waits for them in one of several
// ways, and works again.
type nest struct {
	scale  *scale
	shared group.Option
	weight int
	wait   func(ctx context.Context, n *nest, level int) error
	leaves int
}

func (n *nest) task(level int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		n.work()
		var err error
		if level > 0 {
			err = n.wait(ctx, n, level)
		} else {
			n.scale.mu.Lock()
			n.leaves++
			n.scale.mu.Unlock()
		}
		n.work() // the place that was lent has been taken back
		return level, err
	}
}

// work takes a moment, in which it has to have its place.
func (n *nest) work() {
	n.scale.add(n.weight)
	time.Sleep(tick)
	n.scale.add(-n.weight)
}

func (n *nest) children(g *intGroup, level int) (tasks []*intTask) {
	for range 2 {
		tasks = append(tasks, g.Go(n.task(level-1), group.Weight(n.weight)))
	}
	return tasks
}

// The ways of waiting for the scope below, or for its tasks.
var waysToWait = map[string]func(ctx context.Context, n *nest, level int) error{
	"Run": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
		return err
	},
	"New and Wait": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		n.children(g, level)
		_, err := g.Wait()
		return err
	},
	"Next": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		n.children(g, level)
		for _, ok := g.Next(ctx); ok; _, ok = g.Next(ctx) {
			n.work() // between two of them as well
		}
		_, err := g.Wait()
		return err
	},
	"Next in the body": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			n.children(g, level)
			for _, ok := g.Next(ctx); ok; _, ok = g.Next(ctx) {
				n.work()
			}
			return nil
		}, n.shared)
		return err
	},
	"Task.Wait": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		for _, task := range n.children(g, level) {
			if _, err := task.Wait(ctx); err != nil {
				return err
			}
			n.work()
		}
		_, err := g.Wait()
		return err
	},
	"Task.Wait in the body": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for _, task := range n.children(g, level) {
				if _, err := task.Wait(ctx); err != nil {
					return err
				}
				n.work()
			}
			return nil
		}, n.shared)
		return err
	},
	"Start": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for range 2 {
				if _, err := group.Start(ctx, g, func(ctx context.Context, ready func(int) bool) error {
					_, err := n.task(level - 1)(ctx)
					ready(1)
					return err
				}, group.Weight(n.weight)); err != nil {
					return err
				}
			}
			return nil
		}, n.shared)
		return err
	},
	"a plain scope between": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(_ context.Context, plain *intGroup) error {
			plain.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
				return err
			})
			return nil
		})
		return err
	},
	"a body between": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, _ *intGroup) error {
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
			return err
		})
		return err
	},
	"a context between": func(ctx context.Context, n *nest, level int) error {
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, key{}, level), time.Hour)
		defer cancel()
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
		return err
	},
}
