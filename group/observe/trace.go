package observe

import (
	"context"
	"runtime/trace"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/site"
)

// Trace tells the execution tracer of package runtime/trace of the scope and of those below it: a scope is a task of the trace, and a task that runs is a
// region of it. While no trace is being recorded it does nothing; what had begun before the recording did is missing from it.
func Trace() group.Option {
	return group.Observe(traced, group.ScopeOpened, group.TaskStarted, group.TaskEnded, group.ScopeEnded)
}

// tracedScope and tracedTask are the contexts of what the tracer was told of. They are found again by the addresses of their keys, and
// know whose they are: an observer may be told of the same scope twice.
type (
	tracedScope struct {
		context.Context
		scope group.ScopeInfo
		task  *trace.Task
	}
	tracedTask struct {
		context.Context
		task   group.Handle
		region *trace.Region
	}
)

var tracedScopeKey, tracedTaskKey byte

func (s *tracedScope) Value(key any) any {
	if key == &tracedScopeKey {
		return s
	}
	return s.Context.Value(key)
}

func (t *tracedTask) Value(key any) any {
	if key == &tracedTaskKey {
		return t
	}
	return t.Context.Value(key)
}

func traced(ctx context.Context, e group.Event) context.Context {
	if !trace.IsEnabled() {
		return nil
	}
	switch e.Kind {
	case group.ScopeOpened:
		if s, _ := ctx.Value(&tracedScopeKey).(*tracedScope); s == nil || s.scope != e.Scope {
			rich, task := trace.NewTask(ctx, site.Title(e.Scope))
			return &tracedScope{rich, e.Scope, task}
		}
	case group.TaskStarted:
		if t, _ := ctx.Value(&tracedTaskKey).(*tracedTask); t == nil || t.task != e.Task {
			return &tracedTask{ctx, e.Task, trace.StartRegion(ctx, e.Task.Name())}
		}
	case group.TaskEnded:
		if t, _ := ctx.Value(&tracedTaskKey).(*tracedTask); t != nil && t.task == e.Task && t.region != nil {
			t.region.End()
			t.region = nil
		}
	case group.ScopeEnded:
		if s, _ := ctx.Value(&tracedScopeKey).(*tracedScope); s != nil && s.scope == e.Scope && s.task != nil {
			s.task.End()
			s.task = nil
		}
	}
	return nil
}
