package creche_test

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/creche-go/creche/group"
)

// A crawler: each page is a task, and starts the tasks for the pages that it links to, two at a time in all. Go does not wait, so that this is no
// deadlock, and the scope ends when no task is left.
func Example_crawler() {
	links := map[string][]string{"/": {"/a", "/b"}, "/a": {"/b", "/c"}, "/b": {"/"}, "/c": {"/d", "/a"}, "/d": nil}

	pages, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		var mu sync.Mutex
		seen := map[string]bool{}
		var visit func(path string)
		visit = func(path string) {
			mu.Lock()
			defer mu.Unlock()
			if seen[path] {
				return
			}
			seen[path] = true
			g.Go(func(context.Context) (string, error) {
				for _, to := range links[path] { // a real one would fetch the page with the context
					visit(to)
				}
				return path, nil
			})
		}
		visit("/")
		return nil
	}, group.Limit(2))
	slices.Sort(pages)
	fmt.Println(pages, err)
	// Output: [/ /a /b /c /d] <nil>
}
