package group_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestP2_PA05_RuleThatDoesNotReturn(t *testing.T) {
	for _, opt := range []group.Option{group.PanicPropagate(), group.PanicAsError(), group.PanicCrash()} {
		for _, how := range []string{"panics", "exits"} {
			for _, at := range []string{"success", "failure", "NotStarted"} {
				testutil.Bubble(t, fmt.Sprint(how, " at ", at, " ", opt), func(t *testing.T) {
					var c crew
					g := group.New[int](t.Context(), opt, group.Limit(2), group.StopWhen(func() func(group.Completion) bool {
						return func(group.Completion) bool {
							if how == "exits" {
								runtime.Goexit()
							}
							panic(errOther)
						}
					}))
					g.Go(c.straggler)
					var want []entry
					switch at {
					case "success":
						g.Go(value(1))
					case "failure":
						g.Go(failing(errBoom), group.Name("bad"))
						want = append(want, entry{"bad", 1, errBoom})
					case "NotStarted":
						g.Go(c.straggler)
						queued := g.Go(value(1))
						testutil.EndOf(func() { queued.Cancel(nil) }) // whose goroutine asks the rule is open
					}
					g.Go(obedient)
					var err error
					end := testutil.EndOf(func() { _, err = g.Wait() })
					c.WantNone(t)
					if how == "exits" {
						if end.How != "returned" {
							t.Fatalf("Wait %s (%v)", end.How, end.Value)
						}
						testutil.WantFailures(t, err, append(want, entry{"StopWhen", -1, group.ErrGoexit})...)
						return
					}
					p, ok := end.Value.(*group.PanicError)
					if !ok || p.Name != "StopWhen" || p.Index != -1 || p.Value != any(errOther) || len(p.Stack) == 0 {
						t.Fatalf("Wait %s with %#v, want the rule's panic", end.How, end.Value)
					}
					if diff := cmp.Diff(want, testutil.Entries(p.Failures), cmpopts.EquateErrors()); diff != "" {
						t.Errorf("other failures (-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

// No rule, no scope.
func TestP2_NewRuleThatPanics(t *testing.T) {
	entered := false
	for _, call := range []func(opt group.Option){
		func(opt group.Option) { group.New[int](t.Context(), opt) },
		func(opt group.Option) {
			group.Run(t.Context(), func(context.Context, *intGroup) error { entered = true; return nil }, opt)
		},
	} {
		got := testutil.PanicOf(t, func() { call(group.StopWhen(func() func(group.Completion) bool { panic(errBoom) })) })
		if got != any(errBoom) {
			t.Errorf("panic is %v, want newRule's own", got)
		}
		testutil.PanicOf(t, func() { call(group.StopWhen(func() func(group.Completion) bool { return nil })) })
	}
	if entered {
		t.Error("the body was entered")
	}
}
