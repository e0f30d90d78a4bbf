package group_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func newTestRule() func(group.Completion) bool { return never }

func ignoreNothing(error) bool { return false }

func mapNothing(err error) error { return err }

func tellNobody([]group.StuckTask) {}

// Options for policies, limits and watching print as the calls that made them, with the names of functions.
func TestOptions_PoliciesPrintAsGoSource(t *testing.T) {
	limiter := group.NewLimiter(3)
	tests := []struct {
		opt    any
		want   string
		reason string
	}{
		{group.Tolerate(3), `group.Tolerate(3)`, "a number"},
		{group.UntilSuccess(1), `group.UntilSuccess(1)`, "a number"},
		{group.StopWhen(newTestRule), `group.StopWhen(group_test.newTestRule)`, "the function's short name"},
		{group.StopWhen(func() func(group.Completion) bool { return never }),
			`group.StopWhen(group_test.TestOptions_PoliciesPrintAsGoSource.func1)`, "a literal has a name too"},
		{group.Ignore(io.EOF), `group.Ignore("EOF")`, "the errors' texts"},
		{group.Ignore(io.EOF, context.Canceled), `group.Ignore("EOF", "context canceled")`, "all of them"},
		{group.Ignore(errors.New(`a "b"`)), `group.Ignore("a \"b\"")`, "quoted as Go quotes"},
		{group.IgnoreFunc(ignoreNothing), `group.IgnoreFunc(group_test.ignoreNothing)`, "the function's short name"},
		{group.MapError(mapNothing), `group.MapError(group_test.mapNothing)`, "the function's short name"},
		{group.Echo(ignoreNothing), `group.Echo(group_test.ignoreNothing)`, "the function's short name"},
		{group.FirstError(), `group.FirstError()`, "no argument"},
		{group.Queue(4), `group.Queue(4)`, "a number"},
		{limiter, `group.NewLimiter(3)`, "a limiter is no option, and prints all the same"},
		{group.SharedLimit(limiter), `group.SharedLimit(group.NewLimiter(3))`, "a call in a call"},
		{group.Weight(2), `group.Weight(2)`, "a number"},
		{group.Daemon(), `group.Daemon()`, "no argument"},
		{group.OnStuck(5*time.Second, tellNobody), `group.OnStuck(5s, group_test.tellNobody)`, "two arguments"},
		{group.Options(group.Tolerate(2), group.Options(group.Ignore(io.EOF), group.FirstError())),
			`group.Options(group.Tolerate(2), group.Options(group.Ignore("EOF"), group.FirstError()))`, "lists of them"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(tt.opt); got != tt.want {
			t.Errorf("prints as %s, want %s: %s", got, tt.want, tt.reason)
		}
	}
}

func TestL2_MI09_PoliciesThatMakeNoSensePanic(t *testing.T) {
	ctx := t.Context()
	var noContext context.Context
	nothing := func(context.Context) error { return nil }
	begin := func(context.Context, func(int) bool) error { return nil }
	g := group.New[int](ctx)
	defer g.Wait()
	tests := []struct {
		want   string
		call   func()
		reason string
	}{
		{"group: Tolerate needs n ≥ 1, got 0", func() { group.Tolerate(0) }, "that is FailFast"},
		{"group: Tolerate needs n ≥ 1, got -2", func() { group.Tolerate(-2) }, "no code for any number"},
		{"group: UntilSuccess needs n ≥ 1, got 0", func() { group.UntilSuccess(0) }, "reached before it began"},
		{"group: StopWhen needs a function, got nil", func() { group.StopWhen(nil) }, "not at the first failure"},
		{"group: Ignore needs errors, got none", func() { group.Ignore() }, "surely not meant"},
		{"group: Ignore: error 0 is nil", func() { group.Ignore(nil) }, "nil is no error"},
		{"group: Ignore: error 1 is nil", func() { group.Ignore(io.EOF, nil) }, "says which one"},
		{"group: IgnoreFunc needs a function, got nil", func() { group.IgnoreFunc(nil) }, "each says its own name"},
		{"group: MapError needs a function, got nil", func() { group.MapError(nil) }, "each says its own name"},
		{"group: Echo needs a function, got nil", func() { group.Echo(nil) }, "each says its own name"},
		{"group: Queue needs n ≥ 1, got 0", func() { group.Queue(0) }, "nobody could wait, nor begin"},
		{"group: NewLimiter needs n ≥ 1, got 0", func() { group.NewLimiter(0) }, "nothing could ever run"},
		{"group: NewLimiter needs n ≥ 1, got -1", func() { group.NewLimiter(-1) }, "no code for unlimited"},
		{"group: SharedLimit needs a limiter, got nil", func() { group.SharedLimit(nil) }, "leave the option out"},
		{"group: Weight needs n ≥ 1, got 0", func() { group.Weight(0) }, "everything weighs something"},
		{"group: OnStuck needs d > 0, got 0s", func() { group.OnStuck(0, tellNobody) }, "at once is too early"},
		{"group: OnStuck needs d > 0, got -1s", func() { group.OnStuck(-time.Second, tellNobody) }, "and before that as well"},
		{"group: OnStuck needs a function, got nil", func() { group.OnStuck(time.Second, nil) }, "nobody to tell"},
		{"group: Shield needs grace > 0, got 0s", func() { group.Shield(ctx, 0, nothing) }, "a shield of nothing"},
		{"group: Shield needs grace > 0, got -1s", func() { group.Shield(ctx, -time.Second, nothing) }, "no code for ever"},
		{"group: Shield needs a function, got nil", func() { group.Shield(ctx, time.Second, nil) }, "nothing to shield"},
		{"group: Shield needs a context, got nil", func() { group.Shield(noContext, time.Second, nothing) }, "nothing to shield from"},
		{"group: Start needs a context, got nil", func() { group.Start(noContext, g, begin) }, "each says what is missing"},
		{"group: Start needs a scope, got nil", func() { group.Start(ctx, nil, begin) }, "each says what is missing"},
		{"group: Start needs a function, got nil", func() { group.Start[int](ctx, g, nil) }, "each says what is missing"},
		{"group: option 1 is nil", func() { group.Start(ctx, g, begin, group.Daemon(), nil) }, "task options are checked there too"},
		{"group: option 1 is nil", func() { g.Go(value(1), group.Weight(1), nil) }, "task options are checked there too"},
	}
	for _, tt := range tests {
		if got := testutil.PanicOf(t, tt.call); got != tt.want {
			t.Errorf("panic is %q, want %q: %s", got, tt.want, tt.reason)
		}
	}
}

// One value of each in several scopes, one after the other and at once: nothing of one is seen in another.
func TestE4_FilterValuesServeManyScopes(t *testing.T) {
	opts := group.Options(group.KeepGoing(), group.Ignore(io.EOF), to(errOther, errMapped), group.Echo(isStopped), group.FirstError(),
		group.OnStuck(time.Hour, tellNobody), group.Queue(8), group.SharedLimit(group.NewLimiter(2)))
	for range 20 {
		_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Go(failing(io.EOF))
			g.Go(failing(errOther), group.Name("task"))
			return nil
		}, opts)
		testutil.WantFailures(t, err, entry{"task", 1, errMapped})
	}
}

