package waitset_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

// Each row holds for the function and, the set being one of the same tasks, for the method.
func TestWM02_WM04_WM05_W4_Modes(t *testing.T) {
	const s = time.Second
	four := []intFunc{after(4*s, 0), after(s, 1), after(3*s, 2), after(2*s, 3)}
	two := []intFunc{after(4*s, 0), failing(2 * s), after(s, 2), failing(3 * s)}
	tests := []struct {
		name    string
		mode    waitset.Mode
		fns     []intFunc
		later   time.Duration // of the wait
		done    string
		pending string
		took    time.Duration
		reason  string
	}{
		{"one after the other", waitset.FirstCompleted, four, 0, "1", "0 2 3", s, "the rest is not waited for"},
		{"one after the other", waitset.AllCompleted, four, 0, "1 3 2 0", "", 4 * s, "in the order of their ends"},
		{"one after the other", waitset.FirstError, four, 0, "1 3 2 0", "", 4 * s, "WM04: none fails, so it waits for all"},
		{"two fail", waitset.FirstCompleted, two, 0, "2", "0 1 3", s, "one has ended"},
		{"two fail", waitset.AllCompleted, two, 0, "2 1 3 0", "", 4 * s, "WM05: a failure is an end like any"},
		{"two fail", waitset.FirstError, two, 0, "2 1", "0 3", 2 * s, "WM04: returns with the first failure"},
		{"some have ended", waitset.FirstCompleted, two, 2*s + tick, "1 2", "0 3", 0, "WM02: all that are done, in the order given"},
		{"some have ended", waitset.FirstError, two, 2*s + tick, "1 2", "0 3", 0, "a failure is among them"},
		{"none of the ended has failed", waitset.FirstError, two, s + tick, "2 1", "0 3", s - tick, "it still waits for one"},
		{"all have ended", waitset.AllCompleted, two, 5 * s, "0 1 2 3", "", 0, "CI23: in the order given"},
		{"all have ended", waitset.FirstError, two, 5 * s, "0 1 2 3", "", 0, "WM02: not only the one that failed"},
		{"a panic", waitset.FirstError, []intFunc{after(3*s, 0), func(context.Context) (int, error) {
			time.Sleep(s)
			panic(errBoom)
		}}, 0, "1", "0", s, "is a failure"},
	}
	for _, tc := range tests {
		for _, how := range []string{"Wait", "WaitSet.Wait"} {
			testutil.Bubble(t, fmt.Sprint(how, " ", tc.mode, " ", tc.name), func(t *testing.T) {
				g := group.New[int](t.Context(), group.KeepGoing(), group.PanicAsError())
				defer g.Wait()
				tasks := startIn(g, tc.fns...)
				time.Sleep(tc.later)
				start := time.Now()
				wait := func(m waitset.Mode) ([]*intTask, []*intTask, error) { return waitset.Wait(t.Context(), m, tasks...) }
				if how == "WaitSet.Wait" {
					set := waitset.New(tasks...)
					wait = func(m waitset.Mode) ([]*intTask, []*intTask, error) { return set.Wait(t.Context(), m) }
				}
				done, pending, err := wait(tc.mode)
				wantSince(t, start, tc.took)
				want(t, "error", err, nil)
				wantPartition(t, done, pending, tc.done, tc.pending)
				if t.Failed() {
					t.Log(tc.reason)
				}
			})
		}
	}
}

// What is cancelled, or never began, has not failed.
func TestWM04_CancelledTasksDoNotTrigger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(3))
		defer g.Wait()
		tasks := startIn(g, after(3*time.Second, 0), obedient, failing(2*time.Second), after(time.Second, 3))
		time.Sleep(tick)
		tasks[3].Cancel(nil) // before the end of another lets it begin
		tasks[1].Cancel(nil)
		done, pending, err := waitset.Wait(t.Context(), waitset.FirstError, tasks...)
		want(t, "error", err, nil)
		wantPartition(t, sorted(done), pending, "1 2 3", "0")
		var states []group.State
		for _, task := range done {
			states = append(states, task.State())
		}
		want(t, "states", states, []group.State{group.Canceled, group.Failed, group.NotStarted})
	})
}

