package group_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// diary is an observer that notes what it is told, and puts a task's name into its context.
type diary struct {
	mu    sync.Mutex
	lines []string
	first string // in each line
}

type whoKey struct{}

func (d *diary) observe(ctx context.Context, e group.Event) context.Context {
	line := d.first + e.Kind.String() + " " + e.Scope.Name()
	if e.Task != nil {
		line += fmt.Sprintf(" %s[%d]", e.Task.Name(), e.Task.Index())
	}
	switch e.Kind {
	case group.TaskEnded:
		line += fmt.Sprintf(" %v %v", e.State, e.Err)
	case group.ScopeEnded:
		line += fmt.Sprintf(" %v", e.Err)
	}
	if who := ctx.Value(whoKey{}); who != nil {
		line += fmt.Sprintf(" in %v", who)
	}
	d.mu.Lock()
	d.lines = append(d.lines, line)
	d.mu.Unlock()
	switch e.Kind {
	case group.ScopeOpened:
		return context.WithValue(ctx, whoKey{}, e.Scope.Name())
	case group.TaskStarted:
		return context.WithValue(ctx, whoKey{}, e.Task.Name())
	}
	return nil
}

func (d *diary) want(t *testing.T, lines ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if diff := cmp.Diff(lines, d.lines); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// count returns how many lines begin with s.
func (d *diary) count(s string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lines {
		if strings.HasPrefix(l, s) {
			n++
		}
	}
	return n
}

func TestObserve_TheLifeOfAScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(sleeping(time.Second, 1), group.Name("good"))
			synctest.Wait()
			g.Go(failingAfter(2*time.Second, errBoom), group.Name("bad"))
			synctest.Wait()
			g.Go(func(ctx context.Context) (int, error) {
				time.Sleep(time.Millisecond)
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
					g.Go(obedient, group.Name("leaf"))
					return nil
				}, group.Name("inner"))
				return 0, err
			}, group.Name("nested"))
			return nil
		}, group.Name("outer"), group.Observe(d.observe))
		testutil.WantError(t, "Run", err, errBoom)
		for i := range d.lines[1:] { // that a task was queued may be told after its begin
			if what, ok := strings.CutPrefix(d.lines[i], "TaskStarted"); ok && d.lines[i+1] == "TaskQueued"+what {
				d.lines[i], d.lines[i+1] = d.lines[i+1], d.lines[i]
			}
		}
		d.want(t,
			"ScopeOpened outer",
			"TaskQueued outer good[0] in outer",
			"TaskStarted outer good[0] in outer",
			"TaskQueued outer bad[1] in outer",
			"TaskStarted outer bad[1] in outer",
			"TaskQueued outer nested[2] in outer",
			"TaskStarted outer nested[2] in outer",
			"ScopeOpened inner nested[2] in nested",
			"TaskQueued inner leaf[0] in inner",
			"TaskStarted inner leaf[0] in inner",
			"TaskEnded outer good[0] Succeeded <nil> in good",
			"TaskEnded outer bad[1] Failed boom in bad",
			"TaskEnded inner leaf[0] Canceled context canceled in leaf",
			"ScopeEnded inner bad[1]: boom in inner",
			"TaskEnded outer nested[2] Canceled bad[1]: boom in nested",
			"ScopeEnded outer boom in outer",
		)
	})
}

