package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
	"github.com/creche-go/creche/internal/testutil"
)

// tracks returns the names of the rows of a trace that have spans, with these.
func tracks(t *testing.T, r *timeline.Recorder) (list []string) {
	t.Helper()
	names := map[[2]int]string{}
	at := map[[2]int]int{}
	for _, e := range checkTrace(t, written(t, r, "json")).TraceEvents {
		on := [2]int{e.Pid, e.Tid}
		switch {
		case e.Name == "thread_name":
			names[on] = e.Args["name"].(string)
		case e.Phase == "B":
			if _, ok := at[on]; !ok {
				at[on] = len(list)
				list = append(list, names[on]+":")
			}
			list[at[on]] += fmt.Sprintf(" %s %v", e.Name, e.Args["state"])
		}
	}
	return list
}

func nobody(context.Context, *intGroup) error { return nil }

// Where scopes lie.
func TestRecorder_Nesting(t *testing.T) {
	tests := []struct {
		name string
		run  func(ctx context.Context, o group.Option)
		want []string
	}{
		{"in a body in a task", func(ctx context.Context, o group.Option) {
			group.Run(ctx, func(_ context.Context, g *intGroup) error {
				g.Do(func(ctx context.Context) error {
					_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
						g.Do(work(1, nil), group.Name("beside")).Wait(ctx)
						_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
							g.Do(work(1, nil), group.Name("leaf"))
							return nil
						}, group.Name("c"))
						return err
					}, group.Name("b"))
					return err
				}, group.Name("task"))
				return nil
			}, group.Name("a"), o)
		}, []string{"a: a Succeeded", "a · 1: task Succeeded", "a › b: b Succeeded", "a › b · 1: beside Succeeded", "a › b › c: c Succeeded", "a › b › c · 1: leaf Succeeded"}},
		{"one after another, and at once", func(ctx context.Context, o group.Option) {
			for range 2 {
				group.Run(ctx, nobody, group.Name("x"), o)
			}
			group.Run(ctx, nobody, group.Name("y"), o)
			g, h := group.New[int](ctx, group.Name("x"), o), group.New[int](ctx, group.Name("x"), o)
			time.Sleep(time.Nanosecond)
			g.Wait()
			h.Wait()
		}, []string{"x: x Succeeded x Succeeded x Succeeded", "y: y Succeeded", "x: x Succeeded"}},
		{"twice the same observer", func(ctx context.Context, o group.Option) {
			group.Run(ctx, func(ctx context.Context, _ *intGroup) error {
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
					g.Do(work(1, nil), group.Name("t"))
					return nil
				}, group.Name("inner"), o)
				return err
			}, group.Name("outer"), o)
		}, []string{"outer: outer Succeeded", "outer › inner: inner Succeeded", "outer › inner · 1: t Succeeded"}},
		{"with the context of a task that has ended", func(ctx context.Context, o group.Option) {
			group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				var kept context.Context
				g.Do(func(ctx context.Context) error { kept = ctx; return nil }, group.Name("t")).Wait(ctx)
				_, err := group.Run(kept, nobody, group.Name("orphan"))
				return err
			}, group.Name("outer"), o)
		}, []string{"outer: outer Succeeded", "outer · 1: t Succeeded", "orphan: orphan Succeeded"}},
		{"cancelled from above", func(ctx context.Context, o group.Option) {
			group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				g.Do(func(ctx context.Context) error {
					_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
						g.Do(work(5, nil), group.Name("leaf"))
						return nil
					}, group.Name("inner"))
					return err
				}, group.Name("t"))
				g.Do(work(1, errBoom), group.Name("bad"))
				return nil
			}, group.Name("outer"), o)
		}, []string{"outer: outer Failed", "outer · 1: t Canceled", "outer · 2: bad Failed", "outer › inner: inner Canceled", "outer › inner · 1: leaf Canceled"}},
		{"not ended", func(ctx context.Context, o group.Option) {
			g := group.New[int](ctx, group.Name("open"), group.Limit(2), o)
			g.Do(work(60_000, nil), group.Name("runs"))
			g.Do(work(60_000, nil), group.Name("runs too"))
			g.Do(work(1, nil), group.Name("waits"))
			context.AfterFunc(ctx, func() { g.Wait() })
			synctest.Wait()
		}, []string{"open: open Running", "open · 1: runs Running", "open · 2: runs too Running"}},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			r := timeline.New(100)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tt.run(ctx, r.Observe())
			if diff := cmp.Diff(tt.want, tracks(t, r)); diff != "" {
				t.Errorf("tracks (-want +got):\n%s", diff)
			}
		})
	}
}

// A buffer that is full loses the oldest, and says so.
func TestRecorder_Full(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const room, tasks = 100, 1000
		r := timeline.New(room)
		group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Do(work(10*tasks, nil), group.Name("long"))
			for range tasks {
				g.Do(work(1, nil), group.Name("short"))
			}
			return nil
		}, group.Name("s"), group.Limit(2), r.Observe())
		file := checkTrace(t, written(t, r, "json"))
		const events = 3*(tasks+1) + 1 // the scope's end too
		if got := file.OtherData; got["dropped events"] != events-room || got["tasks without a beginning"] != 1 {
			t.Errorf("the trace says %v, want %d dropped events and a task without a beginning", got, events-room)
		}
		for format, want := range map[string]string{"svg": "the oldest 2904 events were dropped", "html": "Of 1 tasks the beginning is lost"} {
			if text := written(t, r, format); !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", format, want)
			}
		}
		i := slices.IndexFunc(file.TraceEvents, func(e traceEvent) bool { return e.Name == "long" && e.Phase == "B" })
		if i < 0 || file.TraceEvents[i].Args["cut"] != true || file.TraceEvents[i].Ts != 0 {
			t.Error("the long task is not cut at the left edge")
		}
	})
}

// What is written while tasks run may be of any moment, but is whole.
func TestRecorder_WrittenMeanwhile(t *testing.T) {
	r := timeline.New(500)
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for range 20 {
				checkTrace(t, written(t, r, "json"))
			}
		})
	}
	for range 20 {
		group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			for range 50 {
				g.Do(func(ctx context.Context) error {
					_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Do(nop); return nil })
					return err
				})
			}
			return nil
		}, group.Limit(4), r.Observe())
	}
	writers.Wait()
}

func TestRecorder_Misuse(t *testing.T) {
	if v := testutil.PanicOf(t, func() { timeline.New(0) }); v != "timeline: New needs room for an event at least, got 0" {
		t.Errorf("it panics with %v", v)
	}
	for _, format := range []string{"svg", "html"} {
		checkXML(t, written(t, timeline.New(1), format), format == "html")
	}
	checkTrace(t, written(t, timeline.New(1), "json"))
}
