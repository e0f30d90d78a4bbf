package waitset_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

// A task ends in the instant in which one of two waits does: whoever leaves takes no news along that the other needs.
func TestCI11_W4_W5_WaitThatEndsWithACompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 300 {
			set := waitset.New(seconds(t, 1, 3600)...)
			var impatient, patient *intTask
			var at time.Time
			began := time.Now()
			var wg sync.WaitGroup
			wg.Go(func() { impatient, _ = set.Next(testutil.CancelledIn(t.Context(), time.Second, errWhy)) })
			wg.Go(func() {
				patient, _ = set.Next(t.Context())
				at = time.Now()
			})
			wg.Wait()
			v, _ := patient.Result()
			if d := at.Sub(began); d != time.Duration(v)*time.Second {
				t.Fatalf("a task that ended after %d s was handed out after %v", v, d)
			}
			if (impatient == nil) != (v == 1) {
				t.Fatalf("the task of 1 s went to neither or to both: %v, %v", impatient, patient)
			}
		}
	})
}

// A waiter has the news, but has to wait for the place that it had lent. The others get the task meanwhile.
func TestW5_S3_WaiterThatHasToWaitForItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := waitset.New(seconds(t, 1, 7200)...)
		g := group.New[int](t.Context(), group.SharedLimit(group.NewLimiter(1)))
		began := time.Now()
		var first, second time.Duration
		g.Go(func(ctx context.Context) (int, error) {
			set.Next(ctx)
			second = time.Since(began)
			return 0, nil
		})
		synctest.Wait() // that one is the first in line
		g.Go(after(time.Hour, 0))
		if task, ok := set.Next(t.Context()); ok {
			first = time.Since(began)
			v, _ := task.Result()
			want(t, "the first to end", v, 1)
		}
		g.Wait()
		want(t, "when they were handed out", []time.Duration{first, second}, []time.Duration{time.Second, 2 * time.Hour})
	})
}

// The last task is taken by a wait that is over, before the set has heard of its end: those that sleep learn that nothing is left.
func TestW4_W5_LastTaskTakenBeforeTheSetHasHeardOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 {
			gate := make(chan struct{})
			tasks := start(t, func(context.Context) (int, error) {
				<-gate
				return 1, nil
			})
			set := waitset.New(tasks...)
			others := make([]waitset.WaitSet[*intTask], 2000) // which are told before
			for i := range others {
				others[i].Add(tasks...)
			}
			var wg sync.WaitGroup
			taken := make(chan *intTask, 2)
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			for range 2 {
				wg.Go(func() {
					if task, ok := set.Next(ctx); ok {
						taken <- task
					}
				})
			}
			synctest.Wait()
			began := time.Now()
			close(gate)
			for tasks[0].State() < group.Succeeded {
			}
			done, _, _ := set.Wait(over(t.Context()), waitset.AllCompleted)
			wg.Wait()
			cancel()
			want(t, "time until all knew", time.Since(began), 0)
			want(t, "times that the task was handed out", len(done)+len(taken), 1)
		}
	})
}
