package waitset_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// say returns a function that gives s when all the tasks before it have ended.
func say(s string, before ...*group.Task[string]) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		for _, task := range before {
			if _, err := task.Wait(ctx); err != nil {
				return "", err
			}
		}
		return s, nil
	}
}

// Tasks come as they end, and those that the loop starts come too.
func ExampleCompleted() {
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[string]) error {
		first := g.Go(say("first"))
		g.Go(say("second", first))
		for task := range waitset.Completed(g) {
			s, _ := task.Result()
			fmt.Println(task.Index(), s)
			if s == "second" {
				g.Go(say("third"))
			}
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// 0 first
	// 1 second
	// 2 third
	// <nil>
}

func ExampleResults() {
	group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(context.Context) (int, error) { return 7, nil })
		for v, err := range waitset.Results(g) {
			fmt.Println(v, err)
		}
		return nil
	})
	// Output: 7 <nil>
}

// A set holds tasks of any groups. Leaving the loop leaves the others in it.
func ExampleWaitSet() {
	g := group.New[string](context.Background())
	first := g.Go(say("first"))
	second := g.Go(say("second", first))
	set := waitset.New(first, second)
	set.Add(g.Go(say("third", second)))
	for task := range set.All(context.Background()) {
		fmt.Println(task.Result())
		break
	}
	fmt.Println(set.Len(), "left")
	task, ok := set.Next(context.Background())
	fmt.Println(task == second, ok)
	g.Wait()
	// Output:
	// first <nil>
	// 2 left
	// true true
}

// Tasks of two types, told apart by their handles.
func ExampleWaitSet_types() {
	group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[string]) error {
		work := g.Go(func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		lost := group.Go(g, func(context.Context) (int, error) { return 1006, nil })
		h, ok := waitset.New[group.Handle](work, lost).Next(ctx)
		if !ok {
			return context.Cause(ctx)
		}
		switch h {
		case work:
			lost.Cancel(nil)
		case lost:
			code, _ := lost.Result()
			fmt.Println("lost with code", code)
			work.Cancel(nil)
		}
		return nil
	})
	// Output: lost with code 1006
}

// Wait says what is done and what is pending; it returns no task's error and ends no task.
func ExampleWait() {
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[string]) error {
		bad := g.Go(func(context.Context) (string, error) { return "", errors.New("broken") })
		long := g.Go(func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		done, pending, err := waitset.Wait(ctx, waitset.FirstError, bad, long)
		fmt.Println(len(done), done[0].Err(), len(pending), err)
		long.Cancel(nil)
		return nil
	}, group.KeepGoing())
	fmt.Println(err) // the scope reports what no loop of its own has taken
	// Output:
	// 1 broken 1 <nil>
	// broken
}
