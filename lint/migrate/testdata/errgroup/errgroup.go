// Package errgroup has uses of errgroup that are rewritten.
package errgroup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

func fetch(context.Context, string) error { return nil }
func check(string) error                  { return nil }
func refresh() error                      { return nil }

func usual(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `this errgroup can be a group of Creche`
	g.SetLimit(8)
	for _, url := range urls {
		g.Go(func() error {
			return fetch(ctx, url)
		})
	}
	return g.Wait()
}

func otherNames(ctx context.Context, urls []string) error {
	eg, egctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		eg.Go(func() error { return fetch(egctx, url) })
	}
	if err := eg.Wait(); err != nil {
		return fmt.Errorf("fetching: %w", err)
	}
	return ctx.Err()
}

func contextBeside(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		if gctx.Err() != nil {
			break
		}
		g.Go(func() error { return fetch(gctx, url) })
	}
	err := g.Wait()
	return err
}

func zero() error {
	var g errgroup.Group // want `can be`
	g.Go(refresh)
	g.Go(func() error { return check("a") })
	return g.Wait()
}

func zeroWithChannels(names []string) error {
	var g errgroup.Group // want `can be`
	found := make(chan string, len(names))
	for _, name := range names {
		g.Go(func() error {
			found <- name
			return nil
		})
	}
	err := g.Wait()
	close(found)
	return err
}

func literals() (err error) {
	a := errgroup.Group{}    // want `can be`
	b := &errgroup.Group{}   // want `can be`
	c := new(errgroup.Group) // want `can be`
	a.Go(refresh)
	b.Go(refresh)
	c.Go(refresh)
	err = errors.Join(a.Wait())
	if b.Wait() != nil {
		return errors.New("b")
	}
	return c.Wait()
}

func adopted(ctx context.Context, urls []string) error {
	var g errgroup.Group // want `can be`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func limits(paths []string) error {
	var g errgroup.Group              // want `can be`
	g.SetLimit(runtime.GOMAXPROCS(0)) // one for each processor
	for _, p := range paths {
		g.Go(func() error { return check(p) })
	}
	return g.Wait()
}

func noLimit(paths []string) error {
	var g errgroup.Group // want `can be`
	g.SetLimit(-1)
	for _, p := range paths {
		g.Go(func() error { return check(p) })
	}
	return g.Wait()
}

func heldBack(ctx context.Context, paths []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	g.SetLimit(max(1, len(paths)/8))
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		g.Go(func() error { return fetch(ctx, string(data)) })
	}
	return g.Wait()
}

func locked(ctx context.Context, urls []string) (n int, _ error) {
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		g.Go(func() error {
			err := fetch(ctx, url)
			mu.Lock()
			defer mu.Unlock()
			n++
			return err
		})
	}
	return n, g.Wait()
}

func takenNames(ctx context.Context, urls []string) error {
	err := check("")
	group, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, url := range urls {
		group.Go(func() error { return fetch(ctx, url) })
	}
	return errors.Join(group.Wait(), err)
}

func shadowed(urls []string) error {
	group := len(urls)
	var g errgroup.Group // want `can be`
	for range group {
		g.Go(refresh)
	}
	return g.Wait()
}

func nested(ctx context.Context, sites [][]string) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, urls := range sites {
		g.Go(func() error {
			inner, ctx := errgroup.WithContext(ctx) // want `can be`
			for _, url := range urls {
				inner.Go(func() error { return fetch(ctx, url) })
			}
			return inner.Wait()
		})
	}
	return g.Wait()
}

func tasksStartTasks(names []string) error {
	var g errgroup.Group // want `can be`
	for _, name := range names {
		g.Go(func() error {
			g.Go(refresh)
			return check(name)
		})
	}
	return g.Wait()
}

func must(error) {}

func twice(names []string) {
	var a errgroup.Group // want `can be`
	a.Go(refresh)
	must(a.Wait())
	var b errgroup.Group // want `can be`
	b.Go(refresh)
	must(b.Wait())
}

type client struct{}

func (*client) ping() error { return nil }

func methods(c *client) (err error) {
	var g errgroup.Group // want `can be`
	g.Go(c.ping)
	return g.Wait()
}

func cannotFail(names []string) {
	var g errgroup.Group // want `can be`
	for _, name := range names {
		g.Go(func() error {
			_ = check(name)
			return nil
		})
	}
	g.Wait()
}

func contextForNobody(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `can be`
	for _, name := range names {
		g.Go(func() error { return check(name) })
	}
	return g.Wait()
}

func outerContext(ctx context.Context, urls []string) error {
	g, _ := errgroup.WithContext(context.TODO()) // want `can be`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}
