package groupotel_test

import (
	"context"
	"errors"
	"fmt"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/groupotel"
)

// The spans of a scope with one task, which fails.
func ExampleObserve() {
	exporter := tracetest.NewInMemoryExporter() // in a program, one that sends them
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))

	group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
		g.Go(func(context.Context) (int, error) { return 0, errors.New("connection refused") }, group.Name("fetch"))
		return nil
	}, group.Name("crawl"), groupotel.Observe(provider))

	for _, span := range exporter.GetSpans() {
		fmt.Println(span.Name, span.Status.Code, span.Status.Description)
	}
	// Output:
	// fetch Error connection refused
	// crawl Error connection refused
}