func TestWM05_WaitNeverReturnsTheErrorOfATask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done, _, err := waitset.Wait(t.Context(), waitset.AllCompleted, start(t, failing(0), failing(time.Second))...)
		want(t, "error", err, nil)
		for _, task := range done {
			want(t, "the task's error", task.Err(), errBoom) // it is there for whoever asks
		}
	})
}

func TestWM09_NothingToWaitFor(t *testing.T) {
	for _, mode := range []waitset.Mode{waitset.FirstCompleted, waitset.FirstError, waitset.AllCompleted} {
		testutil.Bubble(t, mode.String(), func(t *testing.T) {
			var zero waitset.WaitSet[*intTask]
			for name, wait := range map[string]func(context.Context) ([]*intTask, []*intTask, error){
				"Wait": func(ctx context.Context) ([]*intTask, []*intTask, error) { return waitset.Wait[*intTask](ctx, mode) },
				"New": func(ctx context.Context) ([]*intTask, []*intTask, error) {
					return waitset.New[*intTask]().Wait(ctx, mode)
				},
				"the zero value": func(ctx context.Context) ([]*intTask, []*intTask, error) { return zero.Wait(ctx, mode) },
			} {
				for _, ctx := range []context.Context{t.Context(), over(t.Context())} {
					if done, pending, err := wait(ctx); done != nil || pending != nil || err != nil {
						t.Errorf("%s gives %v, %v, %v", name, done, pending, err)
					}
				}
			}
		})
	}
}

func TestWM09_MI09_WaitsThatMakeNoSense(t *testing.T) {
	set := waitset.New[*intTask]()
	mixed := waitset.New[group.Handle]()
	var none *intTask
	tests := []struct {
		name string
		call func()
		want any
	}{
		{"mode", func() { set.Wait(t.Context(), 9) }, "waitset: unknown mode Mode(9)"},
		{"mode of function", func() { waitset.Wait[*intTask](t.Context(), 3) }, "waitset: unknown mode Mode(3)"},
		{"nil task", func() { set.Add(none) }, "waitset: handle 0 is nil"},
		{"nil handle", func() { mixed.Add(nil) }, "waitset: handle 0 is nil"},
		{"nil task in a handle", func() { mixed.Add(none) }, "waitset: handle 0 is nil"},
		{"nil task in New", func() { waitset.New(none, none) }, "waitset: handle 0 is nil"},
		{"nil task in Wait", func() { waitset.Wait(t.Context(), waitset.AllCompleted, none) }, "waitset: handle 0 is nil"},
		{"nil task in Remove", func() { set.Remove(none) }, "waitset: handle is nil"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := testutil.PanicOf(t, tc.call)
			if err, ok := got.(error); ok {
				got = err.Error()
			}
			want(t, "panic", got, tc.want)
		})
	}
	for name, call := range map[string]func(ctx context.Context){
		"Next": func(ctx context.Context) { set.Next(ctx) },
		"Wait": func(ctx context.Context) { set.Wait(ctx, waitset.AllCompleted) },
		"All": func(ctx context.Context) {
			for range set.All(ctx) {
			}
		},
	} {
		t.Run(name+" without a context", func(t *testing.T) { testutil.PanicOf(t, func() { call(nil) }) })
	}
}

func TestMode_String(t *testing.T) {
	want(t, "names", fmt.Sprint(waitset.AllCompleted, waitset.FirstCompleted, waitset.FirstError, waitset.Mode(7)),
		"AllCompleted FirstCompleted FirstError Mode(7)")
	want(t, "the zero value", waitset.Mode(0), waitset.AllCompleted)
}

// errors.Is finds what ctx says and why; it is not told as the cause of another wait.
func TestWM07_ErrorOfAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks := seconds(t, 10)
		_, _, err := waitset.Wait(testutil.CancelledIn(t.Context(), time.Second, errWhy), waitset.AllCompleted, tasks...)
		if !errors.Is(err, errWhy) || !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v, want the cause and what ctx says", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err = waitset.Wait(ctx, waitset.AllCompleted, tasks...)
		want(t, "error", err, context.DeadlineExceeded)
	})
}
