// Behaviour prints what programs with errgroup and conc do, to be compared with what they do when they have been rewritten.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

var errBoom = errors.New("boom")

func succeeds(ctx context.Context, xs []int) error {
	var n atomic.Int64
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, x := range xs {
		g.Go(func() error {
			n.Add(int64(x))
			return ctx.Err()
		})
	}
	err := g.Wait()
	fmt.Println("sum", n.Load())
	return err
}

func fails(ctx context.Context, xs []int) error {
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for _, x := range xs {
		g.Go(func() error {
			if x == 3 {
				return fmt.Errorf("task %d: %w", x, errBoom)
			}
			<-ctx.Done()
			return ctx.Err()
		})
	}
	return g.Wait()
}

func endsBefore(xs []int) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g, ctx := errgroup.WithContext(ctx) // want `can be`
	for range xs {
		g.Go(func() error { return ctx.Err() })
	}
	return g.Wait()
}

func contextAfterwards(ctx context.Context, xs []int) error {
	g, gctx := errgroup.WithContext(ctx) // want `can be`
	for range xs {
		g.Go(func() error { return gctx.Err() })
	}
	err := g.Wait()
	fmt.Println("then", gctx.Err(), ctx.Err())
	return err
}

func runsOn(xs []int) error {
	var n atomic.Int64
	var g errgroup.Group // want `can be`
	g.SetLimit(2)
	for _, x := range xs {
		g.Go(func() error {
			n.Add(1)
			if x == 1 {
				return errBoom
			}
			return nil
		})
	}
	err := g.Wait()
	fmt.Println("all", n.Load())
	return err
}

// The limit holds the loop back: when a value is made, no more than the one before waits and two are at work.
func heldBack(xs []int) (err error) {
	var made, done atomic.Int64
	step := make(chan struct{}, len(xs))
	var g errgroup.Group // want `can be`
	g.SetLimit(2)
	for range xs {
		if ahead := made.Add(1) - done.Load(); ahead > 5 {
			fmt.Println("the loop runs ahead")
		}
		step <- struct{}{}
		g.Go(func() error {
			<-step
			done.Add(1)
			return nil
		})
	}
	return g.Wait()
}

func panicsLater(xs []int) (n int64) {
	var wg conc.WaitGroup // want `can be`
	var count atomic.Int64
	for range xs {
		wg.Go(func() { count.Add(1) })
	}
	wg.Wait()
	wg2 := conc.NewWaitGroup() // want `can be`
	defer func() { fmt.Println("recovered", recover() != nil) }()
	wg2.Go(func() { panic(errBoom) })
	wg2.Wait()
	return count.Load()
}

func joins(xs []int) error {
	p := pool.New().WithErrors().WithMaxGoroutines(1) // want `can be`
	for _, x := range xs {
		p.Go(func() error {
			if x%2 == 0 {
				return nil
			}
			return errBoom
		})
	}
	return p.Wait()
}

func collects(ctx context.Context, xs []int) (sorted []int) {
	p := pool.NewWithResults[int]().WithContext(ctx).WithMaxGoroutines(3) // want `can be`
	for _, x := range xs {
		p.Go(func(ctx context.Context) (int, error) { return 2 * x, ctx.Err() })
	}
	sorted, err := p.Wait()
	if err != nil {
		fmt.Println(err)
	}
	slices.Sort(sorted)
	return sorted
}

func main() {
	ctx := context.Background()
	xs := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	fmt.Println(succeeds(ctx, xs))
	err := fails(ctx, xs)
	fmt.Println(err, errors.Is(err, errBoom))
	fmt.Println(errors.Is(endsBefore(xs), context.Canceled))
	fmt.Println(contextAfterwards(ctx, xs))
	fmt.Println(runsOn(xs))
	fmt.Println(heldBack(xs))
	fmt.Println(panicsLater(xs))
	fmt.Println(errors.Is(joins(xs), errBoom))
	fmt.Println(collects(ctx, xs))
}
