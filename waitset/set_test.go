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

// Steps on one set of tasks of 0, 1, 2 and 3 seconds: what each of them says, and how many tasks are in the set then.
func TestW3_SetStepByStep(t *testing.T) {
	type (
		set  = waitset.WaitSet[*intTask]
		step struct {
			what string
			do   func(s *set, tasks []*intTask) string
			says string
			len  int
		}
	)
	name := func(task *intTask, ok bool) string {
		if !ok {
			if task != nil {
				return "a task beside false"
			}
			return "none"
		}
		return task.Name()
	}
	try := func(s *set, _ []*intTask) string { return name(s.TryNext()) }
	next := func(s *set, _ []*intTask) string { return name(s.Next(context.Background())) }
	add := func(is ...int) func(*set, []*intTask) string {
		return func(s *set, tasks []*intTask) string {
			for _, i := range is {
				s.Add(tasks[i])
			}
			return ""
		}
	}
	remove := func(i int) func(*set, []*intTask) string {
		return func(s *set, tasks []*intTask) string {
			if s.Remove(tasks[i]) {
				return "was in"
			}
			return "was not in"
		}
	}
	sleep := func(d time.Duration) func(*set, []*intTask) string {
		return func(*set, []*intTask) string { time.Sleep(d); return "" }
	}
	tests := []struct {
		name   string
		steps  []step
		reason string
	}{
		{"CI08 nothing", []step{
			{"TryNext", try, "none", 0}, {"Next", next, "none", 0}, {"Remove 0", remove(0), "was not in", 0},
		}, "an empty set has nothing, and nothing to wait for"},
		{"CI15 TryNext", []step{
			{"Add 1 2", add(1, 2), "", 2}, {"TryNext", try, "none", 2}, {"1 ends", sleep(time.Second + tick), "", 2}, {"TryNext", try, "1", 1},
			{"TryNext", try, "none", 1}, {"2 ends", sleep(time.Second), "", 1}, {"TryNext", try, "2", 0}, {"TryNext", try, "none", 0},
		}, "it never waits"},
		{"Next", []step{
			{"Add 3 1 2", add(3, 1, 2), "", 3}, {"Next", next, "1", 2}, {"Next", next, "2", 1}, {"Next", next, "3", 0}, {"Next", next, "none", 0},
		}, "in the order of the ends, which is not that of Add"},
		{"CI03 duplicates", []step{
			{"Add 1 1 2 1", add(1, 1, 2, 1), "", 2}, {"Next", next, "1", 1}, {"Next", next, "2", 0}, {"Next", next, "none", 0},
		}, "a task is in the set once"},
		{"duplicates of what is ready", []step{
			{"0 ends", sleep(tick), "", 0}, {"Add 0 0", add(0, 0), "", 1}, {"Add 0", add(0), "", 1}, {"TryNext", try, "0", 0}, {"TryNext", try, "none", 0},
		}, "also if it has ended"},
		{"again", []step{
			{"Add 1", add(1), "", 1}, {"Next", next, "1", 0}, {"Add 1", add(1), "", 1}, {"Next", next, "1", 0}, {"Next", next, "none", 0},
		}, "the set has forgotten what it has handed out"},
		{"CI23 ended first", []step{
			{"2 ends", sleep(2*time.Second + tick), "", 0}, {"Add 2 3 1 0", add(2, 3, 1, 0), "", 4}, {"TryNext", try, "2", 3}, {"TryNext", try, "1", 2},
			{"TryNext", try, "0", 1}, {"TryNext", try, "none", 1}, {"Next", next, "3", 0},
		}, "in the order in which they were given, before those that are to come"},
		{"Remove", []step{
			{"Add 1 2 3", add(1, 2, 3), "", 3}, {"Remove 1", remove(1), "was in", 2}, {"Remove 1", remove(1), "was not in", 2}, {"Remove 0", remove(0), "was not in", 2},
			{"Next", next, "2", 1}, {"Remove 2", remove(2), "was not in", 1}, {"Remove 3", remove(3), "was in", 0}, {"Next", next, "none", 0},
		}, "what is removed does not come"},
		{"Remove what is ready", []step{
			{"Add 0 1 2 3", add(0, 1, 2, 3), "", 4}, {"2 ends", sleep(2*time.Second + tick), "", 4}, {"Remove 1", remove(1), "was in", 3},
			{"TryNext", try, "0", 2}, {"Remove 2", remove(2), "was in", 1}, {"TryNext", try, "none", 1}, {"Next", next, "3", 0},
		}, "the middle and the last of those that wait to be taken"},
		{"Remove and Add", []step{
			{"Add 1 2", add(1, 2), "", 2}, {"Remove 1", remove(1), "was in", 1}, {"Add 1", add(1), "", 2}, {"Next", next, "1", 1},
			{"Remove 2", remove(2), "was in", 0}, {"2 ends", sleep(2 * time.Second), "", 0}, {"Add 2", add(2), "", 1}, {"TryNext", try, "2", 0},
		}, "a task may come back"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			tasks := seconds(t, 0, 1, 2, 3)
			var s waitset.WaitSet[*intTask] // the zero value is an empty set
			for i, step := range tc.steps {
				if says := step.do(&s, tasks); says != step.says || s.Len() != step.len {
					t.Fatalf("step %d, %s: %q with %d left in the set, want %q with %d: %s", i, step.what, says, s.Len(), step.says, step.len, tc.reason)
				}
			}
		})
	}
}

