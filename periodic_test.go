package creche_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

// every calls f now and then until ctx ends. It gives up at the first error.
func every(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			if err := f(ctx); err != nil {
				return err
			}
		}
	}
}

// Periodic tasks, and how to test them: in a bubble of testing/synctest a day takes no time, and the test fails if a goroutine is left.
func TestPeriodicTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flushes, errDisk := 0, errors.New("the disk is full")
		start := time.Now()
		_, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[struct{}]) error {
			g.Do(func(ctx context.Context) error {
				return every(ctx, time.Minute, func(context.Context) error { flushes++; return nil })
			}, group.Name("flush"))
			g.Do(func(ctx context.Context) error {
				return every(ctx, 24*time.Hour, func(context.Context) error { return errDisk })
			}, group.Name("backup"))
			return nil
		})
		if !errors.Is(err, errDisk) {
			t.Errorf("Run returned %v, want the error of the backup", err)
		}
		if d := time.Since(start); d != 24*time.Hour || flushes < 24*60-1 {
			t.Errorf("%d flushes in %v, want one a minute for a day", flushes, d)
		}
	})
}
