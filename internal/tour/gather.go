package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/creche-go/creche/group"
)

// gather runs ten flaky tasks, and asks in three ways what came of them. None of the three loses an error.
var gather = play(
	act{"Gather, only tasks that succeed: their values, in the order of the functions", gatherSome},
	act{"Gather, all ten: the first failure cancels the rest", gatherAll},
	act{"Settle, all ten: each task has its own result", settleAll},
	act{"A scope that keeps going, all ten: values and failures", keepGoing},
)

// flaky makes the functions of ten tasks. Numbers 0, 2, 4, 6 and 8 succeed, the odd ones fail.
func flaky(s *stage) (fns []func(context.Context) (int, error)) {
	for i, units := range []int{7, 5, 1, 11, 4, 8, 2, 10, 6, 9} {
		fns = append(fns, watched(s, fmt.Sprint("task ", i), func(ctx context.Context) (int, error) {
			err := s.sleep(ctx, units)
			switch {
			case err != nil && i == 7:
				return 0, errors.Join(err, errors.New("7 left a mess")) // cancelled, and then the cleaning up failed
			case err != nil:
				return 0, err
			case i%2 == 1:
				return 0, fmt.Errorf("%d is odd", i)
			}
			return i * i, nil
		}))
	}
	return fns
}

// gatherSome gets a value from each function, in their order: that the first task is the last to end does not matter.
func gatherSome(ctx context.Context, s *stage) {
	values, err := group.Gather(ctx,
		sleeper(s, "long", 7, "a"),
		sleeper(s, "short", 1, "b"),
		sleeper(s, "medium", 4, "c"))
	s.say("values %v, error %v", values, err)
}

// gatherAll is over at 5, when task 1 fails and those that still run are cancelled. Most of them return the cancellation and
// nothing else, which is no failure. The mess that task 7 leaves is news, and is in the error as well.
func gatherAll(ctx context.Context, s *stage) {
	values, err := group.Gather(ctx, flaky(s)...)
	s.say("values %v", values)
	report(s, err)
}

// settleAll waits for all ten. Each failure is to be had from its task, so Settle has no error.
func settleAll(ctx context.Context, s *stage) {
	tasks, err := group.Settle(ctx, flaky(s)...)
	s.say("error %v", err)
	for _, task := range tasks {
		value, err := task.Result()
		s.say("task %d %v: value %d, error %v", task.Index(), task.State(), value, err)
	}
}

// keepGoing is what both are made of, a scope. This one does not stop at a failure. Nobody takes its tasks one by one, so in the
// end it has the values of those that succeeded, in their order, and all failures, in the order in which they happened.
func keepGoing(ctx context.Context, s *stage) {
	values, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		for i, fn := range flaky(s) {
			g.Go(fn, group.Name(fmt.Sprint("task ", i)))
		}
		return nil
	}, group.KeepGoing())
	s.say("values %v", values)
	report(s, err)
}

// report prints the failures of a scope one by one. Whoever looks for a certain error asks errors.Is or errors.As, which look into
// all of them.
func report(s *stage, err error) {
	var scope *group.Error
	if !errors.As(err, &scope) {
		s.say("error %v", err)
		return
	}
	for _, failure := range scope.Failures {
		if failure.Index < 0 { // no task: the scope was stopped from outside
			s.say("%s: %v", failure.Name, failure.Err)
			continue
		}
		s.say("task %d failed: %v", failure.Index, failure.Err)
	}
}
