package errgroupleft

import (
	"context"

	"golang.org/x/sync/errgroup"
)

var background errgroup.Group // want `left alone: it is not made for a new local variable`

type holder struct {
	errgroup.Group                 // want `left alone: it is not made`
	tasks          errgroup.Group  // want `left alone: it is not made`
	later          *errgroup.Group // is made elsewhere
}

func (h *holder) start() {
	h.later = new(errgroup.Group) // want `left alone: it is not made`
	h.later = &errgroup.Group{}   // want `left alone: it is not made`
}

func olderVariable(ctx context.Context, urls []string) error {
	var g *errgroup.Group
	g, ctx = errgroup.WithContext(ctx) // want `left alone: it is not made`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func inACondition(tasks ...func() error) error {
	if g := new(errgroup.Group); len(tasks) > 0 { // want `left alone: it is not made`
		g.Go(tasks[0])
		return g.Wait()
	}
	return nil
}

func passedOnAtOnce(ctx context.Context, run func(*errgroup.Group, context.Context) error) error {
	return run(errgroup.WithContext(ctx)) // want `left alone: it is not made`
}

func parameter(g *errgroup.Group) error { return g.Wait() } // is made elsewhere

type takesValue func(errgroup.Group) // nor is that made here
