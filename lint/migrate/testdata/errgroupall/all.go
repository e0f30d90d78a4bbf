// Package errgroupall has uses of errgroup that are rewritten with -all alone.
package errgroupall

import (
	"context"
	"net"

	"golang.org/x/sync/errgroup"
)

func fetch(context.Context, string) error { return nil }
func check(string) error                  { return nil }

func serverAndShutdown(ctx context.Context, l net.Listener, serve func(net.Listener) error) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	g.Go(func() error { return serve(l) })
	g.Go(func() error {
		<-ctx.Done()
		return l.Close()
	})
	return g.Wait()
}

func unknownLimit(paths []string, n int) error {
	var g errgroup.Group // want `can be`
	g.SetLimit(n)
	for _, p := range paths {
		g.Go(func() error { return check(p) })
	}
	return g.Wait()
}

func twoTasksWithAContext(ctx context.Context) error {
	var g errgroup.Group // want `can be`
	g.Go(func() error { return fetch(ctx, "a") })
	g.Go(func() error { return fetch(ctx, "b") })
	return g.Wait()
}

func passedOn(start func(*errgroup.Group)) error {
	var g errgroup.Group // want `left alone`
	start(&g)
	return g.Wait()
}
