package main

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// BenchmarkTree reports what a task costs more in a scope that is in the live tree: the median of differences between two scopes that follow
// one another, so that what else the machine does concerns both. An observer that does nothing is measured beside it, of which the tree cannot
// cost less.
func BenchmarkTree(b *testing.B) {
	idle := group.Observe(func(context.Context, group.Event) context.Context { return nil })
	each(b, "empty", 10_000, []peer{{"creche", nil}}, func(b *testing.B, _ func(int)) {
		const n = 10_000
		var tree, observer []float64
		for b.Loop() {
			plain := timed(func() { empties(n) })
			observed := timed(func() { empties(n, idle) })
			watched := timed(func() { empties(n, debug.Observe()) })
			observer = append(observer, (observed-plain)/n)
			tree = append(tree, (watched-plain)/n)
		}
		b.ReportMetric(middle(observer), "observer-ns/task")
		b.ReportMetric(middle(tree), "more-ns/task")
	})
}

func timed(f func()) (ns float64) {
	began := time.Now()
	f()
	return float64(time.Since(began).Nanoseconds())
}

func middle(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
