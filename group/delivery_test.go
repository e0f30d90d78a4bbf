package group_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

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
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs) // what a loop took is not delivered again
	})
}

func TestW1_DeliveredToTheLoopOrElseToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		for i := range 6 {
			g.Go(sleeping(time.Duration(6-i)*time.Second, i))
		}
		bad := g.Go(failingAfter(10*time.Second, errBoom), group.Name("bad"))
		testutil.WantValues(t, take(t, g, 3), 5, 4, 3)
		vs, err := g.Wait()
		testutil.WantValues(t, vs, 0, 1, 2)
		testutil.WantFailures(t, err, entry{"bad", 6, errBoom})
		if task, ok := g.Next(t.Context()); ok || task != nil {
			t.Errorf("Next after Wait yields %v", task)
		}
		vs, err = g.Wait()
		testutil.WantValues(t, vs, 0, 1, 2)
		testutil.WantFailures(t, err, entry{"bad", 6, errBoom})
		testutil.WantError(t, "bad", bad.Err(), errBoom)
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
		testutil.WantFailures(t, err)
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
		testutil.WantFailures(t, err)
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
		testutil.WantFailures(t, err)
	})
}

func TestW1_NextOnDiscardIsMisuse(t *testing.T) {
	g := group.New[int](t.Context(), group.Discard())
	g.Go(value(1))
	testutil.PanicOf(t, func() { g.Next(t.Context()) })
	vs, err := g.Wait()
	testutil.WantFailures(t, err)
	testutil.WantValues(t, vs)
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
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs)
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
		g.Go(obedient, group.Name("sibling"))
		g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
		got := make(map[string]error) // which of the two is first is open
		for {
			task, ok := g.Next(t.Context())
			if !ok {
				break
			}
			got[task.Name()] = task.Err()
		}
		if len(got) != 2 || !errors.Is(got["bad"], errBoom) || !errors.Is(got["sibling"], context.Canceled) {
			t.Errorf("the loop got %v, want the failure and the echo", got)
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
	})
}

// W1: the task that ends its scope comes before those that never begin because of it.
func TestW1_TheReasonComesFirst(t *testing.T) {
	tests := []struct {
		name string
		opt  group.Option
		fn   func(context.Context) (int, error)
		want group.State
	}{
		{"failure", group.FailFast(), failing(errBoom), group.Failed},
		{"one too many", group.Tolerate(1), failing(errBoom), group.Failed},
		{"goal", group.UntilSuccess(1), value(1), group.Succeeded},
		{"rule", group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { return true }
		}), value(1), group.Succeeded},
		{"panic", group.PanicAsError(), func(context.Context) (int, error) { panic("oops") }, group.Failed},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), tt.opt, group.Limit(1))
			if tt.name == "one too many" {
				g.Go(failing(errOther))
				g.Next(t.Context())
			}
			first := g.Go(tt.fn)
			for range 5 {
				g.Go(value(1))
			}
			g.Go(value(1), group.Timeout(time.Hour))
			task, _ := g.Next(t.Context())
			if task != first || task.State() != tt.want {
				t.Errorf("first comes task %d, %v, want task %d, %v", task.Index(), task.State(), first.Index(), tt.want)
			}
			g.Wait()
		})
	}
}