// Every way to start a task, and every way to end one, is told of once.
func TestObserve_EveryTask(t *testing.T) {
	tests := []struct {
		name  string
		opts  []group.Option
		run   func(t *testing.T, g *intGroup)
		ended []string
	}{
		{"Go of another type", nil, func(_ *testing.T, g *intGroup) { group.Go(g, value("x")) }, []string{"Succeeded <nil>"}},
		{"Do", nil, func(_ *testing.T, g *intGroup) { g.Do(func(context.Context) error { return errBoom }) }, []string{"Failed boom"}},
		{"TryGo", []group.Option{group.Limit(1)}, func(_ *testing.T, g *intGroup) {
			g.TryGo(sleeping(time.Second, 1))
			g.TryGo(value(2)) // is no task
		}, []string{"Succeeded <nil>"}},
		{"daemon", nil, func(_ *testing.T, g *intGroup) { g.Go(obedient, group.Daemon()) }, []string{"Canceled context canceled"}},
		{"Start, ready", nil, func(t *testing.T, g *intGroup) {
			group.Start(t.Context(), g, func(_ context.Context, ready func(int) bool) error { ready(1); return nil })
		}, []string{"Succeeded <nil>"}},
		{"Start, not ready", nil, func(t *testing.T, g *intGroup) {
			group.Start(t.Context(), g, func(_ context.Context, ready func(int) bool) error { return errBoom })
		}, []string{"Canceled boom"}},
		{"never began", nil, func(_ *testing.T, g *intGroup) { g.Cancel(nil); g.Go(value(1)) },
			[]string{"NotStarted group: task not started: context canceled"}},
		{"cancelled in the queue", []group.Option{group.Limit(1)}, func(_ *testing.T, g *intGroup) {
			g.Go(sleeping(time.Second, 1))
			g.Go(value(2)).Cancel(nil)
		}, []string{"NotStarted group: task not started: context canceled", "Succeeded <nil>"}},
		{"cancelled alone", nil, func(_ *testing.T, g *intGroup) {
			task := g.Go(obedient)
			synctest.Wait()
			task.Cancel(errWhy)
		}, []string{"Canceled context canceled"}},
		{"panic", []group.Option{group.PanicAsError()}, func(_ *testing.T, g *intGroup) {
			g.Go(func(context.Context) (int, error) { panic("oops") }, group.Name("p"))
		}, []string{`Failed group: task p[0] panicked: oops`}},
		{"Goexit", nil, func(_ *testing.T, g *intGroup) {
			g.Go(func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
		}, []string{"Failed " + group.ErrGoexit.Error()}},
		{"with a rule", []group.Option{group.UntilSuccess(1)}, func(_ *testing.T, g *intGroup) { g.Go(value(1)) }, []string{"Succeeded <nil>"}},
		{"with a rule of the user's", []group.Option{group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { return false }
		})}, func(_ *testing.T, g *intGroup) { g.Go(value(1)) }, []string{"Succeeded <nil>"}},
		{"filtered", []group.Option{group.Ignore(errBoom)}, func(_ *testing.T, g *intGroup) { g.Go(failing(errBoom)) }, []string{"Failed boom"}},
		{"discarded", []group.Option{group.Discard()}, func(_ *testing.T, g *intGroup) { g.Go(value(1)) }, []string{"Succeeded <nil>"}},
		{"limiter", []group.Option{group.SharedLimit(group.NewLimiter(1))}, func(_ *testing.T, g *intGroup) {
			g.Go(value(1))
			g.Go(value(2), group.OwnGoroutine())
		}, []string{"Succeeded <nil>", "Succeeded <nil>"}},
		{"timeout of its own", nil, func(_ *testing.T, g *intGroup) { g.Go(obedient, group.Timeout(time.Second)) },
			[]string{"Failed context deadline exceeded"}},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var d diary
			g := group.New[int](t.Context(), append(tt.opts, group.Observe(d.observe))...)
			tt.run(t, g)
			g.Wait()
			var ended []string
			for _, l := range d.lines {
				if _, how, ok := strings.Cut(l, "] "); ok && strings.HasPrefix(l, "TaskEnded") {
					how, _, _ = strings.Cut(how, " in ")
					how, _, _ = strings.Cut(how, "\n")
					ended = append(ended, how)
				}
			}
			if diff := cmp.Diff(tt.ended, ended); diff != "" {
				t.Errorf("ends (-want +got):\n%s", diff)
			}
			if n := d.count("TaskQueued"); n != len(ended) {
				t.Errorf("%d tasks were told to be queued, %d to have ended", n, len(ended))
			}
			if n, never := d.count("TaskStarted"), slices.IndexFunc(ended, func(s string) bool { return strings.HasPrefix(s, "NotStarted") }); never < 0 && n != len(ended) {
				t.Errorf("%d tasks were told to start, %d to have ended", n, len(ended))
			}
			if d.count("ScopeOpened") != 1 || d.count("ScopeEnded") != 1 || !strings.HasPrefix(d.lines[len(d.lines)-1], "ScopeEnded") {
				t.Errorf("the scope's own events: %q", d.lines)
			}
		})
	}
}

// The end of a scope is told of once, however it comes.
func TestObserve_EveryEndOfAScope(t *testing.T) {
	tests := []struct {
		name string
		end  func(ctx context.Context, o group.Option)
		want string
	}{
		{"Wait, twice", func(ctx context.Context, o group.Option) {
			g := group.New[int](ctx, o)
			g.Wait()
			g.Wait()
		}, "ScopeEnded  <nil>"},
		{"panic of the body", func(ctx context.Context, o group.Option) {
			testutil.PanicOf(t, func() { group.Run(ctx, func(context.Context, *intGroup) error { panic("oops") }, o) })
		}, "ScopeEnded  group: the function did not return"},
		{"panic of a task", func(ctx context.Context, o group.Option) {
			testutil.PanicOf(t, func() {
				group.Run(ctx, func(_ context.Context, g *intGroup) error {
					g.Go(func(context.Context) (int, error) { panic("oops") }, group.Name("p"))
					return nil
				}, o)
			})
		}, "ScopeEnded  group: task p[0] panicked: oops"},
		{"left open", func(ctx context.Context, o group.Option) {
			group.Run(ctx, func(ctx context.Context, g *intGroup) error { group.New[int](ctx, o); return nil })
		}, "ScopeEnded  <nil>"},
		{"a loop of package iter", func(ctx context.Context, o group.Option) {
			iter.ForEachSlice(ctx, make([]int, 1), func(context.Context, *int) error { return errBoom }, o)
		}, "ScopeEnded  boom"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var d diary
			tt.end(t.Context(), group.Observe(d.observe))
			last, _, _ := strings.Cut(d.lines[len(d.lines)-1], "\n")
			last, _, _ = strings.Cut(last, " in ")
			if last != tt.want || d.count("ScopeEnded") != 1 {
				t.Errorf("the last of %q is %q, want %q", d.lines, last, tt.want)
			}
		})
	}
}

