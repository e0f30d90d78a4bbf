package creche_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/creche-go/creche/group"
)

// Run returns when every task has ended, with the results in the order in which the tasks were started.
func Example() {
	ctx := context.Background()
	verses := []string{"tell me where is fancy bred", "or in the heart", "or in the head"}
	counts, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		for _, verse := range verses {
			g.Go(func(ctx context.Context) (int, error) {
				return len(strings.Fields(verse)), nil
			})
		}
		return nil
	}, group.Limit(2)) // at most two tasks at once
	fmt.Println(counts, err)
	// Output: [6 4 4] <nil>
}

// The first failure cancels the other tasks and the body. Their context tells which task it was.
func Example_failure() {
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(ctx context.Context) (int, error) {
			return 0, errors.New("the disk is full")
		}, group.Name("backup"))

		<-ctx.Done() // as a request or a query made with ctx would do
		var why *group.Failure
		if errors.As(context.Cause(ctx), &why) {
			fmt.Println("stopped because of", why.Name)
		}
		return ctx.Err()
	})
	fmt.Println(err) // not also "context canceled", which is but the echo of the failure
	// Output:
	// stopped because of backup
	// the disk is full
}

// A loop over Next takes the tasks as they complete, and may start more. Each folder of this tree adds those inside it.
func Example_completions() {
	tree := map[string][]string{"/": {"/a", "/b"}, "/a": {"/a/c"}, "/a/c": {"/a/c/d"}}
	depth := 0
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[[]string]) error {
		visit := func(folder string) {
			g.Go(func(ctx context.Context) ([]string, error) { return tree[folder], nil }, group.Name(folder))
		}
		visit("/")
		for task, ok := g.Next(ctx); ok; task, ok = g.Next(ctx) {
			inside, err := task.Result()
			if err != nil {
				return err
			}
			depth = max(depth, strings.Count(task.Name(), "/")) // only the loop writes to depth: no lock
			for _, folder := range inside {
				visit(folder)
			}
		}
		return nil
	}, group.Limit(8))
	fmt.Println(depth, err)
	// Output: 3 <nil>
}
