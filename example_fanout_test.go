package creche_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/creche-go/creche/group"
)

// status asks for one page. Whatever is wrong with it, the others are asked for as well.
func status(ctx context.Context, url string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		return res.StatusCode, errors.New(res.Status)
	}
	return res.StatusCode, nil
}

// Fan-out: a few pages at a time, each with a time limit, all failures told, results by their handles.
func Example_fanOut() {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Error(w, "gone", http.StatusGone)
		}
	}))
	defer site.Close()

	paths := []string{"/", "/about", "/old", "/contact"}
	tasks := map[string]*group.Task[int]{}
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
		for _, path := range paths {
			tasks[path] = g.Go(func(ctx context.Context) (int, error) {
				return status(ctx, site.URL+path)
			}, group.Name(path), group.Timeout(10*time.Second))
		}
		return nil
	}, group.Limit(2), group.KeepGoing())

	for _, path := range paths {
		code, err := tasks[path].Result()
		fmt.Println(path, code, err)
	}
	fmt.Println("in all:", err)
	// Output:
	// / 200 <nil>
	// /about 200 <nil>
	// /old 410 410 Gone
	// /contact 200 <nil>
	// in all: 410 Gone
}
