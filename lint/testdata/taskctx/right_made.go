package taskctx

import (
	"context"
	"time"

	"github.com/creche-go/creche/group"
)

func span(ctx context.Context, name string) (context.Context, func()) { return ctx, func() {} }

func spanOfEachTask(ctx context.Context, names []string) error {
	g := group.New[int](ctx)
	ctx = g.Context()
	for _, name := range names {
		ctx, end := span(ctx, name)
		g.Do(func(context.Context) error {
			defer end()
			return work(ctx)
		})
	}
	_, err := g.Wait()
	return err
}

func valueForAllTasks(ctx context.Context) error {
	g := group.New[int](ctx)
	with := context.WithValue(g.Context(), "key", "value")
	with, cancel := context.WithTimeout(with, time.Second)
	defer cancel()
	g.Do(func(context.Context) error { return work(with) })
	_, err := g.Wait()
	return err
}

func withAnEndOfItsOwn(ctx context.Context) error {
	status, cancel := context.WithCancel(context.Background())
	defer cancel()
	if name := "span"; ctx.Value(name) != nil {
		status, _ = span(status, name)
	}
	g := group.New[int](ctx)
	g.Do(func(context.Context) error { return work(status) }) // ends with cancel alone
	_, err := g.Wait()
	return err
}

func cleanup(ctx context.Context) error {
	last := context.WithoutCancel(ctx)
	g := group.New[int](ctx)
	g.Do(func(context.Context) error { return work(last) })
	_, err := g.Wait()
	return err
}

func processThatLivesOn(ctx context.Context, start func(context.Context) error) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		process, cancel := context.WithCancel(context.Background())
		context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, cancel) })
		return start(process)
	})
	_, err := g.Wait()
	return err
}
