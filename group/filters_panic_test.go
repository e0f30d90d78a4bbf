package group_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Panics that are errors and Goexits are failures like others, also to filters. A panic that propagates is none of their business.
func TestE4_P1_FiltersOfPanicsAndGoexits(t *testing.T) {
	isPanic := func(err error) bool {
		var p *group.PanicError
		return errors.As(err, &p)
	}
	tests := []struct {
		name   string
		filter group.Option
		fn     func(context.Context) (int, error)
		want   []entry
		reason string
	}{
		{"by value", group.Ignore(errBoom), panickingTask, nil, "a *PanicError unwraps to its value"},
		{"by type", group.IgnoreFunc(isPanic), panickingTask, nil, "a panic is recognised by its type"},
		{"mapped", to(errBoom, errMapped), panickingTask, []entry{{"task", 0, errMapped}}, "as with any error"},
		{"Goexit", group.Ignore(group.ErrGoexit), goexitingTask, nil, "an error like any"},
		{"Goexit, mapped", to(group.ErrGoexit, errMapped), goexitingTask, []entry{{"task", 0, errMapped}}, "an error like any"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.PanicAsError(), tt.filter)
			task := g.Go(tt.fn, group.Name("task"))
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			wantState(t, task, group.Failed)
		})
	}
	for _, filter := range []group.Option{
		group.Ignore(errBoom), group.IgnoreFunc(func(error) bool { return true }), to(errBoom, nil), group.Echo(func(error) bool { return true }),
	} {
		synctest.Test(t, func(t *testing.T) {
			p := testutil.Propagated(t, func() {
				group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
					g.Go(panickingTask, group.Name("task"))
					return nil
				}, filter)
			})
			if p.Name != "task" || p.Value != any(errBoom) {
				t.Errorf("%v: panic of %q with %v", filter, p.Name, p.Value)
			}
		})
	}
}

// A filter that does not return stops the scope and comes out of Run; the error that it was asked about is not lost.
func TestP2_PA05_FilterThatDoesNotReturn(t *testing.T) {
	tests := []struct {
		name string
		make func(f func()) group.Option
	}{
		{"MapError", func(f func()) group.Option { return group.MapError(func(err error) error { f(); return err }) }},
		{"IgnoreFunc", func(f func()) group.Option { return group.IgnoreFunc(func(error) bool { f(); return false }) }},
		{"Echo", func(f func()) group.Option { return group.Echo(func(error) bool { f(); return false }) }},
	}
	for _, tt := range tests {
		for _, place := range []string{"task", "body"} {
			for _, how := range []string{"panics", "exits"} {
				for _, opt := range []group.Option{group.PanicPropagate(), group.PanicCrash()} {
					testutil.Bubble(t, fmt.Sprint(tt.name, " of a ", place, " ", how, " ", opt), func(t *testing.T) {
						var c crew
						var done bool
						filter := tt.make(func() {
							switch {
							case done:
							case how == "exits":
								done = true
								runtime.Goexit()
							default:
								done = true
								panic(errOther)
							}
						})
						var err error
						end := testutil.EndOf(func() {
							_, err = group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
								g.Go(func(ctx context.Context) (int, error) { // nil, not an echo: that would be asked about too
									c.straggler(ctx)
									return 7, nil
								})
								bad := g.Go(func(ctx context.Context) (int, error) {
									if place == "body" {
										return 7, nil
									}
									if tt.name == "Echo" {
										<-ctx.Done()
									}
									return 0, errBoom
								}, group.Name("bad"))
								time.Sleep(tick)
								if tt.name == "Echo" {
									g.Cancel(nil)
								}
								if place == "body" {
									return errBoom
								}
								bad.Wait(context.Background())
								return nil
							}, group.KeepGoing(), filter, opt)
						})
						c.WantNone(t)
						lost := entry{"bad", 1, errBoom}
						if place == "body" {
							lost = entry{"body", -1, errBoom}
						}
						switch {
						case how == "exits" && place == "body" && end.How == "goexited":
							// On the owner's own goroutine that may be the end of it.
						case how == "exits":
							has(t, testutil.ScopeError(t, err).Failures, lost, entry{tt.name, -1, group.ErrGoexit})
						default:
							p, ok := end.Value.(*group.PanicError)
							if !ok || p.Name != tt.name || p.Index != -1 || p.Value != any(errOther) {
								t.Fatalf("Run %s with %#v, want the filter's panic", end.How, end.Value)
							}
							has(t, p.Failures, lost)
						}
					})
				}
			}
		}
	}
}

// has looks for failures whose order is not the matter.
func has(t *testing.T, fs []*group.Failure, want ...entry) {
	t.Helper()
	less := cmpopts.SortSlices(func(a, b entry) bool { return a.Name < b.Name })
	if diff := cmp.Diff(want, testutil.Entries(fs), cmpopts.EquateErrors(), less); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}
