package main

import (
	"runtime"
	"testing"
)

// BenchmarkAllocs reports the allocations for each of the tasks when all share one function, so that what is counted is the
// library's alone.
func BenchmarkAllocs(b *testing.B) {
	const n = 100_000
	each(b, "shared", n, peersOf(func() {}), func(b *testing.B, op func(int)) {
		op(n)
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for b.Loop() {
			op(n)
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(b.N)/n, "allocs/task")
	})
}
