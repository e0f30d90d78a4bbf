package errgroup

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// The import stays: one group is rewritten, one is not.
func one(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func other(g *errgroup.Group, urls []string) {
	for range urls {
		g.Go(refresh)
	}
}

func contextAfterwards(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	if _, ok := <-ctx.Done(); !ok {
		return g.Wait()
	}
	return nil
}

func contextForOthers(ctx context.Context, names []string) error {
	own := context.WithValue(ctx, "key", "value")
	g, _ := errgroup.WithContext(own) // want `can be`
	for _, name := range names {
		g.Go(func() error { return check(name) })
	}
	return errors.Join(g.Wait(), own.Err())
}

type page struct{ title string }

func data(ctx context.Context, urls []string) (pages []*page, err error) {
	pages = make([]*page, len(urls))
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for i, url := range urls {
		g.Go(func() error {
			go check(url)
			pages[i] = &page{url}
			return fetch(ctx, url)
		})
	}
	return pages, g.Wait()
}
