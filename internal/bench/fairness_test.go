package main

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

// BenchmarkFairness reports how late a bystander wakes, a goroutine that has nothing to do with the scope and sleeps 200 µs at a
// time, while the tasks keep all processors busy.
func BenchmarkFairness(b *testing.B) {
	const n = 100_000
	each(b, "1us", n, peersOf(spin(time.Microsecond)), func(b *testing.B, op func(int)) {
		op(n)
		runtime.GC()
		stop, lateness := make(chan struct{}), make(chan []time.Duration)
		go func() { lateness <- sleepUntil(stop) }()
		for b.Loop() {
			op(n)
		}
		close(stop)
		late := <-lateness
		slices.Sort(late)
		b.ReportMetric(float64(late[len(late)/2]), "p50-ns")
		b.ReportMetric(float64(late[len(late)*99/100]), "p99-ns")
		b.ReportMetric(float64(late[len(late)-1]), "max-ns")
	})
}

// sleepUntil sleeps for short times until stop is closed and returns by how much each was too long.
func sleepUntil(stop <-chan struct{}) []time.Duration {
	const short = 200 * time.Microsecond
	late := make([]time.Duration, 0, 1<<16) // to grow it would disturb the measurement
	for {
		start := time.Now()
		time.Sleep(short)
		late = append(late, time.Since(start)-short)
		select {
		case <-stop:
			return late
		default:
		}
	}
}
