// Package errgroupleft has uses of errgroup that are left alone.
package errgroupleft

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"
)

func fetch(context.Context, string) error { return nil }
func check(string) error                  { return nil }
func refresh() error                      { return nil }

func serverAndShutdown(ctx context.Context, l net.Listener, serve func(net.Listener) error) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: its tasks are started in several places, and one may need another`
	g.Go(func() error { return serve(l) })
	g.Go(func() error {
		<-ctx.Done()
		return l.Close()
	})
	return g.Wait()
}

func pipeline(ctx context.Context, urls []string) error {
	ch := make(chan string)
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task uses a channel from outside`
	for range 3 {
		g.Go(func() error {
			for url := range ch {
				if err := fetch(ctx, url); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, url := range urls {
		select {
		case ch <- url:
		case <-ctx.Done():
		}
	}
	close(ch)
	return g.Wait()
}

type pipe struct{ out chan string }

func channelInAField(ctx context.Context, p *pipe, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task uses a channel from outside`
	for _, url := range urls {
		g.Go(func() error {
			p.out <- url
			return fetch(ctx, url)
		})
	}
	return g.Wait()
}

func waitGroup(ctx context.Context, urls []string) error {
	var wg sync.WaitGroup
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task uses a sync.WaitGroup from outside`
	for _, url := range urls {
		wg.Add(1)
		g.Go(func() error {
			defer wg.Done()
			return fetch(ctx, url)
		})
	}
	wg.Wait()
	return g.Wait()
}

type semaphore struct{}

func (*semaphore) Acquire(context.Context) error { return nil }
func (*semaphore) Release()                      {}

func acquired(ctx context.Context, sem *semaphore, urls []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task defers a call of something from outside`
	for _, url := range urls {
		if err := sem.Acquire(ctx); err != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release()
			return fetch(ctx, url)
		})
	}
	return g.Wait()
}

func opened(ctx context.Context, paths []string) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task releases something from outside`
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		g.Go(func() error {
			err := fetch(ctx, p)
			f.Close()
			return err
		})
	}
	return g.Wait()
}

func closedByAHelper(ctx context.Context, files []*os.File, quietly func(io.Closer)) error {
	g, ctx := errgroup.WithContext(ctx) // want `left alone: a task defers a call`
	for _, f := range files {
		g.Go(func() error {
			defer quietly(f)
			return fetch(ctx, f.Name())
		})
	}
	return g.Wait()
}

func unknownLimit(paths []string, n int) error {
	var g errgroup.Group // want `left alone: its limit may be zero or negative`
	g.SetLimit(n)
	for _, p := range paths {
		g.Go(func() error { return check(p) })
	}
	return g.Wait()
}

func lateLimit(paths []string) error {
	var g errgroup.Group // want `left alone: its limit is not set where it is made`
	for _, p := range paths {
		g.Go(func() error { return check(p) })
	}
	g.SetLimit(3)
	return g.Wait()
}

func try(paths []string) error {
	var g errgroup.Group // want `left alone: its method TryGo is used`
	for _, p := range paths {
		g.TryGo(func() error { return check(p) })
	}
	return g.Wait()
}

func passedOn(paths []string, start func(*errgroup.Group)) error {
	var g errgroup.Group // want `left alone: it is used for something else`
	start(&g)
	return g.Wait()
}

func waitedForElsewhere() func() error {
	var g errgroup.Group // want `left alone: Wait is called in another function`
	g.Go(refresh)
	return func() error { return g.Wait() }
}

func startedElsewhere(paths []string) error {
	var g errgroup.Group // want `left alone: tasks are started in another function`
	start := func(p string) { g.Go(func() error { return check(p) }) }
	for _, p := range paths {
		start(p)
	}
	return g.Wait()
}

func compared() error {
	var g errgroup.Group // want `left alone: the error of Wait is compared`
	g.Go(refresh)
	if err := g.Wait(); err != nil && err != io.EOF {
		return err
	}
	return nil
}

func asked() bool {
	var g errgroup.Group // want `left alone: the error of Wait is compared with another, or asked for its type`
	g.Go(refresh)
	err := g.Wait()
	_, ok := err.(*os.PathError)
	return ok
}

func notExist() bool {
	var g errgroup.Group // want `left alone: the error of Wait is compared`
	g.Go(refresh)
	err := g.Wait()
	return os.IsNotExist(err)
}

func computed(tasks []func() error) error {
	var g errgroup.Group // want `left alone: what its tasks do is computed where they are started`
	for _, task := range tasks {
		g.Go(task)
	}
	return g.Wait()
}

func inTheMiddle() error {
	var g errgroup.Group // want `left alone: Wait is part of an expression`
	g.Go(refresh)
	if check("a") == nil && g.Wait() == nil {
		return nil
	}
	return refresh()
}

func afterAnotherCall() error {
	var g errgroup.Group // want `left alone: Wait is part of an expression`
	g.Go(refresh)
	return errors.Join(refresh(), g.Wait())
}

func tasksStartTasksUnderALimit(names []string) error {
	var g errgroup.Group // want `left alone: its tasks start tasks under a limit`
	g.SetLimit(4)
	for _, name := range names {
		g.Go(func() error {
			g.Go(refresh)
			return check(name)
		})
	}
	return g.Wait()
}

func neverWaits() {
	var g errgroup.Group // want `left alone: Wait is not called`
	g.Go(refresh)
}
