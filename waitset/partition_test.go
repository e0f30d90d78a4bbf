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

// The tasks end in two instants, ten at a time. Whoever wakes the wait, each task is in one of the lists, and in done once.
func TestWM02_WM08_RepeatedWaits(t *testing.T) {
	for _, mode := range []waitset.Mode{waitset.FirstCompleted, waitset.FirstError, waitset.AllCompleted} {
		testutil.Bubble(t, mode.String(), func(t *testing.T) {
			for range 50 {
				var fns []intFunc
				for i := range 20 {
					fns = append(fns, failing(time.Duration(1+i%2)*time.Second))
				}
				pending, seen := start(t, fns...), map[*intTask]int{}
				for len(pending) > 0 {
					done, left, err := waitset.Wait(t.Context(), mode, pending...)
					want(t, "error", err, nil)
					if len(done)+len(left) != len(pending) || len(done) == 0 {
						t.Fatalf("of %d tasks %d are done and %d pending", len(pending), len(done), len(left))
					}
					for _, task := range done {
						seen[task]++
						want(t, "state of a task in done", task.State(), group.Failed)
					}
					pending = left
				}
				if len(seen) != 20 {
					t.Errorf("%d tasks were done", len(seen))
				}
			}
		})
	}
}

func TestWM08_TheSameTaskTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks := seconds(t, 1, 3)
		done, pending, err := waitset.Wait(t.Context(), waitset.FirstCompleted, tasks[0], tasks[1], tasks[0], tasks[1], tasks[1])
		want(t, "error", err, nil)
		wantPartition(t, done, pending, "0", "1")
		done, pending, err = waitset.Wait(t.Context(), waitset.FirstCompleted, tasks[0], tasks[0]) // has ended
		want(t, "error", err, nil)
		wantPartition(t, done, pending, "0", "")
	})
}

func TestWM06_WM07_W4_WaitThatEndsEarly(t *testing.T) {
	for _, mode := range []waitset.Mode{waitset.AllCompleted, waitset.FirstError} {
		testutil.Bubble(t, mode.String(), func(t *testing.T) {
			tasks := seconds(t, 4, 1, 3, 2)
			start := time.Now()
			done, pending, err := waitset.Wait(testutil.CancelledIn(t.Context(), 2500*time.Millisecond, errWhy), mode, tasks...)
			wantSince(t, start, 2500*time.Millisecond)
			want(t, "error", err, errWhy)
			wantPartition(t, done, pending, "1 3", "0 2")
			for _, task := range pending {
				want(t, "state of a pending task", task.State(), group.Running) // nothing is cancelled
			}
			done, pending, err = waitset.Wait(t.Context(), mode, pending...)
			wantSince(t, start, 4*time.Second)
			want(t, "error", err, nil)
			wantPartition(t, done, pending, "2 0", "")
			want(t, "values", values(tasks), []int{4, 1, 3, 2})
		})
	}
}

// The set keeps what is pending, and nothing else.
func TestW4_SetAfterAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := waitset.New(seconds(t, 4, 1, 3, 2)...)
		done, pending, err := set.Wait(t.Context(), waitset.FirstCompleted)
		want(t, "error", err, nil)
		wantPartition(t, done, pending, "1", "0 2 3")
		want(t, "tasks in the set", set.Len(), 3)
		done, pending, err = set.Wait(testutil.CancelledIn(t.Context(), 1500*time.Millisecond, errWhy), waitset.AllCompleted)
		want(t, "error", err, errWhy)
		wantPartition(t, done, pending, "3", "0 2")
		time.Sleep(time.Minute)
		done, pending, err = set.Wait(over(t.Context()), waitset.AllCompleted)
		want(t, "error of a wait that need not wait", err, nil)
		wantPartition(t, done, pending, "2 0", "")
		want(t, "tasks in the set", set.Len(), 0)
	})
}

// The function has no memory: what it has said once it says again.
func TestWM26_TheSameWaitAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks := seconds(t, 2, 1, 3)
		time.Sleep(2*time.Second + tick)
		for range 2 {
			done, pending, err := waitset.Wait(over(t.Context()), waitset.AllCompleted, tasks...)
			want(t, "error", err, errWhy)
			wantPartition(t, done, pending, "0 1", "2")
		}
		for range 2 {
			done, pending, err := waitset.Wait(t.Context(), waitset.AllCompleted, tasks...)
			want(t, "error", err, nil)
			wantPartition(t, sorted(done), pending, "0 1 2", "")
		}
	})
}

// latecomer ends when it is asked for its error, and at that moment calls finish.
type latecomer struct {
	context.Context
	done   chan struct{}
	finish func()
}

func (c *latecomer) Done() <-chan struct{} { return c.done }

func (c *latecomer) Err() error {
	c.finish()
	return errWhy
}

// The wait is over, because its ctx is; until it returns a task ends.
func TestW4_TaskThatEndsWhileTheWaitReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		tasks := start(t, after(time.Hour, 0), func(context.Context) (int, error) {
			<-gate
			return 1, nil
		})
		ctx := &latecomer{t.Context(), make(chan struct{}), func() {
			select {
			case <-gate:
			default:
				close(gate)
			}
			<-tasks[1].Done()
		}}
		close(ctx.done)
		done, pending, err := waitset.Wait[*intTask](ctx, waitset.AllCompleted, tasks...)
		want(t, "error", err, errWhy)
		wantPartition(t, done, pending, "1", "0")
	})
}

// A task has ended as soon as it says so; that this set hears of it after many others is no excuse.
func TestW4_TaskWhoseEndTheSetHasNotHeardOf(t *testing.T) {
	for range 20 {
		gate := make(chan struct{})
		tasks := start(t, func(context.Context) (int, error) {
			<-gate
			return 1, nil
		})
		set := waitset.New(tasks...)
		others := make([]waitset.WaitSet[*intTask], 5000)
		for i := range others {
			others[i].Add(tasks...)
		}
		close(gate)
		for tasks[0].State() < group.Succeeded {
		}
		done, pending, err := set.Wait(over(t.Context()), waitset.AllCompleted)
		if len(done) != 1 || len(pending) != 0 {
			t.Fatalf("a task that is %v is pending: done %v, pending %v, %v", tasks[0].State(), names(done), names(pending), err)
		}
		want(t, "tasks in the set", set.Len(), 0)
		for i := range others {
			if _, ok := others[i].Next(t.Context()); !ok {
				t.Fatalf("set %d has not got the task", i)
			}
		}
		set.Add(tasks...) // whatever was late must not be taken for this
		want(t, "tasks in the set", set.Len(), 1)
		if _, ok := set.Next(t.Context()); !ok {
			t.Fatal("a task that was added again is not handed out")
		}
		want(t, "tasks in the set", set.Len(), 0)
	}
}
