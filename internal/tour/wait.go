package main

import (
	"context"
	"fmt"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// wait runs the ten flaky tasks again, and waits for some of them. To wait is not to own: Wait neither cancels a task nor returns
// the error of one. Both are up to the scope that the tasks belong to.
var wait = play(
	act{"FirstCompleted: until a task has ended", waitFor(waitset.FirstCompleted)},
	act{"FirstError: until a task has failed", waitFor(waitset.FirstError)},
	act{"AllCompleted: until all have ended", waitFor(waitset.AllCompleted)},
	act{"AllCompleted with a deadline: what has ended by then; the rest is given up", waitUntil},
	act{"Get the first result, get more in 2 units, get all others", inThreeSteps},
)

// startFlaky starts the ten tasks in g.
func startFlaky(g *group.TaskGroup[int], s *stage) (tasks []*group.Task[int]) {
	for i, fn := range flaky(s) {
		tasks = append(tasks, g.Go(fn, group.Name(fmt.Sprint("task ", i))))
	}
	return tasks
}

// waitFor waits once and then stops the scope, which is no failure. Tasks that failed are, be it before or while they were stopped,
// and the scope reports them: Wait has told which are done, and left what they returned where it was.
func waitFor(mode waitset.Mode) func(context.Context, *stage) {
	return func(ctx context.Context, s *stage) {
		_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
			done, pending, err := waitset.Wait(ctx, mode, startFlaky(g, s)...)
			s.say("done %v, pending %v", indices(done), indices(pending))
			g.Cancel(nil)
			return err // that ctx ended
		}, group.KeepGoing())
		report(s, err)
	}
}

// waitUntil waits until a deadline, which is a context like any other and ends nothing but the wait. To give up the pending tasks
// is a decision of the caller; nor is it a failure of the scope.
func waitUntil(ctx context.Context, s *stage) {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		deadline, stop := context.WithTimeout(ctx, 3*unit)
		defer stop()
		done, pending, err := waitset.Wait(deadline, waitset.AllCompleted, startFlaky(g, s)...)
		s.say("done %v, pending %v, error %v", indices(done), indices(pending), err)
		for _, task := range pending {
			task.Cancel(nil)
		}
		return nil
	}, group.KeepGoing())
	report(s, err)
}

// inThreeSteps waits three times for one set. What Wait returns as done is no longer in the set, and the pending tasks are.
func inThreeSteps(ctx context.Context, s *stage) {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		set := waitset.New(startFlaky(g, s)...)

		done, pending, _ := set.Wait(ctx, waitset.FirstCompleted)
		s.say("first: done %v, pending %v", indices(done), indices(pending))

		soon, stop := context.WithTimeout(ctx, 2*unit)
		defer stop()
		done, pending, _ = set.Wait(soon, waitset.AllCompleted)
		s.say("more: done %v, pending %v", indices(done), indices(pending))

		done, pending, err := set.Wait(ctx, waitset.AllCompleted)
		s.say("all others: done %v, pending %v", indices(done), indices(pending))
		return err
	}, group.KeepGoing())
	report(s, err)
}

// indices returns the numbers of the tasks.
func indices(tasks []*group.Task[int]) []int {
	numbers := make([]int, len(tasks))
	for i, task := range tasks {
		numbers[i] = task.Index()
	}
	return numbers
}
