package debug_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// crowd opens a scope with so many tasks, all of which run or wait.
func crowd(tb testing.TB, tasks int) *intGroup {
	debug.Empty()
	g := group.New[int](context.Background(), observed("crowd", group.Limit(tasks/2)))
	for i := range tasks {
		g.Go(obedient, group.Name(fmt.Sprintf("task %d of them", i)))
	}
	for debug.Look().Counts.Running < tasks/2 {
		time.Sleep(time.Millisecond)
	}
	tb.Cleanup(func() { g.Cancel(nil); g.Wait() })
	return g
}

func BenchmarkDump(b *testing.B) {
	crowd(b, 10_000)
	for _, f := range []debug.Format{debug.Text, debug.JSON, debug.Mermaid, debug.HTML} {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if err := debug.Dump(io.Discard, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("stacks", func(b *testing.B) {
		for b.Loop() {
			debug.Look(debug.Stacks())
		}
	})
}

// Ten thousand tasks are written as text in the time that fmt takes for a few times as many lines. (Where fmt takes 2 ms for that many, as on
// machines of 2026, that keeps it below 15 ms.)
func TestDumpIsFast(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	const tasks, times = 10_000, 7
	crowd(t, tasks)
	var ratios []float64
	for range 15 {
		began := time.Now()
		for i := range tasks {
			fmt.Fprintf(io.Discard, "├─ %s[%d] %s %v\n", "task of them", i, "running", time.Duration(i))
		}
		lines := time.Since(began)
		began = time.Now()
		if err := debug.Dump(io.Discard, debug.Text); err != nil {
			t.Fatal(err)
		}
		ratios = append(ratios, float64(time.Since(began))/float64(lines))
	}
	if ratio := median(ratios); ratio > times {
		t.Errorf("as text, %d tasks take %.1f times as long as so many lines with fmt, want %d at most", tasks, ratio, times)
	} else {
		t.Logf("%.1f times as long as so many lines with fmt", ratio)
	}
}
