package group_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A witness is a rule that notes what it is told.
type witness struct {
	built int
	seen  []group.Completion
}

// rule makes the option; the rule stops at the first completion for which stop is true.
func (w *witness) rule(stop func(group.Completion) bool) group.Option {
	return group.StopWhen(func() func(group.Completion) bool {
		w.built++
		return func(c group.Completion) bool {
			w.seen = append(w.seen, c)
			return stop(c)
		}
	})
}

func (w *witness) want(t *testing.T, want ...group.Completion) {
	t.Helper()
	if diff := cmp.Diff(want, w.seen, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("the rule was told (-want +got):\n%s", diff)
	}
}

func never(group.Completion) bool { return false }

// Four tasks, one after the other: 0, boom, 2, other. Where the rule stops them is all that differs.
func TestE4_StopWhen(t *testing.T) {
	all := []group.Completion{{0, "0", nil, false}, {1, "1", errBoom, false}, {2, "2", nil, false}, {3, "3", errOther, false}}
	boom, other := entry{"1", 1, errBoom}, entry{"3", 3, errOther}
	nth := func(n int) func(group.Completion) bool { return func(c group.Completion) bool { return c.Index == n } }
	tests := []struct {
		name   string
		stop   func(group.Completion) bool
		told   int // completions
		want   []entry
		values []int
		cause  error
		reason string
	}{
		{"never", never, 4, []entry{boom, other}, []int{0, 2}, nil, "no failure stops by itself; all are reported"},
		{"success", nth(0), 1, nil, []int{0}, context.Canceled, "a clean stop, as Cancel(nil)"},
		{"failure", nth(1), 2, []entry{boom}, []int{0}, errBoom, "because of that failure"},
		{"success after a failure", nth(2), 3, []entry{boom}, []int{0, 2}, context.Canceled, "a clean stop; the failure before is real"},
		{"last", nth(3), 4, []entry{boom, other}, []int{0, 2}, errOther, "too late to matter for anybody else"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var w witness
			g := group.New[int](t.Context(), group.Limit(1), w.rule(tt.stop))
			if w.built != 1 {
				t.Errorf("newRule was called %d times at the opening, want once", w.built)
			}
			for i, fn := range []func(context.Context) (int, error){sleeping(tick, 0), failing(errBoom), value(2), failing(errOther)} {
				g.Go(fn, group.Name(fmt.Sprint(i)))
			}
			vs, err := g.Wait()
			t.Log(tt.reason)
			w.want(t, all[:tt.told]...)
			testutil.WantFailures(t, err, tt.want...)
			testutil.WantValues(t, vs, tt.values...)
			if cause := context.Cause(g.Context()); tt.cause != nil && !errors.Is(cause, tt.cause) {
				t.Errorf("the cause is %v, want %v", cause, tt.cause)
			}
			if w.built != 1 {
				t.Errorf("newRule was called %d times, want once", w.built)
			}
		})
	}
}

// A rule hears of everyone, in the order in which they ended.
func TestE4_StopWhenIsToldOfEveryEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w witness
		mapped := errors.New("mapped")
		g := group.New[int](t.Context(), group.Limit(3), group.PanicAsError(), w.rule(never), group.Ignore(errBoom),
			group.MapError(func(err error) error {
				if errors.Is(err, errOther) {
					return mapped
				}
				return err
			}))
		alone := g.Go(obedient, group.Name("taken out"))
		g.Go(slowToStop, group.Name("slow"))
		g.Go(failing(errBoom), group.Name("ignored"))
		g.Go(failingAfter(1*time.Second, errOther), group.Name("mapped"))
		g.Go(func(context.Context) (int, error) { time.Sleep(time.Second); return goexitingTask(t.Context()) }, group.Name("exits"))
		g.Go(func(context.Context) (int, error) { time.Sleep(time.Second); panic(errOther) }, group.Name("panics"))
		g.Do(func(context.Context) error { time.Sleep(time.Second); return nil }, group.Name("action"))
		group.Go(g, func(context.Context) (string, error) { time.Sleep(time.Second); return "", nil }, group.Name("foreign"))
		time.Sleep(time.Minute)
		alone.Cancel(errWhy)
		time.Sleep(time.Minute)
		after := func(d time.Duration) func(context.Context) (int, error) { // its cancellation
			return func(ctx context.Context) (int, error) {
				<-ctx.Done()
				time.Sleep(d)
				return 0, ctx.Err()
			}
		}
		g.Go(after(tick), group.Name("stopped"))
		g.Go(after(time.Hour), group.Name("slowest"))
		g.Go(value(1), group.Name("queued")).Cancel(nil)
		time.Sleep(tick)
		g.Go(value(1), group.Name("left"))
		time.Sleep(tick)
		g.Cancel(errWhy)
		time.Sleep(time.Second) // the slow ones need more
		g.Go(value(1), group.Name("late"))
		g.Wait()
		w.want(t,
			group.Completion{2, "ignored", nil, false},
			group.Completion{3, "mapped", mapped, false},
			group.Completion{4, "exits", group.ErrGoexit, false},
			group.Completion{5, "panics", mapped, false},
			group.Completion{6, "action", nil, false},
			group.Completion{7, "foreign", nil, false},
			group.Completion{0, "taken out", context.Canceled, true},
			group.Completion{10, "queued", group.ErrNotStarted, true},
			group.Completion{11, "left", group.ErrNotStarted, true},
			group.Completion{8, "stopped", context.Canceled, true},
			group.Completion{12, "late", group.ErrNotStarted, true},
			group.Completion{1, "slow", context.Canceled, true},
			group.Completion{9, "slowest", context.Canceled, true},
		)
	})
}

