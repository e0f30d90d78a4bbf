package group_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The order is completion order, not the order of submission; the body comes last.
func TestE1_AllFailuresInCompletionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(failingAfter(3*time.Second, io.EOF), group.Name("slow"))
			g.Go(sleeping(2*time.Second, 7))
			g.Go(failingAfter(time.Second, errBoom), group.Name("fast"))
			g.Do(func(context.Context) error {
				time.Sleep(4 * time.Second)
				return errOther
			}, group.Name("slowest"))
			<-ctx.Done()
			return fmt.Errorf("body's clean-up: %w", errWhy)
		}, group.Name("scope"))
		testutil.WantValues(t, vs, 7)
		testutil.WantFailures(t, err,
			entry{"fast", 2, errBoom}, entry{"slow", 0, io.EOF}, entry{"slowest", 3, errOther}, entry{"body", -1, errWhy})
		if e := testutil.ScopeError(t, err); e.Scope != "scope" || e.Omitted != 0 {
			t.Errorf("Scope is %q, Omitted %d; want the scope's name and 0", e.Scope, e.Omitted)
		}
	})
}

// What stopped the scope from outside stands between the tasks and the body.
func TestE1_OutsideStopComesBeforeTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(cleaningUp(errBoom), group.Name("task"))
			time.Sleep(tick)
			g.Cancel(errWhy)
			return errOther
		})
		testutil.WantFailures(t, err, entry{"task", 0, errBoom}, entry{"Cancel", -1, errWhy}, entry{"body", -1, errOther})
	})
}

func TestE1_UnwrapGivesTheFailures(t *testing.T) {
	g := group.New[int](t.Context(), group.KeepGoing())
	g.Go(failing(errBoom))
	g.Go(failing(errOther))
	_, err := g.Wait()
	e := testutil.ScopeError(t, err)
	var want []error
	for _, f := range e.Failures {
		want = append(want, f)
		if f.Unwrap() != f.Err {
			t.Errorf("failure %v unwraps to %v", f, f.Unwrap())
		}
	}
	if diff := cmp.Diff(want, e.Unwrap(), cmpopts.EquateErrors()); diff != "" || len(want) != 2 {
		t.Errorf("Unwrap (-failures +unwrap):\n%s", diff)
	}
}

func TestE1_EA13_Printing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := group.New[int](t.Context(), group.Name("scope"))
		one.Go(failing(errBoom), group.Name("task"))
		_, err := one.Wait()
		if got := testutil.ScopeError(t, err).Error(); got != "boom" {
			t.Errorf("one failure prints as %q, want its error alone", got)
		}
		several := group.New[int](t.Context(), group.KeepGoing())
		several.Go(failingAfter(1*time.Second, errBoom))
		several.Go(failingAfter(2*time.Second, errOther))
		several.Go(failingAfter(3*time.Second, io.EOF))
		_, err = several.Wait()
		lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
		for i, want := range []string{"boom", "other", "EOF"} {
			if at := len(lines) - 3 + i; at < 0 || !strings.Contains(lines[at], want) {
				t.Errorf("line %d of three failures does not hold %q:\n%s", i, want, err)
			}
		}
	})
}

func TestE1_KeepGoingRunsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		g.Go(failing(errBoom), group.Name("a"))
		g.Go(sleeping(time.Second, 7))
		g.Go(failingAfter(2*time.Second, errOther), group.Name("b"))
		time.Sleep(time.Second)
		if err := g.Context().Err(); err != nil {
			t.Errorf("a failure under KeepGoing ended the context: %v", err)
		}
		vs, err := g.Wait()
		testutil.WantValues(t, vs, 7)
		testutil.WantFailures(t, err, entry{"a", 0, errBoom}, entry{"b", 2, errOther})
	})
}

// A loop takes what it was given, except the failure that explains why everything else stopped.
func TestE1_WhatALoopTook(t *testing.T) {
	tests := []struct {
		name   string
		opt    group.Option
		want   []entry
		reason string
	}{
		{"FailFast", group.FailFast(), []entry{{"bad", 0, errBoom}}, "the failure that stopped the scope is always reported"},
		{"KeepGoing", group.KeepGoing(), []entry{{"worse", 1, errOther}}, "the taken one was delivered to the loop, the other to nobody"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
				g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
				if task, _ := g.Next(context.Background()); task.Name() != "bad" {
					t.Errorf("the loop got task %q", task.Name())
				}
				g.Go(failing(errOther), group.Name("worse"))
				return nil
			}, tt.opt)
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
		})
	}
}

