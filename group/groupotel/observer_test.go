package groupotel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/groupotel"
	"github.com/creche-go/creche/internal/testutil"
)

type intGroup = group.TaskGroup[int]

var errBoom = errors.New("boom")

// work is a task that takes so many milliseconds and returns err.
func work(ms int, err error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// spansOf returns the spans of a program, each as "path outcome from-to status: description", in the order of their names.
func spansOf(t *testing.T, program func(ctx context.Context, tracer trace.Tracer, o group.Option)) (list []string) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	synctest.Test(t, func(t *testing.T) {
		provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
		began := time.Now()
		program(t.Context(), provider.Tracer("test"), groupotel.Observe(provider))
		spans := exporter.GetSpans()
		byID := map[trace.SpanID]tracetest.SpanStub{}
		for _, s := range spans {
			byID[s.SpanContext.SpanID()] = s
		}
		for _, s := range spans {
			path := s.Name
			for p, ok := byID[s.Parent.SpanID()]; ok; p, ok = byID[p.Parent.SpanID()] {
				path = p.Name + "/" + path
			}
			line := fmt.Sprintf("%s %s %d-%d", path, attributeOf(s, "creche.outcome").AsString(), s.StartTime.Sub(began).Milliseconds(), s.EndTime.Sub(began).Milliseconds())
			if s.Status.Code != codes.Unset || len(s.Events) > 0 {
				line += fmt.Sprintf(" %v: %s", s.Status.Code, s.Status.Description)
			}
			if failed := attributeOf(s, "creche.outcome").AsString() == "Failed"; failed != (len(s.Events) == 1 && s.Events[0].Name == "exception") {
				t.Errorf("%s has the events %v", line, s.Events)
			}
			list = append(list, line)
		}
	})
	slices.Sort(list)
	return list
}

func attributeOf(s tracetest.SpanStub, key attribute.Key) attribute.Value {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return attribute.Value{}
}

func TestObserver(t *testing.T) {
	tests := []struct {
		name    string
		program func(ctx context.Context, tracer trace.Tracer, o group.Option)
		want    []string
	}{
		{"nested", func(ctx context.Context, tracer trace.Tracer, o group.Option) {
			ctx, request := tracer.Start(ctx, "request")
			defer request.End()
			group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				g.Do(func(ctx context.Context) error {
					_, query := tracer.Start(ctx, "query")
					query.End()
					_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
						g.Do(work(2, nil), group.Name("leaf"))
						return nil
					}, group.Name("inner"))
					return err
				}, group.Name("task"))
				_, err := group.Run(ctx, func(context.Context, *intGroup) error { return nil }, group.Name("in the body"))
				return err
			}, group.Name("outer"), o)
		}, []string{
			"request  0-2",
			"request/outer Succeeded 0-2",
			"request/outer/in the body Succeeded 0-0",
			"request/outer/task Succeeded 0-2",
			"request/outer/task/inner Succeeded 0-2",
			"request/outer/task/inner/leaf Succeeded 0-2",
			"request/outer/task/query  0-0",
		}},
		{"a failure, and what it cancels", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Do(work(3, errBoom), group.Name("bad"))
				g.Do(func(ctx context.Context) error {
					_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
						g.Do(work(9, nil), group.Name("leaf"))
						return nil
					}, group.Name("inner"))
					return err
				}, group.Name("branch"))
				g.Do(work(9, nil), group.Name("waits"))
				return nil
			}, group.Name("outer"), group.Limit(2), o)
		}, []string{
			"outer Failed 0-3 Error: boom",
			"outer/bad Failed 0-3 Error: boom",
			"outer/branch Canceled 0-3",
			"outer/branch/inner Canceled 0-3",
			"outer/branch/inner/leaf Canceled 0-3",
			"outer/waits NotStarted 3-3",
		}},
		{"cancelled from above, and a failure of its own", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Do(work(9, nil), group.Name("obedient"))
				g.Do(func(ctx context.Context) error { <-ctx.Done(); return errBoom }, group.Name("left a mess"))
				return nil
			}, group.Name("s"), o)
		}, []string{
			"s Failed 0-1 Error: group: scope \"s\": 2 failures",
			"s/left a mess Failed 0-1 Error: boom",
			"s/obedient Canceled 0-1",
		}},
		{"a deadline from above", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(work(9, nil), group.Name("t")); return nil }, o)
		}, []string{"scope Canceled 0-1", "scope/t Canceled 0-1"}},
		{"its own timeout", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(work(9, nil), group.Name("t")); return nil },
				group.Timeout(time.Millisecond), o)
		}, []string{"scope Failed 0-1 Error: group: scope timed out after 1ms", "scope/t Canceled 0-1"}},
		{"cancelled by itself", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Do(work(9, nil), group.Name("t"))
				synctest.Wait()
				g.Cancel(errBoom)
				return nil
			}, group.Name("s"), o)
		}, []string{"s Failed 0-0 Error: boom", "s/t Canceled 0-0"}},
		{"a task of a misleading name", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(work(0, errBoom), group.Name("context")); return nil },
				group.Name("s"), o)
		}, []string{"s Failed 0-0 Error: boom", "s/context Failed 0-0 Error: boom"}},
		{"a panic", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			defer func() { recover() }()
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Do(func(context.Context) error { panic("oops") }, group.Name("t"))
				return nil
			}, group.Name("s"), o)
		}, []string{"s Failed 0-0 Error: group: task t[0] panicked: oops", "s/t Failed 0-0 Error: group: task t[0] panicked: oops"}},
		{"twice", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			group.Run(ctx, func(ctx context.Context, _ *intGroup) error {
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(work(1, nil), group.Name("t")); return nil },
					group.Name("inner"), o)
				return err
			}, group.Name("outer"), o)
		}, []string{"outer Succeeded 0-1", "outer/inner Succeeded 0-1", "outer/inner/t Succeeded 0-1"}},
		{"without our context", func(ctx context.Context, _ trace.Tracer, o group.Option) {
			before := ctx
			drop := group.Observe(func(ctx context.Context, e group.Event) context.Context {
				if e.Kind == group.ScopeOpened {
					return before
				}
				return nil
			})
			group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(work(1, nil)); return nil }, o, drop)
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, spansOf(t, tt.program)); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserver_Attributes(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	group.Run(t.Context(), func(_ context.Context, g *intGroup) error { g.Do(work(0, nil)); return nil }, groupotel.Observe(provider))
	spans := exporter.GetSpans()
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	task, scope := spans[0], spans[1]
	if !strings.HasPrefix(task.Name, "groupotel_test.") || attributeOf(task, "creche.kind").AsString() != "task" {
		t.Errorf("the task is %s with %v", task.Name, task.Attributes)
	}
	if file := attributeOf(scope, "code.file.path").AsString(); !strings.HasSuffix(file, "observer_test.go") || attributeOf(scope, "creche.kind").AsString() != "scope" {
		t.Errorf("the scope has %v", scope.Attributes)
	}
	if v := testutil.PanicOf(t, func() { groupotel.Observe(nil) }); v != "groupotel: Observe needs a provider, got nil" {
		t.Errorf("without a provider it panics with %v", v)
	}
}