// Of rules, limits and queues the last one counts; a list stands where its options would.
func TestOptions_LastRuleOfAnyKindWins(t *testing.T) {
	tests := []struct {
		opts   []group.Option
		runs   bool // the task after two failures
		fails  bool
		reason string
	}{
		{[]group.Option{group.Tolerate(1), group.Tolerate(2)}, true, false, "another number"},
		{[]group.Option{group.Tolerate(2), group.Tolerate(1)}, false, true, "another number"},
		{[]group.Option{group.KeepGoing(), group.Tolerate(2)}, true, false, "another rule"},
		{[]group.Option{group.Tolerate(2), group.KeepGoing()}, true, true, "another rule"},
		{[]group.Option{group.UntilSuccess(1), group.FailFast()}, false, true, "no goal is left over"},
		{[]group.Option{group.FailFast(), group.UntilSuccess(1)}, true, false, "the goal is reached"},
		{[]group.Option{group.StopWhen(newTestRule), group.FailFast()}, false, true, "no rule is left over"},
		{[]group.Option{group.FailFast(), group.StopWhen(newTestRule)}, true, true, "a rule of one's own"},
		{[]group.Option{group.Options(group.FailFast(), group.KeepGoing()), group.Options(group.Tolerate(2))}, true, false, "lists"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, fmt.Sprint(tt.opts), func(t *testing.T) {
			g := group.New[int](t.Context(), append(tt.opts, group.Limit(1))...)
			g.Go(failing(errBoom))
			g.Go(failing(errOther))
			last := g.Go(value(7))
			_, err := g.Wait()
			if ran := last.State() == group.Succeeded; ran != tt.runs || (err != nil) != tt.fails {
				t.Errorf("the last task is %v, the error %v: %s", last.State(), err, tt.reason)
			}
		})
	}
}
