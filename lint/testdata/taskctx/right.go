package taskctx

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

func own(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Do(func(ctx context.Context) error { return work(ctx) })
		return nil
	})
	return err
}

func derivedFromItsOwn(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return work(ctx)
	})
	_, err := g.Wait()
	return err
}

func withoutContext(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(context.Context) error { return nil })
	_, err := g.Wait()
	return err
}

func detachedOnPurpose(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(own context.Context) error {
		return errors.Join(work(own), work(context.WithoutCancel(ctx)))
	})
	_, err := g.Wait()
	return err
}

func detachedOutside(ctx context.Context) error {
	cleanup := context.WithoutCancel(ctx)
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return errors.Join(work(ctx), work(cleanup)) })
	_, err := g.Wait()
	return err
}

func asksBoth(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(own context.Context) error {
		select {
		case <-ctx.Done():
		case <-own.Done():
		}
		return context.Cause(ctx)
	})
	_, err := g.Wait()
	return err
}

func compares(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(own context.Context) error {
		if own == ctx {
			return errors.New("the same")
		}
		return nil
	})
	_, err := g.Wait()
	return err
}

func inTheBody(ctx context.Context) error {
	_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
		return work(ctx) // the body may look at what is around the scope
	})
	return err
}

func beforeTheTask(ctx context.Context) error {
	if err := work(context.Background()); err != nil {
		return err
	}
	g := group.New[int](context.Background())
	g.Do(work)
	_, err := g.Wait()
	return err
}

type server struct{ ctx context.Context }

func (s *server) field(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return work(s.ctx) })
	_, err := g.Wait()
	return err
}

var whole = context.Background()

func packageVariable(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { return work(whole) })
	_, err := g.Wait()
	return err
}

func requestWithin(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, "GET", "http://localhost", nil)
		if err != nil {
			return err
		}
		return work(r.Context())
	})
	_, err := g.Wait()
	return err
}

func scopeWithin(ctx context.Context) error {
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error {
		h := group.New[int](ctx)
		err := work(h.Context())
		_, failed := h.Wait()
		return errors.Join(err, failed)
	})
	_, err := g.Wait()
	return err
}

func elements(ctx context.Context, xs []int) ([]int, error) {
	return iter.MapSlice(ctx, xs, func(ctx context.Context, x int) (int, error) { return x, element(ctx, x) })
}

func noTask(ctx context.Context) error {
	return timed(ctx, func() { _ = work(context.Background()) })
}

func byWay(ctx context.Context, g *group.TaskGroup[int]) {
	again := func(other context.Context) error { return work(ctx) } // called by hand
	_ = again(ctx)
	g.Do(work)
}

func both(ctx context.Context) error {
	return group.Shield(ctx, time.Second, func(own context.Context) error { return stopped(ctx, own) })
}

func stopped(_, _ context.Context) error { return nil }

func kept(ctx context.Context) (context.Context, error) {
	var seen context.Context
	g := group.New[int](ctx)
	g.Do(func(ctx context.Context) error { seen = ctx; return work(seen) })
	_, err := g.Wait()
	return seen, err
}
