package group_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Several things go wrong; one is reported: what stopped the scope, or else the first.
func TestE4_EA12_FirstError(t *testing.T) {
	type fn = func(context.Context) (int, error)
	type body = func(ctx context.Context, g *intGroup) error
	after := func(d time.Duration, err error) body {
		return func(context.Context, *intGroup) error { time.Sleep(d); return err }
	}
	tests := []struct {
		name   string
		opts   []group.Option
		tasks  []fn
		body   body
		want   entry
		reason string
	}{
		{"FailFast", nil, []fn{failingAfter(2*time.Second, errOther), failingAfter(time.Second, errBoom)}, noBody,
			entry{"task", 1, errBoom}, "first in time"},
		{"clean-up", nil, []fn{cleaningUp(errOther), failingAfter(time.Second, errBoom)}, noBody,
			entry{"task", 1, errBoom}, "what came of it came later"},
		{"KeepGoing", []group.Option{group.KeepGoing()}, []fn{failingAfter(2*time.Second, errOther), failingAfter(time.Second, errBoom)}, noBody,
			entry{"task", 1, errBoom}, "nothing stopped the scope: the first"},
		{"Tolerate", []group.Option{group.Tolerate(1)}, []fn{failing(errOther), failingAfter(time.Second, errBoom)}, noBody,
			entry{"task", 1, errBoom}, "the one too many stopped the scope"},
		{"body", []group.Option{group.KeepGoing()}, []fn{failing(errOther)}, after(time.Second, errBoom),
			entry{"body", -1, errBoom}, "the body's failure stopped the scope"},
		{"Cancel", []group.Option{group.KeepGoing()}, []fn{failing(errOther), obedient}, func(_ context.Context, g *intGroup) error {
			time.Sleep(time.Second)
			g.Cancel(errWhy)
			return errBoom
		}, entry{"Cancel", -1, errWhy}, "before the body's, after the task's: it stopped the scope"},
		{"Cancel(nil)", []group.Option{group.KeepGoing()}, []fn{failing(errBoom), cleaningUp(errOther)}, func(_ context.Context, g *intGroup) error {
			time.Sleep(time.Second)
			g.Cancel(nil)
			return nil
		}, entry{"task", 0, errBoom}, "a clean stop is no failure: the first"},
		{"timeout", []group.Option{group.KeepGoing(), group.Timeout(time.Minute)}, []fn{failing(errBoom), obedient}, noBody,
			entry{"Timeout", -1, context.DeadlineExceeded}, "time stopped the scope"},
		{"timeout, nobody minds", []group.Option{group.KeepGoing(), group.Timeout(time.Minute)}, []fn{failing(errBoom), swallowing}, noBody,
			entry{"task", 0, errBoom}, "a timeout that is no failure is not reported as one"},
		{"StopWhen", []group.Option{group.StopWhen(func() func(group.Completion) bool {
			return func(c group.Completion) bool { return c.Index == 1 }
		})}, []fn{failing(errOther), failingAfter(time.Second, errBoom), cleaningUp(errOther)}, noBody,
			entry{"task", 1, errBoom}, "the rule said which"},
		{"UntilSuccess", []group.Option{group.UntilSuccess(1)}, []fn{failingAfter(2*time.Second, errOther), failing(errBoom)}, noBody,
			entry{"task", 1, errBoom}, "out of reach: the first"},
		{"UntilSuccess, no task", []group.Option{group.UntilSuccess(1)}, nil, noBody,
			tooFew, "there is but one"},
		{"mapped", []group.Option{to(errBoom, errMapped)}, []fn{failing(errBoom), cleaningUp(errOther)}, noBody,
			entry{"task", 0, errMapped}, "the report comes last"},
		{"ignored", []group.Option{group.KeepGoing(), group.Ignore(errOther)}, []fn{failing(errOther), failingAfter(time.Second, errBoom)}, noBody,
			entry{"task", 1, errBoom}, "the report comes last"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
				for _, fn := range tt.tasks {
					g.Go(fn, group.Name("task"))
				}
				return tt.body(ctx, g)
			}, append(tt.opts, group.FirstError())...)
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want)
			if e := testutil.ScopeError(t, err); e.Omitted != 0 || e.Error() != e.Failures[0].Err.Error() {
				t.Errorf("omitted %d, prints as %q; want 0 and the one error alone", e.Omitted, e)
			}
		})
	}
}

func TestE4_FirstErrorOfNone(t *testing.T) {
	g := group.New[int](t.Context(), group.FirstError())
	g.Go(value(7))
	vs, err := g.Wait()
	testutil.WantFailures(t, err)
	testutil.WantValues(t, vs, 7)
}

// Two hundred and fifty failures that nobody keeps: still one, and no count.
func TestE4_FirstErrorAndDiscard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.FirstError(), group.Discard(), group.KeepGoing(), group.Limit(1))
		g.Go(failing(errBoom), group.Name("first"))
		for range 249 {
			g.Go(failing(errOther))
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"first", 0, errBoom})
		if n := testutil.ScopeError(t, err).Omitted; n != 0 {
			t.Errorf("Omitted is %d, want 0", n)
		}
	})
}

// A panic is no time to keep things back.
func TestP1_FirstErrorDoesNotShortenAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(failing(errBoom), group.Name("a"))
				g.Go(failingAfter(time.Second, errOther), group.Name("b"))
				g.Go(func(context.Context) (int, error) { time.Sleep(2 * time.Second); panic("bug") })
				return nil
			}, group.KeepGoing(), group.FirstError())
		})
		want := []entry{{"a", 0, errBoom}, {"b", 1, errOther}}
		if diff := cmp.Diff(want, testutil.Entries(p.Failures), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("other failures (-want +got):\n%s", diff)
		}
	})
}
