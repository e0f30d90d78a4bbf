package observe_test

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/observe"
)

// A log of failures: at the usual level nothing else is told.
func ExampleLog() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // the same output each time
			}
			return a
		},
	}))
	group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(context.Context) (int, error) { return 0, errors.New("connection refused") }, group.Name("fetch"))
		return nil
	}, group.Name("crawl"), observe.Log(logger))
	// Output:
	// level=WARN msg="task ended" scope=crawl task=fetch index=0 state=Failed error="connection refused"
}

// Several observers of one scope.
func ExampleLabels() {
	group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Do(func(context.Context) error { return nil }, group.Name("resize")) // is creche.task=resize in a profile
		return nil
	}, group.Name("images"),
		observe.Labels(),
		observe.Trace(),
		observe.Log(slog.Default()))
	// Output:
}