// To be in a set, or to be taken out of it, changes nothing for the task.
func TestW2_SetOwnsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		tasks := startIn(g, after(time.Second, 0), failing(2*time.Second), after(3*time.Second, 2))
		time.Sleep(tick)
		set := waitset.New(tasks...)
		set.Remove(tasks[2])
		want(t, "state of what was removed", tasks[2].State(), group.Running)
		for range set.All(t.Context()) {
		}
		want(t, "state of what was removed", tasks[2].State(), group.Running)
		vs, err := g.Wait()
		want(t, "values", vs, []int{0, 2}) // the group's loops and Wait have them, whatever a set has
		want(t, "error", err, errBoom)
	})
}

func TestW3_TaskInSeveralSets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks := seconds(t, 1, 2, 3)
		sets := []*waitset.WaitSet[*intTask]{waitset.New(tasks...), waitset.New(tasks[2], tasks[0]), waitset.New(tasks[1])}
		sets[0].Remove(tasks[0]) // from this one alone
		for i, w := range [][]int{{2, 3}, {1, 3}, {2}} {
			var got []int
			for task := range sets[i].All(t.Context()) {
				v, _ := task.Result()
				got = append(got, v)
			}
			want(t, "tasks of a set", got, w)
		}
	})
}

// One set over two scopes, one of them cancelled: each task comes, however it ended.
func TestW3_SetOverSeveralScopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := group.New[int](t.Context(), group.Name("a"))
		b := group.New[int](t.Context(), group.Name("b"), group.Limit(1))
		as, bs := startIn(a, after(time.Second, 1), after(4*time.Second, 4)), startIn(b, obedient, after(0, 5))
		set := waitset.New(as...)
		set.Add(bs...)
		time.AfterFunc(2*time.Second, func() { b.Cancel(errWhy) })
		type end struct {
			Task  *intTask
			State group.State
		}
		var got []end
		for task := range set.All(t.Context()) {
			got = append(got, end{task, task.State()})
		}
		if len(got) == 4 && got[1].Task == bs[1] { // these two ended in the same instant
			got[1], got[2] = got[2], got[1]
		}
		want(t, "ends", got, []end{{as[0], group.Succeeded}, {bs[0], group.Canceled}, {bs[1], group.NotStarted}, {as[1], group.Succeeded}})
		_, err := a.Wait()
		want(t, "error of a", err, nil)
		_, err = b.Wait()
		want(t, "error of b", err, errWhy)
		set.Add(bs...) // also after the end of their scope
		want(t, "tasks in the set", set.Len(), 2)
		for range set.All(over(t.Context())) {
		}
		want(t, "tasks in the set", set.Len(), 0)
	})
}
