package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// connection does some work over a connection that may be lost. These are two tasks with values of different types; the first that
// ends decides, unless the one who waits for them is cancelled before.
var connection = play(
	act{"The work is done first", askFor(2, 5)},
	act{"The connection is lost first", askFor(5, 2)},
	act{"The waiter is cancelled", askInVain},
	act{"The watch is a daemon, and the work is done first", askWithDaemon(2, 5)},
	act{"The watch is a daemon, and the connection is lost first", askWithDaemon(5, 2)},
)

var (
	errLost   = errors.New("connection lost")
	errHungUp = errors.New("hung up")
)

func askFor(working, lasting int) func(context.Context, *stage) {
	return func(ctx context.Context, s *stage) {
		answer, err := ask(ctx, s, working, lasting)
		s.say("answer %q, error %v", answer, err)
	}
}

// ask works for so many units, over a connection that lasts so long.
func ask(ctx context.Context, s *stage, working, lasting int) (string, error) {
	var work *group.Task[string]
	var lost *group.Task[int]
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
		work = g.Go(sleeper(s, "work", working, "42"), group.Name("work"))
		lost = group.Go(g, sleeper(s, "lost", lasting, 1006), group.Name("lost"))

		// A set of handles takes tasks of all types. The handle that comes out is the very one that went in.
		first, ok := waitset.New[group.Handle](work, lost).Next(ctx)
		if !ok {
			return context.Cause(ctx) // the waiter was cancelled, and with its scope so are both tasks
		}
		switch first {
		case work:
			lost.Cancel(nil)
		case lost:
			work.Cancel(errLost)
			code, err := lost.Result()
			if err == nil {
				err = fmt.Errorf("%w: code %d", errLost, code)
			}
			return err
		}
		return nil
	})
	s.say("work %v, lost %v", work.State(), lost.State())
	if err != nil {
		return "", err
	}
	return work.Result()
}

// askInVain cancels, at 3, a task that asks. Everything that this task has started ends before it does.
func askInVain(ctx context.Context, s *stage) {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
		waiter := g.Go(watched(s, "waiter", func(ctx context.Context) (string, error) {
			return ask(ctx, s, 5, 7)
		}), group.Name("waiter"))
		_ = s.sleep(ctx, 3) // whatever ends it early cancels the waiter, too
		waiter.Cancel(errHungUp)
		answer, err := waiter.Wait(ctx)
		s.say("waiter %v: answer %q, error %v", waiter.State(), answer, err)
		return nil
	})
	s.say("the scope: error %v", err)
}

// askWithDaemon needs no set and no switch. That the connection is lost is now the failure of a task, and so it cancels the
// work. A scope does not wait for its daemons: when the work is done the watch is cancelled, and that is no failure.
func askWithDaemon(working, lasting int) func(context.Context, *stage) {
	return func(ctx context.Context, s *stage) {
		var work, lost *group.Task[string]
		answers, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
			work = g.Go(sleeper(s, "work", working, "42"), group.Name("work"))
			lost = g.Go(watched(s, "lost", func(ctx context.Context) (string, error) {
				if err := s.sleep(ctx, lasting); err != nil {
					return "", err
				}
				return "", errLost
			}), group.Name("lost"), group.Daemon())
			return nil
		})
		s.say("work %v, lost %v", work.State(), lost.State())
		s.say("answers %q, error %v", answers, err)
	}
}
