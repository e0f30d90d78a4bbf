package group_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

var everyKind = []group.EventKind{group.ScopeOpened, group.TaskQueued, group.TaskStarted, group.TaskEnded, group.ScopeEnded}

// toldOfEverything runs tasks that are started in all ways, and end in many, in a scope, in one below it, and in loops.
func toldOfEverything(ctx context.Context, opts ...group.Option) {
	tasks := func(g *intGroup) {
		g.Go(value(1), group.Name("Go"))
		g.Do(func(context.Context) error { return errBoom }, group.Name("Do"))
		g.TryGo(value(2), group.Name("TryGo"))
		group.Go(g, value("x"), group.Name("group.Go"))
		group.Start(ctx, g, func(_ context.Context, ready func(int) bool) error { ready(1); return nil }, group.Name("Start, ready"))
		group.Start(ctx, g, func(context.Context, func(int) bool) error { return errBoom }, group.Name("Start, not ready"))
		g.Go(obedient, group.Name("daemon"), group.Daemon())
		g.Go(func(context.Context) (int, error) { panic("oops") }, group.Name("panics"))
		synctest.Wait()
	}
	group.Run(ctx, func(ctx context.Context, g *intGroup) error {
		tasks(g)
		elements := func(ctx context.Context, _ int) (int, error) {
			inner := group.New[int](ctx, group.Name("inside"), group.KeepGoing())
			inner.Go(value(1), group.Name("element"))
			inner.Wait()
			return 0, errBoom
		}
		iter.MapSlice(ctx, make([]int, 5), elements, group.Name("loop"), group.KeepGoing(), group.OnStuck(time.Second, func([]group.StuckTask) {}))
		iter.MapSlice(ctx, make([]int, 5), elements, group.Name("shared"), group.KeepGoing(), group.SharedLimit(group.NewLimiter(2)))
		inner := group.New[int](ctx, group.Name("below"), group.KeepGoing(), group.PanicAsError())
		tasks(inner)
		inner.Cancel(nil)
		inner.Go(value(3), group.Name("never began"))
		inner.Wait()
		return nil
	}, append(opts, group.Name("outer"), group.KeepGoing(), group.PanicAsError())...)
}

// what returns what the diary has, sorted, but for what contexts tell and for events of other kinds.
func (d *diary) what(kinds ...group.EventKind) (lines []string) {
	for _, l := range d.lines {
		if slices.ContainsFunc(kinds, func(k group.EventKind) bool { return strings.HasPrefix(l, k.String()) }) {
			l, _, _ = strings.Cut(l, "\n")
			l, _, _ = strings.Cut(l, " in ")
			lines = append(lines, l)
		}
	}
	slices.Sort(lines)
	return lines
}

func TestObserve_Kinds(t *testing.T) {
	for set := range 1 << len(everyKind) {
		var kinds []group.EventKind
		for i, k := range everyKind {
			if set>>i&1 != 0 {
				kinds = append(kinds, k)
			}
		}
		for _, beside := range []struct {
			reason string
			opts   []group.Option
		}{
			{"alone", nil},
			{"what OnStuck wants to know is not for others", []group.Option{group.OnStuck(time.Second, func([]group.StuckTask) {})}},
			{"what another observer wants to know is not for others", []group.Option{
				group.Observe(func(context.Context, group.Event) context.Context { return nil }, group.TaskQueued, group.TaskEnded)}},
		} {
			testutil.Bubble(t, fmt.Sprint(kinds, beside.reason), func(t *testing.T) {
				var all, some diary
				toldOfEverything(t.Context(), append(beside.opts, group.Observe(all.observe))...)
				toldOfEverything(t.Context(), append(beside.opts, group.Observe(some.observe, kinds...))...)
				if len(kinds) == 0 {
					kinds = everyKind
				}
				want, got := all.what(kinds...), some.what(everyKind...)
				if len(want) < 4 {
					t.Errorf("only %d events of these kinds: %q", len(want), want)
				}
				for _, l := range all.lines {
					if f := strings.Fields(l); strings.HasPrefix(l, "Task") && (f[1] == "loop" || f[1] == "shared") {
						t.Errorf("an element of a loop is no task: %s", l)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A context of TaskStarted is the task's, and is not kept by its handle, also if nobody asked to hear of the end.
func TestObserve_ContextsWithoutTheEnd(t *testing.T) {
	type large [64]int
	var kept weak.Pointer[large]
	g := group.New[bool](t.Context(), group.Observe(func(ctx context.Context, _ group.Event) context.Context {
		x := new(large)
		kept = weak.Make(x)
		return context.WithValue(ctx, whoKey{}, x)
	}, group.TaskStarted))
	task := g.Go(func(ctx context.Context) (bool, error) { return ctx.Value(whoKey{}).(*large) == kept.Value(), nil })
	g.Wait()
	if same, err := task.Result(); !same || err != nil {
		t.Errorf("the task has had the context: %v, error %v", same, err)
	}
	runtime.GC()
	if kept.Value() != nil {
		t.Error("the context is still there")
	}
	runtime.KeepAlive(task)
}

func TestObserve_KindsPrinted(t *testing.T) {
	o := func(ctx context.Context, _ group.Event) context.Context { return ctx }
	for want, opt := range map[string]group.Option{
		"func1)": group.Observe(o, everyKind...),
		"func1, group.TaskQueued, group.ScopeEnded)": group.Observe(o, group.ScopeEnded, group.TaskQueued, group.ScopeEnded),
	} {
		_, got, _ := strings.Cut(fmt.Sprint(opt), "KindsPrinted.")
		if got != want {
			t.Errorf("it prints %q, want %q", got, want)
		}
	}
	if v := testutil.PanicOf(t, func() { group.Observe(o, 9) }); v != "group: Observe knows no events of EventKind(9)" {
		t.Errorf("it panics with %v", v)
	}
}
