package observe_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/observe"
)

func nop(context.Context) error { return nil }

// BenchmarkTask measures what the observers cost a task that does nothing, in turns with tasks that nobody observes and with those that
// an observer who does nothing is told of.
func BenchmarkTask(b *testing.B) {
	const tasks = 10_000
	quiet := slog.New(slog.DiscardHandler)
	peers := []struct {
		name string
		opts []group.Option
		took []float64
	}{
		{name: "plain"},
		{name: "idle", opts: []group.Option{group.Observe(func(context.Context, group.Event) context.Context { return nil })}},
		{name: "log", opts: []group.Option{observe.Log(quiet)}},
		{name: "trace", opts: []group.Option{observe.Trace()}},
		{name: "labels", opts: []group.Option{observe.Labels()}},
	}
	for b.Loop() {
		for i := range peers {
			p := &peers[i]
			began := time.Now()
			g := group.New[struct{}](context.Background(), p.opts...)
			for range tasks {
				g.Do(nop)
			}
			g.Wait()
			p.took = append(p.took, float64(time.Since(began).Nanoseconds())/tasks)
		}
	}
	for _, p := range peers {
		slices.Sort(p.took)
		b.ReportMetric(p.took[len(p.took)/2], p.name+"-ns/task")
	}
}

// Tasks that are labelled allocate nothing for that.
func TestLabels_CostNoAllocation(t *testing.T) {
	if testing.Short() {
		t.Skip("counts allocations")
	}
	count := func(opts ...group.Option) float64 {
		return testing.AllocsPerRun(20, func() {
			g := group.New[struct{}](context.Background(), opts...)
			for range 1000 {
				g.Do(nop)
			}
			g.Wait()
		})
	}
	if plain, labeled := count(), count(observe.Labels()); labeled-plain > 50 {
		t.Errorf("%v allocations with labels, %v without, for 1,000 tasks", labeled, plain)
	}
}