// Observers of scopes add up, the outermost first, wherever the inner scope is opened.
func TestObserve_Inherited(t *testing.T) {
	inner := map[string]func(ctx context.Context){
		"in a body":    func(ctx context.Context) { group.Run(ctx, noBody, group.Name("inner")) },
		"with a value": func(ctx context.Context) { group.Run(context.WithValue(ctx, key{}, 1), noBody, group.Name("inner")) },
		"in a shield": func(ctx context.Context) {
			group.Shield(ctx, time.Second, func(ctx context.Context) error {
				_, err := group.Run(ctx, noBody, group.Name("inner"))
				return err
			})
		},
		"two below": func(ctx context.Context) {
			group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) {
					_, err := group.Run(ctx, noBody, group.Name("inner"))
					return 0, err
				})
				return nil
			})
		},
	}
	for name, open := range inner {
		testutil.Bubble(t, name, func(t *testing.T) {
			a, b := diary{first: "a "}, diary{first: "b "}
			group.Run(t.Context(), func(ctx context.Context, _ *intGroup) error {
				_, err := group.Run(ctx, func(ctx context.Context, _ *intGroup) error {
					open(ctx)
					return nil
				}, group.Observe(b.observe))
				return err
			}, group.Observe(a.observe))
			for _, d := range []*diary{&a, &b} {
				if d.count(d.first+"ScopeOpened inner") != 1 || d.count(d.first+"ScopeEnded inner") != 1 {
					t.Errorf("told: %q", d.lines)
				}
			}
			if n := a.count("a ScopeOpened") - b.count("b ScopeOpened"); n != 1 {
				t.Errorf("the outer observer was told of %d scopes more than the inner one, want 1", n)
			}
		})
	}
	t.Run("the outermost first", func(t *testing.T) {
		var order []string
		observer := func(name string) group.Option {
			return group.Observe(func(ctx context.Context, e group.Event) context.Context {
				order = append(order, name)
				return ctx
			})
		}
		group.Run(t.Context(), func(ctx context.Context, _ *intGroup) error {
			order = nil
			_, err := group.Run(ctx, noBody, observer("b"), observer("c"))
			return err
		}, observer("a"))
		if want := "a b c a b c a"; strings.Join(order, " ") != want {
			t.Errorf("called in the order %q, want %q", order, want)
		}
	})
}

// What an observer may ask of a scope.
func TestObserve_ScopeInfo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var outer, inner group.ScopeInfo
		observe := group.Observe(func(ctx context.Context, e group.Event) context.Context {
			if e.Kind == group.ScopeOpened {
				outer, inner = inner, e.Scope
			}
			return nil
		})
		_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			in := group.New[int](ctx, group.Name("inner"))
			if p, ok := inner.Parent(); !ok || p != outer {
				t.Errorf("the parent of the inner scope: %v, %v", p, ok)
			}
			if _, ok := outer.Parent(); ok {
				t.Error("the outer scope has a parent")
			}
			if file, line := inner.Opened(); !strings.HasSuffix(file, "observe_test.go") || line == 0 {
				t.Errorf("opened at %s:%d", file, line)
			}
			if inner.HasBody() || !outer.HasBody() {
				t.Error("Run has a body, New has none, and the observer was told otherwise")
			}
			if s := inner.String(); !strings.HasPrefix(s, `scope "inner" (opened at `) {
				t.Errorf("it prints as %s", s)
			}
			if err := inner.Cause(); err != nil {
				t.Errorf("the cause is %v before the cancellation", err)
			}
			in.Cancel(errWhy)
			if err := inner.Cause(); err != errWhy {
				t.Errorf("the cause is %v, want %v", err, errWhy)
			}
			in.Wait()
			return nil
		}, observe)
		testutil.WantError(t, "Run", err, nil)
		if err := outer.Cause(); err != nil {
			t.Errorf("the cause of a scope that just ended is %v", err)
		}
	})
}

