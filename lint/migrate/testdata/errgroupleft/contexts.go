package errgroupleft

import (
	"context"
	"database/sql"
	"net/http"

	"golang.org/x/sync/errgroup"
)

func contextMadeForIt(ctx context.Context, names []string) error {
	own := context.WithValue(ctx, "key", "value")
	g, _ := errgroup.WithContext(own) // want `left alone: its context is not used, but made for it alone`
	for _, name := range names {
		g.Go(func() error { return check(name) })
	}
	return g.Wait()
}

func severalContexts(ctx, other context.Context, urls []string) error {
	var g errgroup.Group // want `left alone: its tasks use a context of which it does not know`
	for _, url := range urls {
		g.Go(func() error {
			if err := fetch(other, url); err != nil {
				return err
			}
			return fetch(ctx, url)
		})
	}
	return g.Wait()
}

func twoTasksWithAContext(ctx context.Context) error {
	var g errgroup.Group // want `left alone: its tasks are started in several places`
	g.Go(func() error { return fetch(ctx, "a") })
	g.Go(func() error { return fetch(ctx, "b") })
	return g.Wait()
}

func reassigned(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: its context is assigned to`
	ctx = context.WithValue(ctx, "key", "value")
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func connections(ctx context.Context, db *sql.DB, conns []*sql.Conn) error {
	var g errgroup.Group // want `left alone: a task leaves something open, and its context ends with the task`
	for i := range conns {
		g.Go(func() (err error) {
			conns[i], err = db.Conn(ctx)
			return err
		})
	}
	return g.Wait()
}

func responses(ctx context.Context, get func(context.Context) (*http.Response, error), n int) (all []*http.Response, err error) {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task leaves something open`
	for range n {
		g.Go(func() error {
			r, err := get(ctx)
			all = append(all, r)
			return err
		})
	}
	return all, g.Wait()
}

func goroutines(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task starts a goroutine with its context, which ends with the task`
	for _, url := range urls {
		g.Go(func() error {
			go fetch(ctx, url)
			return nil
		})
	}
	return g.Wait()
}
