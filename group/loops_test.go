package group_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestCI01_CompletionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for _, ms := range []int{150, 100, 10} {
			g.Go(sleeping(time.Duration(ms)*time.Millisecond, ms))
		}
		start := time.Now()
		for _, want := range []int{10, 100, 150} {
			testutil.WantValues(t, take(t, g, 1), want)
			if d := time.Since(start); d != time.Duration(want)*time.Millisecond {
				t.Errorf("task of %d ms was yielded after %v", want, d)
			}
		}
	})
}

func TestCI04_CI05_LeaveTheLoopAndComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range 4 {
			g.Go(sleeping(time.Duration(i)*time.Second, i))
		}
		testutil.WantValues(t, take(t, g, 1), 0)
		// Between the loops nothing is cancelled and completions pile up.
		time.Sleep(time.Second + tick)
		if err := g.Context().Err(); err != nil {
			t.Errorf("leaving the loop cancelled the scope: %v", err)
		}
		testutil.WantValues(t, take(t, g, 2), 1, 2)
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 3)
	})
}

func TestCI06_TasksAddedInTheLoop(t *testing.T) {
	for _, limit := range []int{1, 8} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(limit))
			var spawned atomic.Int32
			spawn := func(n int) {
				spawned.Add(1)
				g.Go(sleeping(tick, n))
			}
			spawn(5)
			yielded := 0
			for {
				task, ok := g.Next(t.Context())
				if !ok {
					break
				}
				yielded++
				n, _ := task.Result()
				for i := range n {
					spawn(i)
				}
			}
			if yielded != int(spawned.Load()) || yielded != 32 {
				t.Errorf("limit %d: %d of %d yielded, want all 32", limit, yielded, spawned.Load())
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	}
}

func TestCI08_NothingToYield(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		if task, ok := g.Next(t.Context()); ok || task != nil {
			t.Errorf("Next of nothing yields %v", task)
		}
		g.Go(value(1)) // an ended loop is no ended scope
		testutil.WantValues(t, take(t, g, 1), 1)
		if _, ok := g.Next(t.Context()); ok {
			t.Error("Next yields one task twice")
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestCI09_FailedTasksAreYieldedLikeAny(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		for i := range 10 {
			d := time.Duration(i) * time.Second
			if i%3 == 1 {
				g.Go(failingAfter(d, errBoom))
			} else {
				g.Go(sleeping(d, i))
			}
		}
		values, failed := 0, 0
		for {
			task, ok := g.Next(t.Context())
			if !ok {
				break
			}
			if task.Err() != nil {
				failed++
			} else {
				values++
			}
		}
		if values != 7 || failed != 3 {
			t.Errorf("%d values and %d errors, want 7 and 3", values, failed)
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestCI10_CI11_NextWithADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for _, s := range []int{1, 2, 30} {
			g.Go(sleeping(time.Duration(s)*time.Second, s))
		}
		time.Sleep(1500 * time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, want := range []int{1, 2} {
			if task, ok := g.Next(ctx); !ok {
				t.Errorf("task %d is not yielded before the deadline", want)
			} else if v, _ := task.Result(); v != want {
				t.Errorf("Next yields %d, want %d", v, want)
			}
		}
		for range 2 {
			if task, ok := g.Next(ctx); ok || task != nil {
				t.Errorf("Next yields %v after its deadline", task)
			}
		}
		if err := g.Context().Err(); err != nil {
			t.Errorf("the end of a wait cancelled the scope: %v", err)
		}
		testutil.WantValues(t, take(t, g, 1), 30) // nothing was lost
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestCI11_CompletionsWinOverAnEndedContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(value(1))
		g.Go(sleeping(time.Hour, 2))
		time.Sleep(tick)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if task, ok := g.Next(ended); !ok {
			t.Error("an available completion is not yielded to an ended context")
		} else if v, _ := task.Result(); v != 1 {
			t.Errorf("Next yields %d", v)
		}
		if task, ok := g.Next(ended); ok {
			t.Errorf("Next yields %v, which is not available", task)
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}
