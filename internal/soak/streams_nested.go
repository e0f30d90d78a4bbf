package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// tree nests scopes, and cancels one of them or all at some time.
func tree(ctx context.Context, r *rand.Rand) (int, error) {
	var begun, ended atomic.Int64
	fan, depth := 2+r.IntN(5), 1+r.IntN(3)
	culprit, tired := int64(r.IntN(2000)), time.Duration(r.IntN(3000))*time.Microsecond
	var grow func(ctx context.Context, depth int) error
	grow = func(ctx context.Context, depth int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
			for range fan {
				g.Do(func(ctx context.Context) error {
					defer ended.Add(1)
					switch n := begun.Add(1); {
					case n == culprit:
						g.Cancel(errStop)
					case n%7 == 0:
						<-ctx.Done()
						return context.Cause(ctx)
					case depth > 0:
						return grow(ctx, depth-1)
					}
					return ctx.Err()
				})
			}
			return nil
		})
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer time.AfterFunc(tired+time.Microsecond, func() { cancel(errStop) }).Stop()
	err := grow(ctx, depth)
	n := begun.Load()
	if ended.Load() != n || err != nil && !errors.Is(err, errStop) {
		return int(n), fmt.Errorf("%d tasks began, %d ended, error %v", n, ended.Load(), err)
	}
	return int(n), nil
}

// limiter nests scopes under one.
func limiter(ctx context.Context, r *rand.Rand) (int, error) {
	size, n := 1+r.IntN(4), 200+r.IntN(2000)
	l := group.NewLimiter(size)
	var leaves, busy, most atomic.Int64
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		for range n {
			g.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[struct{}]) error {
					for range 10 {
						g.Do(func(context.Context) error {
							defer busy.Add(-1)
							now := busy.Add(1)
							for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
							}
							leaves.Add(1)
							return nil
						})
					}
					return nil
				}, group.SharedLimit(l))
				return err
			}, group.Weight(1+r.IntN(size)))
		}
		return nil
	}, group.SharedLimit(l))
	if leaves.Load() != int64(10*n) || most.Load() > int64(size) || err != nil {
		return 11 * n, fmt.Errorf("%d of %d tasks ran, %d at once with %d places, error %v", leaves.Load(), 10*n, most.Load(), size, err)
	}
	return 11 * n, nil
}

// sets lets two take from one set of the tasks of several groups.
func sets(ctx context.Context, r *rand.Rand) (int, error) {
	n, opts := patient(r, 5000, 20_000)
	var set waitset.WaitSet[*group.Task[int]]
	var took [2]int
	gs := make([]*group.TaskGroup[int], 1+r.IntN(4))
	for i := range gs {
		gs[i] = group.New[int](ctx, opts...)
	}
	for i := range n {
		set.Add(gs[i%len(gs)].Go(func(context.Context) (int, error) { return i, nil }))
	}
	var takers sync.WaitGroup
	for i := range took {
		takers.Add(1)
		go func() {
			defer takers.Done()
			for range set.All(ctx) {
				took[i]++
			}
		}()
	}
	takers.Wait()
	for _, g := range gs {
		if vs, err := g.Wait(); err != nil || len(vs) < n/len(gs) {
			return n, fmt.Errorf("a group has %d values, error %v", len(vs), err)
		}
	}
	if took[0]+took[1] != n || set.Len() != 0 {
		return n, fmt.Errorf("%d and %d of %d were taken", took[0], took[1], n)
	}
	return n, nil
}
