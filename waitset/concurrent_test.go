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

// A set changes while somebody waits for it. It has a task of an hour, the change comes after a second.
func TestW3_ChangesWhileOthersWait(t *testing.T) {
	type set = waitset.WaitSet[*intTask]
	next := func(ctx context.Context, s *set) (got []*intTask) {
		if task, ok := s.Next(ctx); ok {
			got = append(got, task)
		}
		return got
	}
	all := func(ctx context.Context, s *set) (got []*intTask) {
		for task := range s.All(ctx) {
			got = append(got, task)
		}
		return got
	}
	wait := func(m waitset.Mode) func(context.Context, *set) []*intTask {
		return func(ctx context.Context, s *set) []*intTask {
			done, _, _ := s.Wait(ctx, m)
			return done
		}
	}
	add := func(is ...int) func(s *set, tasks []*intTask) {
		return func(s *set, tasks []*intTask) {
			for _, i := range is {
				s.Add(tasks[i])
			}
		}
	}
	remove := func(s *set, tasks []*intTask) { s.Remove(tasks[0]) }
	tests := []struct {
		name   string
		wait   func(context.Context, *set) []*intTask
		change func(s *set, tasks []*intTask)
		want   []int // seconds after which the tasks in the answer end
		took   time.Duration
		reason string
	}{
		{"Next, add ended", next, add(1), []int{0}, time.Second, "what has ended comes at once"},
		{"Next, add", next, add(2), []int{60}, time.Minute, "what ends earlier comes earlier"},
		{"Next, add slower", next, add(3), []int{3600}, time.Hour, "what ends later comes later"},
		{"Next, remove", next, remove, nil, time.Second, "nothing is left to wait for"},
		{"All, add", all, add(1, 3, 2), []int{0, 60, 3600, 7200}, 2 * time.Hour, "new ones are yielded like the others"},
		{"All, remove", all, remove, nil, time.Second, "the loop is over"},
		{"AllCompleted, add", wait(waitset.AllCompleted), add(3, 2), []int{60, 3600, 7200}, 2 * time.Hour, "new ones are waited for"},
		{"AllCompleted, remove", wait(waitset.AllCompleted), remove, nil, time.Second, "it need not be waited for any more"},
		{"FirstCompleted, add", wait(waitset.FirstCompleted), add(1), []int{0}, time.Second, "a new one may be the first"},
		{"FirstError, add", wait(waitset.FirstError), add(4, 1), []int{0, 90}, 90 * time.Second, "a new one may fail"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			tasks := start(t, after(time.Hour, 3600), after(0, 0), after(time.Minute, 60), after(2*time.Hour, 7200),
				func(context.Context) (int, error) { time.Sleep(90 * time.Second); return 90, errBoom })
			began := time.Now()
			s := waitset.New(tasks[0])
			time.AfterFunc(time.Second, func() { tc.change(s, tasks) })
			got := tc.wait(t.Context(), s)
			want(t, tc.reason, values(got), tc.want)
			wantSince(t, began, tc.took)
		})
	}
}

// The last task goes, by its end or by Remove: all who wait learn that nothing is left.
func TestW5_AllWaitersEnd(t *testing.T) {
	for _, how := range []string{"ends", "is removed"} {
		testutil.Bubble(t, how, func(t *testing.T) {
			task := seconds(t, 2)[0]
			set := waitset.New(task)
			var mu sync.Mutex
			var got, waiters int
			var wg sync.WaitGroup
			for range 5 {
				waiters++
				wg.Go(func() {
					_, ok := set.Next(t.Context())
					mu.Lock()
					defer mu.Unlock()
					if ok {
						got++
					}
				})
				wg.Go(func() {
					done, pending, err := set.Wait(t.Context(), waitset.AllCompleted)
					mu.Lock()
					defer mu.Unlock()
					got += len(done)
					want(t, "pending", len(pending), 0)
					want(t, "error", err, nil)
				})
			}
			synctest.Wait()
			began, took, times := time.Now(), 2*time.Second, 1
			if how == "is removed" {
				set.Remove(task)
				took, times = 0, 0
			}
			wg.Wait()
			wantSince(t, began, took)
			want(t, "times that the task was handed out", got, times)
		})
	}
}

// Everyone who takes gets some, nobody gets what another has, and nothing is left.
func TestW5_EachCompletionToOne(t *testing.T) {
	const tasks, takers = 300, 7
	synctest.Test(t, func(t *testing.T) {
		var fns []intFunc
		for i := range tasks {
			fns = append(fns, after(time.Duration(1+i/takers)*time.Second, i)) // as many at once as there are takers
		}
		set := waitset.New(start(t, fns...)...)
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[int]int{}
		for range takers {
			wg.Go(func() {
				for task := range set.All(t.Context()) {
					v, _ := task.Result()
					mu.Lock()
					seen[v]++
					mu.Unlock()
					time.Sleep(time.Second / 2) // so that others get the rest of those that end now
				}
			})
		}
		wg.Wait()
		want(t, "tasks handed out", len(seen), tasks)
		for v, n := range seen {
			if n != 1 {
				t.Errorf("task %d was handed out %d times", v, n)
			}
		}
	})
}

// A task that waits for others lends its place to them, through a set as through anything.
func TestS3_SetsLendThePlace(t *testing.T) {
	waits := map[string]func(ctx context.Context, g *intGroup, task *intTask){
		"Next": func(ctx context.Context, _ *intGroup, task *intTask) { waitset.New(task).Next(ctx) },
		"Wait": func(ctx context.Context, _ *intGroup, task *intTask) { waitset.Wait(ctx, waitset.AllCompleted, task) },
		"All": func(ctx context.Context, _ *intGroup, task *intTask) {
			for range waitset.New(task).All(ctx) {
			}
		},
		"Completed": func(_ context.Context, g *intGroup, _ *intTask) {
			for range waitset.Completed(g) {
			}
		},
		"Results": func(_ context.Context, g *intGroup, _ *intTask) {
			for range waitset.Results(g) {
			}
		},
	}
	for name, wait := range waits {
		testutil.Bubble(t, name, func(t *testing.T) {
			shared := group.SharedLimit(group.NewLimiter(1))
			outer := group.New[int](t.Context(), shared)
			outer.Go(func(ctx context.Context) (int, error) {
				_, err := group.Run(ctx, func(_ context.Context, inner *intGroup) error {
					task := inner.Go(after(time.Second, 1))
					wait(ctx, inner, task)
					want(t, "state of the task waited for", task.State(), group.Succeeded)
					return nil
				}, shared)
				return 0, err
			})
			_, err := outer.Wait()
			want(t, "error", err, nil)
		})
	}
}