// True at anything that is no failure is a clean stop.
func TestE4_StopWhenStopsCleanly(t *testing.T) {
	always := func(group.Completion) bool { return true }
	tests := []struct {
		name   string
		start  func(g *intGroup)
		reason string
	}{
		{"ignored", func(g *intGroup) { g.Go(failing(errBoom)) }, "an ignored failure is none"},
		{"echo", func(g *intGroup) {
			task := g.Go(obedient)
			time.Sleep(tick)
			task.Cancel(errWhy)
		}, "one task alone, through its handle"},
		{"never began", func(g *intGroup) { g.Go(value(1)).Cancel(errWhy) }, "nor is what did not run a failure"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(2), group.StopWhen(func() func(group.Completion) bool { return always }),
				group.Ignore(errBoom))
			rest := g.Go(patient(time.Hour, 1))
			if tt.name == "never began" {
				g.Go(patient(time.Hour, 1)) // the second place
			}
			synctest.Wait()
			tt.start(g)
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err)
			wantState(t, rest, group.Canceled)
			if cause := context.Cause(g.Context()); cause != context.Canceled {
				t.Errorf("the cause is %v, want that of Cancel(nil)", cause)
			}
		})
	}
}

// What a loop took is not reported, unless it is what stopped the scope.
func TestE1_StopWhenAndALoop(t *testing.T) {
	for _, stops := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), group.StopWhen(func() func(group.Completion) bool {
				return func(c group.Completion) bool { return stops && c.Name == "taken" }
			}))
			g.Go(failingAfter(tick, errBoom), group.Name("taken"))
			g.Go(failingAfter(time.Second, errOther), group.Name("left"))
			g.Next(t.Context())
			_, err := g.Wait()
			want := []entry{{"taken", 0, errBoom}, {"left", 1, errOther}}
			if !stops {
				want = want[1:]
			}
			testutil.WantFailures(t, err, want...)
		})
	}
}

// Twenty tasks end in the same moment; a rule takes its time with each.
func TestE4_M2_StopWhenOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inside atomic.Int32
		told := 0
		var g *intGroup
		rule := func(c group.Completion) bool {
			if inside.Add(1) != 1 {
				t.Error("the rule was called twice at once")
			}
			defer inside.Add(-1)
			time.Sleep(tick)
			g.Context().Err() // its scope is open to it
			if told++; told <= 3 {
				g.Go(value(100)) // ends while the rule is at work
			}
			return false
		}
		g = group.New[int](t.Context(), group.StopWhen(func() func(group.Completion) bool { return rule }))
		for i := range 20 {
			g.Go(sleeping(time.Second, i))
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		if told != 23 || len(vs) != 23 {
			t.Errorf("the rule was told of %d, and there are %d values; want 23", told, len(vs))
		}
	})
	synctest.Test(t, func(t *testing.T) { // a rule that cancels for itself
		var g *intGroup
		g = group.New[int](t.Context(), group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { g.Cancel(errWhy); return false }
		}))
		g.Go(value(1))
		g.Go(obedient)
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"Cancel", -1, errWhy})
	})
}
