package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// discard starts many tasks, some of which fail, and keeps none.
func discard(ctx context.Context, r *rand.Rand) (int, error) {
	n, opts := patient(r, 5000, 1_000_000)
	every := 1 + r.IntN(5000)
	var ran atomic.Int64
	_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
		for i := range n {
			g.Go(func(context.Context) (int, error) {
				ran.Add(1)
				if i%every == 0 {
					return 0, errTask
				}
				return i, nil
			})
		}
		return nil
	}, append(opts, group.KeepGoing(), group.Discard())...)
	e, _ := err.(*group.Error)
	want := (n + every - 1) / every
	if e == nil || len(e.Failures)+e.Omitted != want || len(e.Failures) > 100 || ran.Load() != int64(n) {
		return n, fmt.Errorf("%d of %d tasks ran, %d were to fail, error %v", ran.Load(), n, want, err)
	}
	return n, nil
}

// window loops over completions, and starts a task for each that it gets.
func window(ctx context.Context, r *rand.Rand) (int, error) {
	n, wide := 100_000+r.IntN(200_000), 1+r.IntN(100)
	seen, twice, begun := make([]bool, n), 0, 0
	vs, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
		start := func() {
			i := begun
			begun++
			g.Go(func(context.Context) (int, error) { return i, nil })
		}
		for range wide {
			start()
		}
		for v, err := range waitset.Results(g) {
			if seen[v] || err != nil {
				twice++
			}
			if seen[v] = true; begun < n {
				start()
			}
		}
		return nil
	}, limits(r)...)
	if slices.Contains(seen[:begun], false) || twice > 0 || len(vs) > 0 || err != nil {
		return n, fmt.Errorf("%d tasks were yielded wrongly, %d are left, error %v", twice, len(vs), err)
	}
	return n, nil
}

// values collects them.
func values(ctx context.Context, r *rand.Rand) (int, error) {
	n := 100_000 + r.IntN(900_000)
	vs, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
		for i := range n {
			g.Go(func(context.Context) (int, error) { return i, nil })
		}
		return nil
	}, limits(r)...)
	for i, v := range vs {
		if i != v {
			return n, fmt.Errorf("value %d is %d", i, v)
		}
	}
	if len(vs) != n || err != nil {
		return n, fmt.Errorf("%d values of %d, error %v", len(vs), n, err)
	}
	return n, nil
}

// queue starts tasks where only few may wait, until the scope is cancelled.
func queue(ctx context.Context, r *rand.Rand) (int, error) {
	n, last := 1000+r.IntN(50_000), int64(r.IntN(60_000))
	var ran atomic.Int64
	tasks := make([]*group.Task[int], 0, n)
	_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
		for range n {
			tasks = append(tasks, g.Go(func(context.Context) (int, error) {
				if ran.Add(1) == last {
					g.Cancel(nil)
				}
				return 0, nil
			}))
		}
		return nil
	}, group.Limit(1+r.IntN(4)), group.Queue(1+r.IntN(32)))
	for _, t := range tasks {
		if t.State() == group.NotStarted {
			ran.Add(1)
		} else if t.State() != group.Succeeded {
			err = fmt.Errorf("a task is %v", t.State())
		}
	}
	if ran.Load() != int64(n) || err != nil {
		return n, fmt.Errorf("%d of %d tasks ran or never began, error %v", ran.Load(), n, err)
	}
	return n, nil
}

// contests has many of them.
func contests(ctx context.Context, r *rand.Rand) (int, error) {
	n, fns := 1000+r.IntN(5000), make([]func(context.Context) (int, error), 1+r.IntN(5))
	for i := range n {
		winner := r.IntN(len(fns))
		for k := range fns {
			fns[k] = func(ctx context.Context) (int, error) {
				if k == winner {
					return k, nil
				}
				<-ctx.Done()
				return 0, ctx.Err()
			}
		}
		v, err := group.Any(ctx, fns...)
		if i%2 == 0 {
			v, err = group.Race(ctx, fns...)
		}
		if v != winner || err != nil {
			return n, fmt.Errorf("%d has won and not %d, error %v", v, winner, err)
		}
	}
	return n * len(fns), nil
}
