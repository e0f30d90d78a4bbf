package debug_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// A program has the tree of all its scopes on a port that only its own machine reaches.
func Example() {
	mux := http.NewServeMux()
	mux.Handle("/debug/tasks", debug.Handler())
	go func() { _ = http.ListenAndServe("127.0.0.1:0", mux) }()

	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[string]) error {
		// All that the program does is done in here.
		return nil
	}, group.Name("program"), debug.Observe())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func ExampleDump() {
	began := make(chan struct{})
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[string]) error {
		g.Go(func(ctx context.Context) (string, error) {
			close(began)
			<-ctx.Done()
			return "", nil
		}, group.Name("listen"))
		<-began

		var tree strings.Builder
		if err := debug.Dump(&tree, debug.Text); err != nil {
			return err
		}
		// What differs each time is left out.
		fmt.Print(regexp.MustCompile(`(?m) [\d.]+[mµn]?s|scope \d+ |, opened at .*;`).ReplaceAllString(tree.String(), ""))
		g.Cancel(nil)
		return nil
	}, group.Name("program"), debug.Observe())
	fmt.Println(err)
	// Output:
	// 1 scope, 1 task: 1 running, 0 queued
	//
	// "program" open 1 running
	// └─ listen[0] running
	// <nil>
}
