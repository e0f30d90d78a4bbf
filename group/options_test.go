package group_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestOptions_PrintAsGoSource(t *testing.T) {
	tests := []struct {
		opt    any
		want   string
		reason string
	}{
		{group.Limit(8), `group.Limit(8)`, "a number"},
		{group.FailFast(), `group.FailFast()`, "no argument"},
		{group.KeepGoing(), `group.KeepGoing()`, "no argument"},
		{group.Name("x"), `group.Name("x")`, "quoted"},
		{group.Name(`say "x"`), `group.Name("say \"x\"")`, "quoted as Go quotes"},
		{group.Timeout(time.Second), `group.Timeout(1s)`, "a duration as one reads it"},
		{group.Timeout(90 * time.Minute), `group.Timeout(1h30m0s)`, "a duration as one reads it"},
		{group.Discard(), `group.Discard()`, "no argument"},
		{group.CancelOnReturn(), `group.CancelOnReturn()`, "no argument"},
		{group.PanicPropagate(), `group.PanicPropagate()`, "no argument"},
		{group.PanicAsError(), `group.PanicAsError()`, "no argument"},
		{group.PanicCrash(), `group.PanicCrash()`, "no argument"},
		{group.OwnGoroutine(), `group.OwnGoroutine()`, "a task option"},
		{group.Options(), `group.Options()`, "an empty list is one too"},
		{group.Options(group.Limit(8), group.KeepGoing()), `group.Options(group.Limit(8), group.KeepGoing())`, "a list"},
		{group.Options(group.Limit(8), group.Options(group.Name("x"))), `group.Options(group.Limit(8), group.Options(group.Name("x")))`,
			"a list in a list"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(tt.opt); got != tt.want {
			t.Errorf("prints as %s, want %s: %s", got, tt.want, tt.reason)
		}
	}
}

func TestL2_OptionsThatMakeNoSensePanic(t *testing.T) {
	tests := []struct {
		want   string
		call   func()
		reason string
	}{
		{"group: Limit needs n ≥ 1, got 0", func() { group.Limit(0) }, "nothing could ever run"},
		{"group: Limit needs n ≥ 1, got -3", func() { group.Limit(-3) }, "no code for unlimited: leave the option out"},
		{"group: Timeout needs d > 0, got 0s", func() { group.Timeout(0) }, "no code for never either"},
		{"group: Timeout needs d > 0, got -1s", func() { group.Timeout(-time.Second) }, "late before it began"},
		{`group: Name needs a name, got ""`, func() { group.Name("") }, "no name is the absence of the option"},
	}
	for _, tt := range tests {
		if got := testutil.PanicOf(t, tt.call); got != tt.want {
			t.Errorf("panic is %q, want %q: %s", got, tt.want, tt.reason)
		}
	}
}

// most returns how many of ten tasks a scope with these options lets run at once.
func most(t *testing.T, opts ...group.Option) int {
	t.Helper()
	var c crew
	var top atomic.Int32
	_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
		for range 10 {
			g.Go(c.counted(func(context.Context) (int, error) {
				time.Sleep(time.Second)
				if n := c.Alive.Load(); n > top.Load() {
					top.Store(n)
				}
				time.Sleep(time.Second)
				return 0, nil
			}))
		}
		return nil
	}, opts...)
	testutil.WantFailures(t, err)
	return int(top.Load())
}

func TestOptions_LaterWinsThroughLists(t *testing.T) {
	two, three := group.Limit(2), group.Limit(3)
	tests := []struct {
		name   string
		opts   []group.Option
		want   int
		reason string
	}{
		{"one", []group.Option{two}, 2, "the plain case"},
		{"later", []group.Option{two, three}, 3, "the last of a single-valued option"},
		{"list last", []group.Option{two, group.Options(three)}, 3, "a list stands where its options would"},
		{"list first", []group.Option{group.Options(three, group.KeepGoing()), two}, 2, "so it can be overruled"},
		{"within a list", []group.Option{group.Options(group.Options(two), three)}, 3, "the order within counts"},
		{"empty list", []group.Option{two, group.Options()}, 2, "nothing changes nothing"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			if got := most(t, tt.opts...); got != tt.want {
				t.Errorf("%d tasks ran at once, want %d: %s", got, tt.want, tt.reason)
			}
		})
	}
}

// An option is a value: one may serve many scopes at once and counts nothing across them.
func TestOptions_OneValueServesManyScopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := group.Options(group.Limit(2), group.KeepGoing(), group.Discard(), group.Timeout(time.Hour), group.Name("shared"))
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if n := most(t, opts); n != 2 {
					t.Errorf("%d tasks ran at once, want 2", n)
				}
			})
			wg.Go(func() {
				g := group.New[int](t.Context(), opts)
				for range 60 {
					g.Go(failing(errBoom))
				}
				_, err := g.Wait()
				if e := testutil.ScopeError(t, err); len(e.Failures) != 60 || e.Omitted != 0 || e.Scope != "shared" {
					t.Errorf("scope %q: %d failures, %d omitted", e.Scope, len(e.Failures), e.Omitted)
				}
			})
		}
		wg.Wait()
	})
}

func TestOptions_LastStopRuleWins(t *testing.T) {
	tests := []struct {
		opts []group.Option
		runs bool
	}{
		{[]group.Option{group.KeepGoing(), group.FailFast()}, false},
		{[]group.Option{group.FailFast(), group.KeepGoing()}, true},
		{[]group.Option{group.Options(group.KeepGoing(), group.FailFast())}, false},
		{nil, false},
	}
	for _, tt := range tests {
		testutil.Bubble(t, fmt.Sprint(tt.opts), func(t *testing.T) {
			g := group.New[int](t.Context(), append(tt.opts, group.Limit(1))...)
			g.Go(failing(errBoom))
			second := g.Go(value(7))
			_, err := g.Wait()
			testutil.WantError(t, "Wait", err, errBoom)
			if got := second.State() == group.Succeeded; got != tt.runs {
				t.Errorf("the second task is %v", second.State())
			}
		})
	}
}

// Whatever goroutine a task gets, its life is the same.
func TestOptions_OwnGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(2))
		for i := range 20 {
			g.Go(c.counted(sleeping(time.Second, i)), group.OwnGoroutine())
		}
		g.Go(goexitingTask, group.OwnGoroutine(), group.Name("exits"))
		g.Go(failing(errBoom), group.OwnGoroutine(), group.Name("fails"))
		last := g.Go(obedient, group.OwnGoroutine())
		time.Sleep(time.Hour)
		wantState(t, last, group.Running)
		last.Cancel(nil)
		vs, err := g.Wait()
		c.WantNone(t)
		if len(vs) != 20 {
			t.Errorf("%d values, want 20", len(vs))
		}
		if n := len(testutil.ScopeError(t, err).Failures); n != 2 {
			t.Errorf("%d failures, want 2:\n%v", n, err)
		}
	})
}
