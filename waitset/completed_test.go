package waitset_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

func TestCI01_CI09_CompletedInTheOrderOfTheEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		startIn(g, after(150*tick, 0), failing(100*tick), after(10*tick, 2), failing(50*tick), after(20*tick, 4))
		start := time.Now()
		var order []string
		for task := range waitset.Completed(g) {
			order = append(order, task.Name())
			if task.Index() == 0 {
				wantSince(t, start, 150*tick)
			}
		}
		want(t, "order", order, []string{"2", "4", "3", "1", "0"})
		vs, err := g.Wait()
		want(t, "what Wait is left with", vs, nil)
		want(t, "error", err, nil) // W1: the failures were delivered in the loop
	})
}

func TestCI09_ResultsAreThoseOfCompleted(t *testing.T) {
	type result struct {
		V   int
		Err error
	}
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		startIn(g, after(3*tick, 3), failing(2*tick), after(tick, 1))
		g.Do(func(context.Context) error { time.Sleep(4 * tick); return nil })
		both := func(context.Context) (int, error) { time.Sleep(5 * tick); return 5, errBoom }
		g.Go(both)
		var got []result
		for v, err := range waitset.Results(g) {
			got = append(got, result{v, err})
		}
		want(t, "results", got, []result{{1, nil}, {0, errBoom}, {3, nil}, {0, nil}, {5, errBoom}})
		_, err := g.Wait()
		want(t, "error", err, nil)
	})
}

func TestCI02_CI03_EachHandleOnceAndTheVeryOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		started := map[*intTask]int{}
		for i := range 100 {
			started[g.Go(after(time.Duration(i%7)*tick, i))] = i
		}
		time.Sleep(3 * tick)
		for task := range waitset.Completed(g) {
			i, ok := started[task]
			if !ok {
				t.Fatalf("%s was not started, or comes twice", task.Name())
			}
			delete(started, task)
			v, err := task.Result()
			want(t, "error", err, nil)
			want(t, "value", v, i)
		}
		want(t, "tasks that were not yielded", len(started), 0)
		g.Wait()
	})
}

func TestCI04_CI05_W2_LeaveTheLoopAndComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		tasks := startIn(g, after(time.Second, 0), after(2*time.Second, 1), after(3*time.Second, 2), after(4*time.Second, 3))
		seq := waitset.Completed(g)
		for task := range seq {
			want(t, "first", task, tasks[0])
			break
		}
		want(t, "the scope's context", g.Context().Err(), nil)
		want(t, "state of another", tasks[1].State(), group.Running)
		time.Sleep(1500 * time.Millisecond) // in which another ends
		for task := range seq {             // the same iterator
			want(t, "second", task, tasks[1])
			break
		}
		for v, err := range waitset.Results(g) { // another one
			want(t, "third", v, 2)
			want(t, "error", err, nil)
			break
		}
		vs, err := g.Wait() // the scope awaits the rest
		want(t, "values left to Wait", vs, []int{3})
		want(t, "error", err, nil)
	})
}

func TestCI06_W3_TasksAddedInTheLoop(t *testing.T) {
	for _, opt := range []group.Option{group.Limit(1), group.Limit(8), group.KeepGoing()} {
		testutil.Bubble(t, opt.String(), func(t *testing.T) {
			g := group.New[int](t.Context(), opt)
			started := 1
			g.Go(after(tick, 6))
			yielded := 0
			for n := range waitset.Results(g) {
				yielded++
				for i := range n {
					started++
					g.Go(after(time.Duration(i)*tick, i))
				}
			}
			want(t, "yielded", []int{yielded, started}, []int{64, 64})
			_, err := g.Wait()
			want(t, "error", err, nil)
		})
	}
}

func TestCI08_CompletedOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for range 2 { // as often as one likes
			for task := range waitset.Completed(g) {
				t.Errorf("nothing yields %s", task.Name())
			}
		}
		task := g.Go(after(tick, 1)) // an ended loop is no ended scope
		for got := range waitset.Completed(g) {
			want(t, "task", got, task)
		}
		g.Go(after(tick, 2))
		vs, _ := g.Wait()
		want(t, "values", vs, []int{2})
		for range waitset.Completed(g) {
			t.Error("the loop yields a task after the end of the scope")
		}
		for range waitset.Results(g) {
			t.Error("the loop yields a result after the end of the scope")
		}
	})
}

// After a cancellation the loop yields what is left, the tasks that never began too, and ends.
func TestW1_CompletedOfACancelledGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](testutil.CancelledIn(t.Context(), time.Second, errWhy), group.Limit(2))
		startIn(g, obedient, after(time.Minute, 1), after(0, 2))
		states := map[string]group.State{}
		start := time.Now()
		for task := range waitset.Completed(g) {
			states[task.Name()] = task.State()
		}
		wantSince(t, start, time.Minute)
		want(t, "states", states, map[string]group.State{"0": group.Canceled, "1": group.Succeeded, "2": group.NotStarted})
		_, err := g.Wait()
		want(t, "error", err, errWhy)
	})
}

func TestW1_CI22_CompletedOnDiscardIsMisuse(t *testing.T) {
	g := group.New[int](t.Context(), group.Discard())
	testutil.PanicOf(t, func() {
		for range waitset.Completed(g) {
		}
	})
	testutil.PanicOf(t, func() {
		for range waitset.Results(g) {
		}
	})
	g.Wait()
}
