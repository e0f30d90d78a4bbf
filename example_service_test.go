//go:build unix

package creche_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/creche-go/creche/group"
)

// work takes jobs until ctx ends, and finishes the one that it has in hand.
func work(ctx context.Context, jobs <-chan string, done *atomic.Int32) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-jobs:
			// A job that was begun is not dropped because of the signal, but it may not take for ever either.
			err := group.Shield(ctx, 10*time.Second, func(ctx context.Context) error {
				done.Add(1)
				return ctx.Err()
			})
			if err != nil {
				return err
			}
		}
	}
}

// A service of three workers which ends on SIGTERM, when the jobs that were begun are done.
func Example_service() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()

	jobs := make(chan string)
	var done atomic.Int32
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		for i := range 3 {
			g.Do(func(ctx context.Context) error { return work(ctx, jobs, &done) }, group.Name(fmt.Sprintf("worker %d", i)))
		}
		for range 10 {
			jobs <- "job"
		}
		return syscall.Kill(os.Getpid(), syscall.SIGTERM) // as the system does
	})
	fmt.Println("jobs done:", done.Load())
	fmt.Println("ended by the signal:", errors.Is(err, context.Canceled))
	// Output:
	// jobs done: 10
	// ended by the signal: true
}
