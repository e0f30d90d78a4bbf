package unchecked

import (
	"context"
	"fmt"

	"github.com/creche-go/creche/group"
)

func value(context.Context) (int, error) { return 0, nil }

func tooEarly(ctx context.Context) (int, error) {
	values, err := group.Gather(ctx, value, value)
	first := values[0] // want `values may have fewer values than there were tasks: look at the error of Gather first`
	return first, err
}

func blank(ctx context.Context) int {
	values, _ := group.Gather(ctx, value, value)
	return values[0] + values[1] // want `values may have fewer values`
}

func wait(ctx context.Context) int {
	g := group.New[int](ctx)
	g.Go(value)
	values, _ := g.Wait()
	return values[0] // want `look at the error of Wait first`
}

func run(ctx context.Context) (int, error) {
	values, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Go(value)
		return nil
	})
	fmt.Println("done")
	fmt.Println(values[0]) // want `look at the error of Run first`
	return 0, err
}

func settle(ctx context.Context) error {
	tasks, _ := group.Settle(ctx, value, value)
	return tasks[1].Err() // want `look at the error of Settle first`
}
