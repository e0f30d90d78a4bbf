package waitset_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

// In a steady state a set costs nothing beyond the tasks themselves: what it needs for one it has left over from another.
func TestW1_SteadyStateDoesNotAllocate(t *testing.T) {
	const rounds = 1000
	g := group.New[int](t.Context())
	defer g.Wait()
	const tries = 5 // the runtime allocates too, at times: for goroutines, or for those that sleep
	gates := make([]chan struct{}, window+tries*(rounds+1))
	tasks := make([]*intTask, len(gates))
	for i := range gates {
		gate := make(chan struct{})
		gates[i] = gate
		tasks[i] = g.Go(func(context.Context) (int, error) {
			<-gate
			return i, nil
		})
	}
	set := waitset.New(tasks[:window]...)
	i := 0
	n := 1.0
	for try := 0; try < tries && n > 0; try++ {
		n = testing.AllocsPerRun(rounds, func() {
			close(gates[i])
			if task, ok := set.Next(t.Context()); !ok || task != tasks[i] {
				t.Error("Next does not give the one task that has ended")
			}
			set.Add(tasks[i+window])
			i++
		})
	}
	want(t, "allocations for each task", n, 0)
	for _, gate := range gates[i:] {
		close(gate)
	}
}

// Go, Add and Next together allocate what Go does alone.
func TestW1_SetCostsNoAllocationBeyondTheTask(t *testing.T) {
	const tasks = 20_000
	count := func(each func(g *intGroup, i int)) float64 {
		g := group.New[int](t.Context(), group.Discard())
		defer g.Wait()
		for i := range tasks / 10 {
			each(g, i)
		}
		before := testutil.Objects()
		for i := range tasks {
			each(g, i)
		}
		return float64(testutil.Objects()-before) / tasks
	}
	alone := count(func(g *intGroup, i int) {
		task := g.Go(at(i))
		for task.State() < group.Succeeded {
			runtime.Gosched()
		}
	})
	var set waitset.WaitSet[*intTask]
	full := 0
	with := count(func(g *intGroup, i int) {
		set.Add(g.Go(at(i)))
		if full++; full > window {
			set.Next(t.Context())
		}
	})
	if with-alone > 0.1 {
		t.Errorf("%.3f allocations for each task, %.3f without the set", with, alone)
	}
}

// Ten times the tasks, taken one by one until the set is empty, take ten times the time: a hundred is
// what a look at each task at each step would cost.
func TestW3_FirstCompletedUntilEmptyIsLinear(t *testing.T) {
	const small, large = 2_000 / scale, 20_000 / scale
	for name, empty := range map[string]func(set *waitset.WaitSet[*intTask]) (n int){
		"Next": func(set *waitset.WaitSet[*intTask]) (n int) {
			for _, ok := set.Next(context.Background()); ok; _, ok = set.Next(context.Background()) {
				n++
			}
			return n
		},
		"TryNext": func(set *waitset.WaitSet[*intTask]) (n int) {
			for set.Len() > 0 {
				if _, ok := set.TryNext(); ok {
					n++
				}
			}
			return n
		},
	} {
		t.Run(name, func(t *testing.T) {
			testutil.WantGrowth(t, 40, func(n int) time.Duration { // quadratic is 100, and caches are small
				g := group.New[int](t.Context(), group.Discard())
				gate := make(chan struct{})
				set := waitset.New[*intTask]()
				for i := range n {
					set.Add(g.Go(func(context.Context) (int, error) {
						<-gate
						return i, nil
					}))
				}
				close(gate)
				g.Wait()
				began := time.Now()
				want(t, "taken", empty(set), n)
				return time.Since(began)
			}, small, large)
		})
	}
}

// To remove each of many tasks that have ended, the last first, is not quadratic.
func TestW5_RemovingEndedTasksTakesLinearTime(t *testing.T) {
	testutil.WantGrowth(t, 400, func(n int) time.Duration { // 1,600, if each had to be looked for
		g := group.New[int](t.Context())
		tasks := make([]*intTask, n)
		for i := range tasks {
			tasks[i] = g.Go(func(context.Context) (int, error) { return i, nil })
		}
		g.Wait()
		set := waitset.New(tasks...)
		start := time.Now()
		for i := n - 1; i >= 0; i-- {
			if !set.Remove(tasks[i]) {
				t.Fatalf("task %d is not in the set", i)
			}
		}
		return time.Since(start)
	}, 500, 20_000)
}
