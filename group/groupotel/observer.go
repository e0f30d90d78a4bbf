package groupotel

import (
	"context"
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/creche-go/creche/group"
)

// Observe makes spans for the scope, those below it and their tasks with a tracer of the provider.
func Observe(provider trace.TracerProvider) group.Option {
	if provider == nil {
		panic("groupotel: Observe needs a provider, got nil")
	}
	o := &observer{provider.Tracer("github.com/creche-go/creche/group/groupotel")}
	return group.Observe(o.observe, group.ScopeOpened, group.TaskStarted, group.TaskEnded, group.ScopeEnded)
}

type observer struct{ tracer trace.Tracer }

// spanned is the context of a scope or of a task, with its span.
type spanned struct {
	context.Context
	by    *observer
	span  trace.Span
	scope group.ScopeInfo
	task  group.Handle // nil for the scope's own
}

func (s *spanned) Value(key any) any {
	if key == s.by {
		return s
	}
	return s.Context.Value(key)
}

func (o *observer) observe(ctx context.Context, e group.Event) context.Context {
	s, _ := ctx.Value(o).(*spanned)
	within := s != nil && s.scope == e.Scope // else another observer has left our context out
	switch {
	case e.Kind == group.ScopeOpened && !within:
		return o.start(ctx, e.Scope, nil)
	case e.Kind == group.TaskStarted && within && s.task != e.Task:
		return o.start(ctx, e.Scope, e.Task)
	case e.Kind == group.TaskEnded && within && s.task == e.Task:
		end(s.span, e.State, e.Err)
	case e.Kind == group.TaskEnded && within && e.State == group.NotStarted:
		end(o.start(ctx, e.Scope, e.Task).span, e.State, e.Err)
	case e.Kind == group.ScopeEnded && within:
		end(s.span, outcome(e.Err), e.Err)
	}
	return nil
}

// start begins the span of a scope or of one of its tasks.
func (o *observer) start(ctx context.Context, scope group.ScopeInfo, task group.Handle) *spanned {
	name, kind := scope.Name(), "scope"
	if task != nil {
		name, kind = task.Name(), "task"
	}
	if name == "" {
		name = kind
	}
	rich, span := o.tracer.Start(ctx, name)
	if span.IsRecording() {
		span.SetAttributes(attribute.String("creche.kind", kind))
		if task != nil {
			span.SetAttributes(attribute.Int("creche.index", task.Index()))
		} else {
			file, line := scope.Opened()
			span.SetAttributes(attribute.String("code.file.path", file), attribute.Int("code.line.number", line))
		}
	}
	return &spanned{rich, o, span, scope, task}
}

func end(span trace.Span, state group.State, err error) {
	if span.IsRecording() {
		span.SetAttributes(attribute.String("creche.outcome", state.String()))
		if state == group.Failed {
			span.RecordError(err)
			line, _, _ := strings.Cut(err.Error(), "\n") // what follows is a list, or the stack of a panic
			span.SetStatus(codes.Error, line)
		}
	}
	span.End()
}

// outcome returns what has become of a scope with this error.
func outcome(err error) group.State {
	if err == nil {
		return group.Succeeded
	}
	var e *group.Error
	if !errors.As(err, &e) || e.Omitted > 0 {
		return group.Failed
	}
	for _, f := range e.Failures {
		if f.Index >= 0 || f.Name != "context" {
			return group.Failed
		}
	}
	return group.Canceled
}
