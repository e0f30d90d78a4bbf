package group_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

func TestCI01_CompletionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for _, ms := range []int{150, 100, 10} {
			g.Go(sleeping(time.Duration(ms)*time.Millisecond, ms))
		}
		start := time.Now()
		for _, want := range []int{10, 100, 150} {
			wantValues(t, take(t, g, 1), want)
			if d := time.Since(start); d != time.Duration(want)*time.Millisecond {
				t.Errorf("task of %d ms was yielded after %v", want, d)
			}
		}
	})
}

func TestCI02_CI03_EachHandleOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(3))
		seen := make(map[*intTask]int)
		for i := range 100 {
			seen[g.Go(sleeping(time.Duration(i%7), i))] = 0
		}
		for {
			task, ok := g.Next(t.Context())
			if !ok {
				break
			}
			if _, mine := seen[task]; !mine {
				t.Fatal("Next yields a handle that no Go returned")
			}
			seen[task]++
		}
		for task, n := range seen {
			if n != 1 {
				t.Errorf("task %d was yielded %d times", task.Index(), n)
			}
		}
		vs, err := g.Wait()
		wantFailures(t, err)
		wantValues(t, vs) // what a loop took is not delivered again
	})
}

func TestW1_DeliveredToTheLoopOrElseToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		for i := range 6 {
			g.Go(sleeping(time.Duration(6-i)*time.Second, i))
		}
		bad := g.Go(failingAfter(10*time.Second, errBoom), group.Name("bad"))
		wantValues(t, take(t, g, 3), 5, 4, 3)
		vs, err := g.Wait()
		wantValues(t, vs, 0, 1, 2)
		wantFailures(t, err, entry{"bad", 6, errBoom})
		if task, ok := g.Next(t.Context()); ok || task != nil {
			t.Errorf("Next after Wait yields %v", task)
		}
		vs, err = g.Wait()
		wantValues(t, vs, 0, 1, 2)
		wantFailures(t, err, entry{"bad", 6, errBoom})
		wantError(t, "bad", bad.Err(), errBoom)
	})
}

func TestW1_LoopsYieldTheGroupsOwnTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		done := g.Do(func(context.Context) error { time.Sleep(time.Second); return nil })
		foreign := group.Go(g, func(context.Context) (string, error) { return "x", nil })
		same := group.Go(g, value(1))
		task, ok := g.Next(t.Context())
		if !ok || (task != done && task != same) {
			t.Fatalf("Next yields %v, %v, want a task of the group", task, ok)
		}
		if v, err := foreign.Wait(t.Context()); v != "x" || err != nil {
			t.Errorf("the child of another type gives %q, %v through its own handle", v, err)
		}
		vs, err := g.Wait()
		wantFailures(t, err)
		if len(vs) > 1 {
			t.Errorf("values %v: Do tasks have none", vs)
		}
	})
}

// A pending child of another type is nothing that a loop could wait for.
func TestW1_LoopEndsWithAForeignChildPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Hour); return "", nil })
		g.Go(value(1))
		start := time.Now()
		take(t, g, 1)
		if task, ok := g.Next(t.Context()); ok {
			t.Errorf("Next yields %v", task)
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("the loop waited %v for a task it never yields", d)
		}
		_, err := g.Wait()
		wantFailures(t, err)
	})
}

func TestW1_TasksThatNeverBeganAreYielded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(obedient)
		time.Sleep(tick)
		g.Go(value(1))
		g.Cancel(nil)
		g.Go(value(2))
		states := make(map[int]group.State)
		for {
			task, ok := g.Next(t.Context())
			if !ok {
				break
			}
			states[task.Index()] = task.State()
		}
		if got, want := fmt.Sprint(states), "map[0:Canceled 1:NotStarted 2:NotStarted]"; got != want {
			t.Errorf("the loop yielded %v, want %v", got, want)
		}
		_, err := g.Wait()
		wantFailures(t, err)
	})
}

func TestW1_NextOnDiscardIsMisuse(t *testing.T) {
	g := group.New[int](t.Context(), group.Discard())
	g.Go(value(1))
	panicOf(t, func() { g.Next(t.Context()) })
	vs, err := g.Wait()
	wantFailures(t, err)
	wantValues(t, vs)
}

func TestCI04_CI05_LeaveTheLoopAndComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range 4 {
			g.Go(sleeping(time.Duration(i)*time.Second, i))
		}
		wantValues(t, take(t, g, 1), 0)
		// Between the loops nothing is cancelled and completions pile up.
		time.Sleep(time.Second + tick)
		if err := g.Context().Err(); err != nil {
			t.Errorf("leaving the loop cancelled the scope: %v", err)
		}
		wantValues(t, take(t, g, 2), 1, 2)
		vs, err := g.Wait()
		wantFailures(t, err)
		wantValues(t, vs, 3)
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
			wantFailures(t, err)
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
		wantValues(t, take(t, g, 1), 1)
		if _, ok := g.Next(t.Context()); ok {
			t.Error("Next yields one task twice")
		}
		_, err := g.Wait()
		wantFailures(t, err)
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
		wantFailures(t, err)
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
		wantValues(t, take(t, g, 1), 30) // nothing was lost
		_, err := g.Wait()
		wantFailures(t, err)
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
		wantFailures(t, err)
	})
}

// Two consumers share the completions; one that gives up drops none.
func TestW1_SeveralConsumers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 1000
		g := group.New[int](t.Context(), group.Limit(16))
		for i := range n {
			g.Go(sleeping(time.Duration(i%10)*tick, i))
		}
		var mu sync.Mutex
		seen := make(map[int]int)
		var wg sync.WaitGroup
		for c := range 4 {
			wg.Go(func() {
				for {
					ctx, cancel := context.Background(), func() {}
					if c == 0 { // an impatient one
						ctx, cancel = context.WithTimeout(ctx, tick/2)
					}
					task, ok := g.Next(ctx)
					ended := ctx.Err() != nil
					cancel()
					if !ok && ended {
						if g.Context().Err() != nil {
							return
						}
						continue
					}
					if !ok {
						return
					}
					mu.Lock()
					seen[task.Index()]++
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Hour)
		vs, err := g.Wait()
		wg.Wait()
		wantFailures(t, err)
		wantValues(t, vs)
		if len(seen) != n {
			t.Errorf("%d tasks were yielded, want %d", len(seen), n)
		}
		for i, times := range seen {
			if times != 1 {
				t.Errorf("task %d was yielded %d times", i, times)
			}
		}
	})
}

// The failure that stops a FailFast scope still comes through the loop, and so do its consequences.
func TestW1_LoopOverAFailingScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(obedient)
		g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
		var got []error
		for {
			task, ok := g.Next(t.Context())
			if !ok {
				break
			}
			got = append(got, task.Err())
		}
		if len(got) != 2 || !errors.Is(got[0], errBoom) || !errors.Is(got[1], context.Canceled) {
			t.Errorf("the loop got %v, want the failure and then the echo", got)
		}
		_, err := g.Wait()
		wantFailures(t, err, entry{"bad", 1, errBoom})
	})
}
