package observe_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/observe"
	"github.com/creche-go/creche/internal/testutil"
)

var stack = regexp.MustCompile(`(?m)^\d+ @.*\n(?:# labels: (.*)\n)?((?:#\t.*\n)+)`)

// labelsNow returns the labels of the goroutine that calls it, as the profiler writes them.
//
//go:noinline
func labelsNow() string {
	one.Lock()
	defer one.Unlock()
	return labelsOfCaller()
}

var one sync.Mutex // of the goroutines is within labelsOfCaller

//go:noinline
func labelsOfCaller() string {
	var out bytes.Buffer
	pprof.Lookup("goroutine").WriteTo(&out, 1)
	for _, m := range stack.FindAllStringSubmatch(out.String(), -1) {
		if strings.Contains(m[2], "observe_test.labelsOfCaller+") {
			return strings.Trim(m[1], "{}")
		}
	}
	return "not found"
}

func TestLabels(t *testing.T) {
	const user = `"user":"u"`
	inTask := func(scope, task string) string {
		return fmt.Sprintf(`"creche.scope":%q, "creche.task":%q, %s`, scope, task, user)
	}
	var got []string
	note := func() { got = append(got, labelsNow()) }
	noteAfter := group.Observe(func(_ context.Context, e group.Event) context.Context {
		if e.Kind == group.TaskEnded && e.State != group.NotStarted {
			note()
		}
		return nil
	})
	pprof.Do(t.Context(), pprof.Labels("user", "u"), func(ctx context.Context) {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error {
			note()
			g.Do(func(ctx context.Context) error {
				note()
				child := make(chan struct{})
				go func() { defer close(child); note() }()
				<-child
				_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
					note()
					g.Do(func(context.Context) error { note(); return nil }, group.Name("leaf"))
					return nil
				}, group.Name("inner"))
				note()
				return err
			}, group.Name("first")).Wait(ctx)
			g.Do(func(context.Context) error { note(); panic("oops") }, group.Name("second")).Wait(ctx)
			return nil
		}, group.Name("outer"), group.Limit(1), group.PanicAsError(), group.KeepGoing(), observe.Labels(), noteAfter)
		if err == nil {
			t.Error("the panic was lost")
		}
		note()
	})
	want := []string{
		user,                      // the body
		inTask("outer", "first"),  // a task
		inTask("outer", "first"),  // a goroutine of its own
		inTask("outer", "first"),  // the body of a scope in it
		inTask("inner", "leaf"),   // a task of that
		inTask("inner", "leaf"),   // and what is told of its end
		inTask("outer", "first"),  // while the outer task goes on
		inTask("outer", "first"),  // and ends
		inTask("outer", "second"), // the next one on that goroutine
		inTask("outer", "second"), // also after a panic
		user,                      // whoever waits for all
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// The labels are those of the task's name, however many names there are, and whoever cancels a task that waits keeps what it has.
func TestLabels_ManyNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			for i := range 100 {
				name := fmt.Sprint("task ", i%50)
				g.Do(func(context.Context) error {
					if got, want := labelsNow(), fmt.Sprintf(`"creche.scope":"s", "creche.task":%q`, name); got != want {
						t.Errorf("%s has the labels %s", name, got)
					}
					return nil
				}, group.Name(name))
			}
			g.Do(func(ctx context.Context) error {
				before := labelsNow()
				g.Do(func(context.Context) error { return nil }).Cancel(nil)
				if after := labelsNow(); after != before {
					t.Errorf("the labels of who cancels were %s and are %s", before, after)
				}
				return nil
			}, group.Name("canceller"))
			return nil
		}, group.Name("s"), group.Limit(1), observe.Labels())
		testutil.WantError(t, "Run", err, nil)
	})
}

// Twice the same observer does no harm.
func TestLabels_Twice(t *testing.T) {
	o := observe.Labels()
	group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			g.Do(func(context.Context) error {
				if got := labelsNow(); got != `"creche.scope":"inner", "creche.task":"t"` {
					t.Errorf("labels: %s", got)
				}
				return nil
			}, group.Name("t"))
			return nil
		}, group.Name("inner"), o)
		return err
	}, group.Name("outer"), o)
}
