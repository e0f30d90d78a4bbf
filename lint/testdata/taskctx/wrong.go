package taskctx

import (
	"context"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

func work(context.Context) error          { return nil }
func value(context.Context) (int, error)  { return 0, nil }
func element(context.Context, int) error  { return nil }
func timed(context.Context, func()) error { return nil }

func scopeContext(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Do(func(context.Context) error { return work(ctx) }) // want `ctx is from outside this function: use the context that Do passes`
		return nil
	})
	return err
}

func outerContext(outer context.Context) error {
	_, err := group.Run(outer, func(_ context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(ctx context.Context) (int, error) { return value(outer) }) // want `outer is from outside`
		return nil
	})
	return err
}

func blank(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Go(func(_ context.Context) (int, error) { return value(ctx) }) // want `ctx is from outside`
	_, err := g.Wait()
	return err
}

func asksTheScope(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return work(g.Context()) }) // want `g.Context\(\) is from outside`
	_, err := g.Wait()
	return err
}

func background(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return work(context.Background()) }) // want `context.Background\(\) does not hear of a cancellation`
	_, err := g.Wait()
	return err
}

func todo(ctx context.Context) error {
	g := group.New[int](ctx)
	g.TryGo(func(ctx context.Context) (int, error) { return value(context.TODO()) }) // want `context.TODO\(\) does not hear`
	_, err := g.Wait()
	return err
}

func boundedBackground(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		ctx2, cancel := context.WithTimeout(context.Background(), time.Second) // want `context.Background\(\) does not hear`
		defer cancel()
		return work(ctx2)
	})
	_, err := g.Wait()
	return err
}

func backgroundBesideItsOwn(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		if err := work(ctx); err != nil {
			return work(context.Background()) // want `context.Background\(\) does not hear`
		}
		return nil
	})
	_, err := g.Wait()
	return err
}

func requestContext(w http.ResponseWriter, r *http.Request) {
	g := group.New[int](r.Context())
	g.Do(func(ctx context.Context) error { return work(r.Context()) }) // want `r.Context\(\) is from outside`
	if _, err := g.Wait(); err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func heldInAVariable(ctx context.Context) error {
	g := group.New[int](ctx)
	task := func(context.Context) error { return work(ctx) } // want `ctx is from outside`
	g.Do(task)
	_, err := g.Wait()
	return err
}

func anotherType(ctx context.Context) error {
	g := group.New[int](ctx)
	t := group.Go(g, func(context.Context) (string, error) { return "", work(ctx) }) // want `use the context that Go passes`
	_ = t
	_, err := g.Wait()
	return err
}

func gather(ctx context.Context) ([]int, error) {
	return group.Gather(ctx,
		func(context.Context) (int, error) { return value(ctx) }, // want `use the context that Gather passes`
		value,
	)
}

func hedge(ctx context.Context) (int, error) {
	return group.Hedge(ctx, time.Second, value, func(own context.Context) (int, error) {
		return value(ctx) // want `use the context that Hedge passes`
	})
}

func shield(ctx context.Context) error {
	return group.Shield(ctx, time.Second, func(context.Context) error { return work(ctx) }) // want `use the context that Shield passes`
}

func loop(ctx context.Context, xs []int) error {
	return iter.ForEachSlice(ctx, xs, func(own context.Context, x *int) error { return element(ctx, *x) }) // want `use the context that ForEachSlice passes`
}

func inner(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		_, err := group.Run(ctx, func(_ context.Context, h *group.TaskGroup[int]) error {
			h.Do(func(own context.Context) error { return work(ctx) }) // want `ctx is from outside`
			return nil
		})
		return err
	})
	_, err := g.Wait()
	return err
}

func derivedOutside(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return work(short) }) // want `short is from outside`
	_, err := g.Wait()
	return err
}

func onlyAsksTheOuter(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(context.Context) error {
		<-ctx.Done()     // want `ctx is from outside`
		return ctx.Err() // want `ctx is from outside`
	})
	_, err := g.Wait()
	return err
}

func deadlineOfTheScope(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g := group.New[int](short)
	g.Do(func(ctx context.Context) error { return work(short) }) // want `short is from outside`
	_, err := g.Wait()
	return err
}

func outermost(outer context.Context) error {
	g := group.New[int](outer)
	g.Do(func(ctx context.Context) error {
		_, err := group.Run(ctx, func(_ context.Context, h *group.TaskGroup[int]) error {
			h.Do(func(context.Context) error { return work(outer) }) // want `outer is from outside this function: use the context that Do passes`
			return nil
		})
		return err
	})
	_, err := g.Wait()
	return err
}
