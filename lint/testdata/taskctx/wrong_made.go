package taskctx

import (
	"context"
	"errors"
	"time"

	"github.com/creche-go/creche/group"
)

func spanOfAnotherScope(ctx context.Context) error {
	g := group.New[int](ctx)
	outer := context.WithValue(g.Context(), "key", "value")
	h := group.New[int](g.Context())
	h.Do(func(ctx context.Context) error { return work(outer) }) // want `outer is from outside`
	_, err := h.Wait()
	_, failed := g.Wait()
	return errors.Join(err, failed)
}

func scopeInAVariable(ctx context.Context) error {
	g := group.New[int](ctx)
	gctx := g.Context()
	g.Do(func(ctx context.Context) error { return work(gctx) }) // want `gctx is from outside`
	_, err := g.Wait()
	return err
}

func scopeOfItsOwn() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	g := group.New[int](ctx)
	g.Do(func(context.Context) error { return work(ctx) }) // want `ctx is from outside`
	_, err := g.Wait()
	return err
}

func plainVariable(ctx context.Context) error {
	background := context.Background()
	g := group.New[int](ctx)
	g.Do(func(context.Context) error { return work(background) }) // want `background is from outside`
	_, err := g.Wait()
	return err
}

func processWithoutItsOwn(ctx context.Context, start func(context.Context) error) error {
	g := group.New[int](ctx)
	g.Do(func(context.Context) error {
		process, cancel := context.WithCancel(context.Background()) // want `context.Background\(\) does not hear`
		defer cancel()
		return start(process)
	})
	_, err := g.Wait()
	return err
}
