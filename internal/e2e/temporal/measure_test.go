package e2e

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/server/temporaltest"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
)

var measures = flag.Bool("measure", false, "tell what a task costs that runs elsewhere")

// TestMeasure tells what a task costs that does nothing, elsewhere, and how long a cancellation takes to get there. Client, server and worker share
// the processors of this machine.
//
//	go test -run TestMeasure -measure -v .
func TestMeasure(t *testing.T) {
	if !*measures {
		t.Skip("needs the flag -measure")
	}
	s := temporaltest.NewServer(temporaltest.WithT(t))
	stopped := make(chan time.Time)
	s.NewWorkerWithOptions("q", func(r worker.Registry) {
		r.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "nothing"})
		r.RegisterActivityWithOptions(func(ctx context.Context) error {
			for ctx.Err() == nil {
				activity.RecordHeartbeat(ctx)
				select {
				case <-ctx.Done():
				case <-time.After(10 * time.Millisecond):
				}
			}
			stopped <- time.Now()
			return ctx.Err()
		}, activity.RegisterOptions{Name: "wait"})
	}, worker.Options{MaxConcurrentActivityTaskPollers: 16, DefaultHeartbeatThrottleInterval: 100 * time.Millisecond, MaxHeartbeatThrottleInterval: 100 * time.Millisecond})
	nothing := temporalgroup.Activity[struct{}](s.GetDefaultClient(), options(nil), "nothing")
	wait := temporalgroup.Activity[struct{}](s.GetDefaultClient(), options(nil), "wait")

	for _, limit := range []int{1, 16, 128} {
		const tasks = 300
		var took []time.Duration
		began := time.Now()
		durations, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[time.Duration]) error {
			for range tasks {
				g.Go(func(ctx context.Context) (time.Duration, error) {
					began := time.Now()
					_, err := nothing(ctx)
					return time.Since(began), err
				})
			}
			return nil
		}, group.Limit(limit))
		all := time.Since(began)
		if err != nil {
			t.Fatal(err)
		}
		took = slices.Sorted(slices.Values(durations))
		t.Logf("%3d in flight: %.0f tasks a second, each takes %v (median), %v (p99)", limit, tasks/all.Seconds(),
			took[tasks/2].Round(100*time.Microsecond), took[tasks*99/100].Round(100*time.Microsecond))
	}

	var told, confirmed []time.Duration
	for range 20 {
		g := group.New[struct{}](t.Context())
		task := g.Go(wait)
		time.Sleep(500 * time.Millisecond)
		began := time.Now()
		g.Cancel(nil)
		told = append(told, (<-stopped).Sub(began))
		<-task.Done()
		confirmed = append(confirmed, time.Since(began))
		g.Wait()
	}
	slices.Sort(told)
	slices.Sort(confirmed)
	t.Logf("from Cancel to the context of an activity that sends a heartbeat every 100 ms: %v (median), to the end of the task: %v",
		told[len(told)/2].Round(time.Millisecond), confirmed[len(confirmed)/2].Round(time.Millisecond))
}
