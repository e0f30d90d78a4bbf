package timeline_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

// A picture of a scope with two tasks.
func Example() {
	r := timeline.New(1000)
	group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(context.Context) (int, error) { return 1, nil }, group.Name("fetch"))
		g.Go(func(context.Context) (int, error) { return 2, nil }, group.Name("parse"))
		return nil
	}, group.Name("import"), r.Observe())

	var picture bytes.Buffer // or a file
	if err := r.WriteSVG(&picture); err != nil {
		fmt.Println(err)
	}
	for _, part := range []string{"Timeline of import", "fetch[0]: succeeded", "parse[1]: succeeded"} {
		fmt.Println(part, strings.Contains(picture.String(), part))
	}
	// Output:
	// Timeline of import true
	// fetch[0]: succeeded true
	// parse[1]: succeeded true
}
