package timeline_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

func nop(context.Context) error { return nil }

func run(tasks int, opts ...group.Option) {
	g := group.New[struct{}](context.Background(), opts...)
	for range tasks {
		g.Do(nop)
	}
	g.Wait()
}

// BenchmarkTask measures what a recorder costs a task that does nothing, in turns with tasks that nobody observes and with those that an
// observer who does nothing is told of.
func BenchmarkTask(b *testing.B) {
	const tasks = 10_000
	peers := []struct {
		name string
		opts []group.Option
		took []float64
	}{
		{name: "plain"},
		{name: "idle", opts: []group.Option{group.Observe(func(context.Context, group.Event) context.Context { return nil })}},
		{name: "recorder", opts: []group.Option{timeline.New(1 << 16).Observe()}},
	}
	for b.Loop() {
		for i := range peers {
			p := &peers[i]
			began := time.Now()
			run(tasks, p.opts...)
			p.took = append(p.took, float64(time.Since(began).Nanoseconds())/tasks)
		}
	}
	for _, p := range peers {
		slices.Sort(p.took)
		b.ReportMetric(p.took[len(p.took)/2], p.name+"-ns/task")
		b.ReportMetric(p.took[0], p.name+"-least-ns/task")
	}
}

// A task that is recorded allocates nothing for that, before and after the buffer is full.
func TestRecorder_CostsNoAllocation(t *testing.T) {
	if testing.Short() {
		t.Skip("counts allocations")
	}
	const tasks = 10_000
	count := func(opts ...group.Option) float64 {
		return testing.AllocsPerRun(10, func() { run(tasks, opts...) })
	}
	plain, recorded := count(), count(timeline.New(100_000).Observe())
	if recorded-plain > tasks/100 {
		t.Errorf("%v allocations with a recorder, %v without, for %d tasks", recorded, plain, tasks)
	}
}
