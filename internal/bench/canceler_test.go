package main

import (
	"context"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// A canceler opens a scope below ctx, starts n tasks that look at a context, calls owner with what cancels the scope from outside, joins the tasks, and returns
// the scope's error. The first failure cancels the scope as well. The context that a task gets is the one its users would look at:
// that of the scope, or creche's own for each task.
type canceler struct {
	name string
	run  func(ctx context.Context, n int, task func(context.Context, int) error, owner func(cancel func())) error
}

// Goroutines with a sync.WaitGroup have no context and no error. Written out, both are errgroup. Neither have
// the tasks of ants. Those of pond are not given a context, but may look at that of their group.
var cancelers = []canceler{
	{"errgroup", func(ctx context.Context, n int, task func(context.Context, int) error, owner func(func())) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		g, ctx := errgroup.WithContext(ctx)
		for i := range n {
			g.Go(func() error { return task(ctx, i) })
		}
		owner(cancel)
		return g.Wait()
	}},
	{"conc", func(ctx context.Context, n int, task func(context.Context, int) error, owner func(func())) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
		for i := range n {
			p.Go(func(ctx context.Context) error { return task(ctx, i) })
		}
		owner(cancel)
		return p.Wait()
	}},
	{"pond", func(ctx context.Context, n int, task func(context.Context, int) error, owner func(func())) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		g := pondOf(unlimited, pond.Unbounded).NewGroupContext(ctx)
		ctx = g.Context()
		for i := range n {
			g.SubmitErr(func() error { return task(ctx, i) })
		}
		owner(cancel)
		return g.Wait()
	}},
	{"creche", func(ctx context.Context, n int, task func(context.Context, int) error, owner func(func())) error {
		_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[struct{}]) error {
			for i := range n {
				g.Do(func(ctx context.Context) error { return task(ctx, i) })
			}
			owner(func() { g.Cancel(nil) })
			return nil
		})
		return err
	}},
}
