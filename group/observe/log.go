package observe

import (
	"context"
	"log/slog"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/site"
)

// Log writes what happens in the scope, and in those below it, to l, each event with the context of its task or scope. A task that failed is a warning; all
// else is told at the level of debugging, also the error of a scope, which whoever waits for that has anyway.
//
// The attributes are scope; of a task, task and index; of what has ended, state and, if there is one, error. An error says
// what the program has put into it.
func Log(l *slog.Logger) group.Option {
	if l == nil {
		panic("observe: Log needs a logger, got nil")
	}
	return group.Observe(func(ctx context.Context, e group.Event) context.Context {
		level := slog.LevelDebug
		if e.Kind == group.TaskEnded && e.State == group.Failed {
			level = slog.LevelWarn
		}
		if l.Enabled(ctx, level) {
			l.LogAttrs(ctx, level, messages[e.Kind], attributes(e)...)
		}
		return nil
	})
}

var messages = map[group.EventKind]string{
	group.ScopeOpened: "scope opened",
	group.TaskQueued:  "task queued",
	group.TaskStarted: "task started",
	group.TaskEnded:   "task ended",
	group.ScopeEnded:  "scope ended",
}

func attributes(e group.Event) []slog.Attr {
	list := make([]slog.Attr, 0, 5)
	list = append(list, slog.String("scope", site.Title(e.Scope)))
	if e.Kind == group.ScopeOpened && e.Task != nil {
		list = append(list, slog.String("within", e.Task.Name()))
	} else if e.Task != nil {
		list = append(list, slog.String("task", e.Task.Name()), slog.Int("index", e.Task.Index()))
	}
	if e.Kind == group.TaskEnded {
		list = append(list, slog.String("state", e.State.String()))
	}
	if e.Err != nil {
		list = append(list, slog.Any("error", e.Err))
	}
	return list
}
