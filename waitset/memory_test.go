package waitset_test

import (
	"context"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

const window = 64

// flat fails the test if the heap is larger by more than allowed after many rounds than it was after a tenth of them.
func flat(t *testing.T, rounds int, allowed int64, round func(i int)) {
	t.Helper()
	var early int64
	for i := range rounds {
		if i == rounds/10 {
			early = testutil.Heap()
		}
		round(i)
	}
	if late := testutil.Heap(); late-early > allowed {
		t.Errorf("%d rounds leave %d bytes, %d of them %d", rounds, late, rounds/10, early)
	}
}

func at(v int) intFunc { return func(context.Context) (int, error) { return v, nil } }

// A million tasks that are taken as they come: what is kept is a window of them.
func TestW1_SE06_MemoryIsFlat(t *testing.T) {
	const tasks = 1_000_000 / scale
	t.Run("Completed", func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range window {
			g.Go(at(i))
		}
		next := func() {
			for range waitset.Completed(g) {
				return
			}
			t.Fatal("the loop is over")
		}
		flat(t, tasks, 1<<17, func(i int) {
			next()
			g.Go(at(i))
		})
		vs, err := g.Wait()
		want(t, "error", err, nil)
		want(t, "values that nobody took", len(vs), window)
	})
	t.Run("Results, one loop", func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		for range window {
			g.Go(at(0))
		}
		i, sum := 0, 0
		var early int64
		for v, err := range waitset.Results(g) {
			if sum += v; err != nil {
				t.Fatal(err)
			}
			if i++; i == tasks/10 {
				early = testutil.Heap()
			}
			if i <= tasks {
				g.Go(at(1))
			}
			if i == tasks {
				if late := testutil.Heap(); late-early > 1<<17 {
					t.Errorf("%d tasks leave %d bytes, %d of them %d", tasks, late, tasks/10, early)
				}
			}
		}
		want(t, "tasks that ran", sum, tasks)
		_, err := g.Wait()
		want(t, "error", err, nil)
	})
	// A set takes nothing from the group, which keeps the values for Wait, but not if it is told to discard them.
	t.Run("CI22 a set over a group that discards", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Discard())
		set := waitset.New[*intTask]()
		for i := range window {
			set.Add(g.Go(at(i)))
		}
		taken, tasks := 0, tasks/4
		flat(t, tasks, 1<<17, func(i int) {
			task, ok := set.Next(t.Context())
			if !ok || task.State() != group.Succeeded {
				t.Fatalf("Next gives %v, %v", task, ok)
			}
			taken++
			set.Add(g.Go(at(i)))
		})
		for range set.All(t.Context()) {
			taken++
		}
		want(t, "taken", taken, tasks+window)
		want(t, "tasks in the set", set.Len(), 0)
		_, err := g.Wait()
		want(t, "error", err, nil)
	})
	t.Run("a set that many tasks pass through unended", func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(obedient)
		set := waitset.New(task)
		flat(t, tasks, 1<<17, func(int) {
			if !set.Remove(task) {
				t.Fatal("the task was not in the set")
			}
			set.Add(task)
		})
		g.Cancel(nil)
		g.Wait()
	})
}

// Who polls a task leaves no trace in it: a wait is over when it has returned.
func TestM1_W4_WaitsLeaveNothingBehind(t *testing.T) {
	const waits = 100_000 / scale
	ended := over(t.Context())
	for name, kind := range map[string]func(task *intTask) (wait func()){
		"Wait": func(task *intTask) func() {
			return func() { waitset.Wait(ended, waitset.AllCompleted, task) }
		},
		"Wait FirstError": func(task *intTask) func() {
			other := start(t, at(0))[0]
			return func() { waitset.Wait(ended, waitset.FirstError, task, other) }
		},
		"WaitSet.Wait": func(task *intTask) func() {
			set := waitset.New(task)
			return func() { set.Wait(ended, waitset.AllCompleted) }
		},
		"WaitSet.Next": func(task *intTask) func() {
			set := waitset.New(task)
			return func() { set.Next(ended) }
		},
		"a set that takes it up again": func(task *intTask) func() {
			set := waitset.New[*intTask]()
			return func() { set.Add(task, task); set.TryNext(); set.Remove(task) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := group.New[int](t.Context())
			task := g.Go(obedient)
			wait := kind(task)
			flat(t, waits, 1<<17, func(int) { wait() })
			g.Cancel(nil)
			g.Wait()
		})
	}
}
