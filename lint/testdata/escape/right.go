package escape

import (
	"context"
	"sync"

	"github.com/creche-go/creche/group"
)

func passedOn(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		feed(g)
		return nil
	})
	return err
}

func withinTheBody(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		c := crew{g: g}
		c.g.Do(func(context.Context) error { return nil })
		return nil
	})
	return err
}

func inAVariable(ctx context.Context) error {
	var g *group.TaskGroup[int]
	g = group.New[int](ctx)
	_, err := g.Wait()
	return err
}

type service struct{ tasks *group.TaskGroup[int] }

func newService(ctx context.Context) *service { return &service{tasks: group.New[int](ctx)} }

func (s *service) start() { s.tasks.Do(func(context.Context) error { return nil }) }

func (s *service) stop() error {
	_, err := s.tasks.Wait()
	return err
}

type Exported struct{ Tasks *group.TaskGroup[int] }

func newExported(ctx context.Context) Exported { return Exported{group.New[int](ctx)} } // others may wait

func taskStartsTask(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Do(func(context.Context) error {
			g.Do(func(context.Context) error { return nil })
			return nil
		})
		return nil
	})
	return err
}

func goroutineThatCancels(ctx context.Context, stop chan struct{}) error {
	g := group.New[int](ctx)
	go func() {
		<-stop
		g.Cancel(nil)
	}()
	_, err := g.Wait()
	return err
}

func goroutineThatIsAwaited(ctx context.Context) error {
	g := group.New[int](ctx)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		feed(g)
	}()
	wg.Wait()
	_, err := g.Wait()
	return err
}

func goroutineThatCloses(ctx context.Context) error {
	g := group.New[int](ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed(g)
	}()
	<-done
	_, err := g.Wait()
	return err
}

func goroutineThatWaits(ctx context.Context) error {
	g := group.New[int](ctx)
	failed := make(chan error, 1)
	go func() {
		_, err := g.Wait()
		failed <- err
	}()
	return <-failed
}

func goroutineWithItsOwn(ctx context.Context) {
	go func() {
		_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
			feed(g)
			return nil
		})
		_ = err
	}()
}

func handlesOnAChannel(ctx context.Context, ch chan *group.Task[int]) error {
	g := group.New[int](ctx)
	ch <- g.Do(func(context.Context) error { return nil })
	_, err := g.Wait()
	return err
}

var names = map[string]string{}

func somethingElseInAGlobal(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		names["task"] = g.Do(func(context.Context) error { return nil }).Name()
		return nil
	})
	return err
}

type fleet struct{ crews []*group.TaskGroup[int] }

func (f *fleet) open(ctx context.Context) { f.crews = append(f.crews, group.New[int](ctx)) }

func (f *fleet) end() (all []int, err error) {
	for _, g := range f.crews {
		_, err = g.Wait()
	}
	return all, err
}