// Expected errors go to whoever asks for them; a panic is never an expected error.
func TestEA27_FailuresForTheJoinerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var taken error
		body := func(last func(context.Context) (int, error)) func(context.Context, *intGroup) error {
			return func(_ context.Context, g *intGroup) error {
				g.Go(failing(errBoom))
				task, _ := g.Next(context.Background())
				taken = task.Err()
				g.Go(last)
				return nil
			}
		}
		vs, err := group.Run(t.Context(), body(value(1)), group.KeepGoing())
		testutil.WantValues(t, vs, 1)
		testutil.WantFailures(t, err)
		testutil.WantError(t, "taken", taken, errBoom)
		p := testutil.Propagated(t, func() {
			group.Run(t.Context(), body(func(context.Context) (int, error) { panic("bug") }), group.KeepGoing())
		})
		if p.Value != "bug" {
			t.Errorf("the panic's value is %v", p.Value)
		}
	})
}

func TestE1_DiscardKeepsTheFirstHundred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Discard(), group.KeepGoing(), group.Limit(1))
		for i := range 250 {
			if i%2 == 0 {
				g.Go(value(i))
			}
			g.Go(failing(fmt.Errorf("failure %d", i)))
		}
		vs, err := g.Wait()
		testutil.WantValues(t, vs)
		e := testutil.ScopeError(t, err)
		if len(e.Failures) != 100 || e.Omitted != 150 {
			t.Fatalf("kept %d failures, omitted %d; want 100 and 150", len(e.Failures), e.Omitted)
		}
		for i, f := range e.Failures {
			if want := fmt.Sprintf("failure %d", i); f.Err.Error() != want {
				t.Errorf("failure %d is %v: not the first hundred, in order", i, f.Err)
			}
		}
	})
}

func TestEA04_BodyAndChildFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(cleaningUp(errBoom), group.Name("child"))
			time.Sleep(tick)
			return errOther
		})
		testutil.WantFailures(t, err, entry{"child", 0, errBoom}, entry{"body", -1, errOther})
	})
}

// A supervisor is a scope that keeps going; its own failure still ends it.
func TestEA15_SupervisorBodyFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(c.straggler)
			g.Go(cleaningUp(errBoom), group.Name("child"))
			time.Sleep(tick)
			return errOther
		}, group.KeepGoing())
		c.WantNone(t)
		testutil.WantFailures(t, err, entry{"child", 1, errBoom}, entry{"body", -1, errOther})
	})
}

func TestEA12_SimultaneousFailuresAreAllKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		all := []error{errBoom, errOther, errWhy, io.EOF}
		for _, err := range all {
			g.Go(failingAfter(time.Second, err))
		}
		_, err := g.Wait()
		// All wake in the same instant. Which is first is open; one that had begun is never lost.
		for _, want := range all {
			testutil.WantError(t, "Wait", err, want)
		}
		if n := len(testutil.ScopeError(t, err).Failures); n != len(all) {
			t.Errorf("%d failures, want %d", n, len(all))
		}
	})
}

// Structured: the first failure cancels those that are still at work.
func TestEA18_FailureCancelsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := group.New[int](t.Context())
		rest := []*intTask{g.Go(obedient), g.Go(obedient)}
		g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 2, errBoom})
		for _, task := range rest {
			wantState(t, task, group.Canceled)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("took %v, want no longer than the failure", d)
		}
	})
}

// The same error object counts once; what somebody wrapped around it is news.
func TestEA10_EA11_BodyPassesOnATasksError(t *testing.T) {
	wrap := func(err error) error { return &fs.PathError{Op: "open", Path: "x", Err: err} }
	tests := []struct {
		name   string
		pass   func(err error) error
		want   []entry
		reason string
	}{
		{"EA10 itself", func(err error) error { return err }, []entry{{"bad", 0, errBoom}}, "listed already"},
		{"EA11 wrapped", wrap, []entry{{"bad", 0, errBoom}, {"body", -1, errBoom}}, "the wrapper says something new"},
	}
	for _, opt := range []group.Option{group.FailFast(), group.KeepGoing()} {
		for _, tt := range tests {
			testutil.Bubble(t, fmt.Sprint(tt.name, " ", opt), func(t *testing.T) {
				_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
					_, err := g.Go(failing(errBoom), group.Name("bad")).Wait(context.Background())
					return tt.pass(err)
				}, opt)
				t.Log(tt.reason)
				testutil.WantFailures(t, err, tt.want...)
			})
		}
	}
}

// A task that gives back the cause it was cancelled with adds nothing and makes no cycle.
func TestEA10_TaskRethrowsTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return 0, context.Cause(ctx)
			})
			g.Go(failingAfter(time.Second, errBoom), group.Name("bad"))
			<-ctx.Done()
			return context.Cause(ctx)
		})
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
	})
}
