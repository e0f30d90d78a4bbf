package group_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Most tests need no more than numbers for values.
type (
	intGroup = group.TaskGroup[int]
	intTask  = group.Task[int]
)

type entry = testutil.Entry

var (
	errBoom  = errors.New("boom")
	errOther = errors.New("other")
	errWhy   = errors.New("why")
)

// tick is a moment of a bubble's fake time: long enough for everything that can go on to have gone on.
const tick = time.Millisecond

// noBody is a body with nothing to do.
func noBody(context.Context, *intGroup) error { return nil }

// value returns a function that gives v at once.
func value[T any](v T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, nil }
}

// failing returns a function that fails at once.
func failing(err error) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return 0, err }
}

// sleeping returns a function that gives v after d and does not listen to its context.
func sleeping(d time.Duration, v int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		time.Sleep(d)
		return v, nil
	}
}

// failingAfter is sleeping with an error.
func failingAfter(d time.Duration, err error) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		time.Sleep(d)
		return 0, err
	}
}

// obedient waits for its cancellation and returns it: a pure echo.
func obedient(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// cleaningUp returns a function that waits for its cancellation and then fails with an error of its own.
func cleaningUp(err error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, err
	}
}

// A crew counts tasks.
type crew struct{ testutil.Crew }

// straggler is a task that needs a second of cleaning up once it is cancelled.
func (c *crew) straggler(ctx context.Context) (int, error) {
	return c.counted(func(ctx context.Context) (int, error) {
		<-ctx.Done()
		time.Sleep(time.Second)
		return 0, ctx.Err()
	})(ctx)
}

// counted wraps fn in the crew's counting.
func (c *crew) counted(fn func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		c.Enter()
		defer c.Leave()
		return fn(ctx)
	}
}

// wantState compares the state of a task.
func wantState(t *testing.T, task *intTask, want group.State) {
	t.Helper()
	if got := task.State(); got != want {
		t.Errorf("task %s: state is %v, want %v", task.Name(), got, want)
	}
}

// take returns the values of the next n completions and fails the test when there are fewer.
func take(t *testing.T, g *intGroup, n int) []int {
	t.Helper()
	var vs []int
	for range n {
		task, ok := g.Next(context.Background())
		if !ok {
			t.Fatalf("Next ended after %v, want %d completions", vs, n)
		}
		v, _ := task.Result()
		vs = append(vs, v)
	}
	return vs
}
