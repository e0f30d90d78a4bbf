package main

import (
	"context"
	"errors"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// cancel asks what becomes of two tasks when the one who waits for them is cancelled. It depends on whose they are: a task ends with
// the scope that it was started in, and not with a wait.
var cancel = play(
	act{"The waiter gathers: the tasks are its own, and end with it", cancelGather},
	act{"The waiter waits: the tasks go on, and yield their results later", cancelWait},
)

var errImpatient = errors.New("this takes too long")

// cancelGather cancels a waiter at 2. The scope of its Gather lies below it, and so do the two tasks.
func cancelGather(ctx context.Context, s *stage) {
	first, second := sleeper(s, "first", 3, "a"), sleeper(s, "second", 5, "b")

	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[[]string]) error {
		waiter := g.Go(watched(s, "waiter", func(ctx context.Context) ([]string, error) {
			return group.Gather(ctx, first, second)
		}), group.Name("waiter"))

		_ = s.sleep(ctx, 2) // whatever ends it early cancels the waiter, too
		waiter.Cancel(errImpatient)
		values, err := waiter.Wait(ctx) // until both tasks have ended, as Gather does not return before
		s.say("waiter %v: values %v, error %v", waiter.State(), values, err)
		return nil
	})
	s.say("the scope: error %v", err) // one task, cancelled by its handle, is no failure
}

// cancelWait cancels a waiter at 2. The two tasks are its siblings: it waits for them and does not own them.
func cancelWait(ctx context.Context, s *stage) {
	first, second := sleeper(s, "first", 3, "a"), sleeper(s, "second", 5, "b")

	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
		tasks := []*group.Task[string]{
			g.Go(first, group.Name("first")),
			g.Go(second, group.Name("second")),
		}
		// The waiter's value is of another type. It is a task of g like the others, but loops over g do not yield it.
		waiter := group.Go(g, watched(s, "waiter", func(ctx context.Context) (int, error) {
			done, _, err := waitset.Wait(ctx, waitset.AllCompleted, tasks...)
			return len(done), err
		}), group.Name("waiter"))

		_ = s.sleep(ctx, 2)
		waiter.Cancel(errImpatient)
		n, err := waiter.Wait(ctx)
		s.say("waiter %v: %d done, error %v", waiter.State(), n, err)

		for task := range waitset.Completed(g) {
			value, err := task.Result()
			s.say("%s %v: value %q, error %v", task.Name(), task.State(), value, err)
		}
		return nil
	})
	s.say("the scope: error %v", err)
}