// P2: an observer that panics, or leaves, breaks nothing: all tasks end, and the panic comes out of Run.
func TestP2_ObserverThatDoesNotReturn(t *testing.T) {
	for _, kind := range []group.EventKind{group.ScopeOpened, group.TaskQueued, group.TaskStarted, group.TaskEnded, group.ScopeEnded} {
		for name, leave := range map[string]func(){"panic": func() { panic("oops") }, "Goexit": runtime.Goexit} {
			testutil.Bubble(t, kind.String()+" "+name, func(t *testing.T) {
				var c crew
				end := testutil.EndOf(func() {
					group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
						for range 3 {
							g.Go(c.straggler)
						}
						synctest.Wait()
						g.Cancel(nil)
						return nil
					}, group.Observe(func(ctx context.Context, e group.Event) context.Context {
						if e.Kind == kind {
							leave()
						}
						return ctx
					}))
				})
				c.WantNone(t)
				if name == "panic" && end.How != "panicked" {
					t.Error("the panic was lost")
				}
				if p, ok := end.Value.(*group.PanicError); kind != group.ScopeOpened && name == "panic" && (!ok || p.Value != "oops") {
					t.Errorf("it panicked with %v", end.Value)
				}
			})
		}
	}
}

// An observer may hand the task a context of its own, but only one that ends when the task does.
func TestObserve_Contexts(t *testing.T) {
	tests := []struct {
		name   string
		enrich func(ctx context.Context) context.Context
		ok     bool
	}{
		{"nil", func(context.Context) context.Context { return nil }, true},
		{"the same", func(ctx context.Context) context.Context { return ctx }, true},
		{"with a value", func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, 1) }, true},
		{"another", func(context.Context) context.Context { return context.Background() }, false},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var task context.Context
			_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) { task = ctx; return 0, nil })
				return nil
			}, group.Observe(func(ctx context.Context, e group.Event) context.Context {
				if e.Kind == group.TaskStarted {
					return tt.enrich(ctx)
				}
				return nil
			}))
			if ok := err == nil; ok != tt.ok {
				t.Errorf("Run returned %v", err)
			}
			testutil.WantError(t, "the context after the end", task.Err(), context.Canceled)
		})
	}
}

// L1: nothing is told of a scope that has ended, although tasks may be started from outside of it.
func TestL1_ObserversAreNotToldAfterTheEnd(t *testing.T) {
	starts := map[string]func(*intGroup){
		"Go":                 func(g *intGroup) { g.Go(value(1)) },
		"TryGo":              func(g *intGroup) { g.TryGo(value(1)) },
		"Go of another type": func(g *intGroup) { group.Go(g, value("x")) },
		"daemon":             func(g *intGroup) { g.Go(value(1), group.Daemon()) },
		"Start": func(g *intGroup) {
			group.Start(context.Background(), g, func(context.Context, func(int) bool) error { return nil })
		},
	}
	for name, start := range starts {
		testutil.Bubble(t, name, func(t *testing.T) {
			var over atomic.Bool
			g := group.New[int](t.Context(), group.Observe(func(_ context.Context, e group.Event) context.Context {
				if e.Kind == group.TaskQueued {
					time.Sleep(time.Second) // the task itself ends meanwhile
				}
				if over.Load() {
					t.Errorf("told of %v after the end", e.Kind)
				}
				over.Store(e.Kind == group.ScopeEnded)
				return nil
			}))
			var outside sync.WaitGroup
			outside.Go(func() { start(g) })
			synctest.Wait()
			g.Wait()
			outside.Wait()
		})
	}
}

// A task whose scope is observed by one who leaves contexts as they are costs no allocation more.
func TestObserve_CostsNoAllocation(t *testing.T) {
	if testing.Short() {
		t.Skip("counts allocations")
	}
	count := func(opts ...group.Option) float64 {
		return testing.AllocsPerRun(20, func() {
			g := group.New[struct{}](context.Background(), opts...)
			for range 1000 {
				g.Do(nop)
			}
			g.Wait()
		})
	}
	plain := count()
	observed := count(group.Observe(func(context.Context, group.Event) context.Context { return nil }))
	if observed-plain > 20 {
		t.Errorf("%v allocations with an observer, %v without, for 1,000 tasks", observed, plain)
	}
}

func nop(context.Context) error { return nil }

func TestObserve_Misuse(t *testing.T) {
	if v := testutil.PanicOf(t, func() { group.Observe(nil) }); v != "group: Observe needs an observer, got nil" {
		t.Errorf("it panics with %v", v)
	}
	o := group.Observe(func(ctx context.Context, _ group.Event) context.Context { return ctx })
	if s := fmt.Sprint(o); !strings.HasPrefix(s, "group.Observe(") {
		t.Errorf("the option prints as %s", s)
	}
	if s := group.EventKind(9).String(); s != "EventKind(9)" {
		t.Errorf("an unknown kind prints as %s", s)
	}
}
