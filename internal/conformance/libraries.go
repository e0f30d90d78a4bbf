package main

import (
	"context"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// scope is what all of these libraries have: tasks are started, and awaited.
type scope interface {
	Go(f func(ctx context.Context) error)
	Wait() error
}

// library is one of them.
type library struct {
	name   string
	module string // nothing for the standard library
	// open returns a scope for at most limit tasks at once, or for any number if it is 0. Its tasks are to be cancelled when one fails, if the
	// library can do that.
	open func(ctx context.Context, limit int) scope
	// run calls body with a scope and waits for that, as the library's own function does or else as its documentation says.
	run func(ctx context.Context, body func(s scope)) error
}

var libraries = []library{
	{"creche", "github.com/creche-go/creche", openCreche, runCreche},
	{"errgroup", "golang.org/x/sync", openErrgroup, byHand(openErrgroup)},
	{"conc", "github.com/sourcegraph/conc", openConc, byHand(openConc)},
	{"pond", "github.com/alitto/pond/v2", openPond, byHand(openPond)},
	{"ants", "github.com/panjf2000/ants/v2", openAnts, byHand(openAnts)},
	{"sync.WaitGroup", "", openWaitGroup, byHand(openWaitGroup)},
}

func byHand(open func(context.Context, int) scope) func(context.Context, func(scope)) error {
	return func(ctx context.Context, body func(scope)) error {
		s := open(ctx, 0)
		body(s)
		return s.Wait()
	}
}

type crecheScope struct{ *group.TaskGroup[struct{}] }

func (s crecheScope) Go(f func(context.Context) error) { s.Do(f) }
func (s crecheScope) Wait() error                      { _, err := s.TaskGroup.Wait(); return err }

func openCreche(ctx context.Context, limit int) scope {
	if limit > 0 {
		return crecheScope{group.New[struct{}](ctx, group.Limit(limit))}
	}
	return crecheScope{group.New[struct{}](ctx)}
}

func runCreche(ctx context.Context, body func(scope)) error {
	_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[struct{}]) error {
		body(crecheScope{g})
		return nil
	})
	return err
}

type errgroupScope struct {
	*errgroup.Group
	ctx context.Context
}

func (s errgroupScope) Go(f func(context.Context) error) {
	s.Group.Go(func() error { return f(s.ctx) })
}

func openErrgroup(ctx context.Context, limit int) scope {
	g, ctx := errgroup.WithContext(ctx)
	if limit > 0 {
		g.SetLimit(limit)
	}
	return errgroupScope{g, ctx}
}

func openConc(ctx context.Context, limit int) scope {
	p := pool.New()
	if limit > 0 {
		p = p.WithMaxGoroutines(limit)
	}
	return p.WithContext(ctx).WithCancelOnError()
}

type pondScope struct{ pond.TaskGroup }

func (s pondScope) Go(f func(context.Context) error) {
	s.SubmitErr(func() error { return f(s.Context()) })
}

func openPond(ctx context.Context, limit int) scope {
	return pondScope{pond.NewPool(limit).NewGroupContext(ctx)}
}

// antsScope counts its tasks, as the documentation of ants does: the pool has no errors, and nothing to wait for.
type antsScope struct {
	pool  *ants.Pool
	tasks sync.WaitGroup
	ctx   context.Context
}

func openAnts(ctx context.Context, limit int) scope {
	p, err := ants.NewPool(limit) // 0 is no limit here
	if err != nil {
		panic(err)
	}
	return &antsScope{pool: p, ctx: ctx}
}

func (s *antsScope) Go(f func(context.Context) error) {
	s.tasks.Add(1)
	err := s.pool.Submit(func() {
		defer s.tasks.Done()
		_ = f(s.ctx)
	})
	if err != nil {
		s.tasks.Done()
		panic(err)
	}
}

func (s *antsScope) Wait() error { s.tasks.Wait(); s.pool.Release(); return nil }

// waitGroupScope has a semaphore for the limit, as everybody writes it.
type waitGroupScope struct {
	sync.WaitGroup
	places chan struct{}
	ctx    context.Context
}

func openWaitGroup(ctx context.Context, limit int) scope {
	s := &waitGroupScope{ctx: ctx}
	if limit > 0 {
		s.places = make(chan struct{}, limit)
	}
	return s
}

func (s *waitGroupScope) Go(f func(context.Context) error) {
	if s.places != nil {
		s.places <- struct{}{}
	}
	s.WaitGroup.Go(func() {
		defer func() {
			if s.places != nil {
				<-s.places
			}
		}()
		_ = f(s.ctx)
	})
}

func (s *waitGroupScope) Wait() error { s.WaitGroup.Wait(); return nil }
