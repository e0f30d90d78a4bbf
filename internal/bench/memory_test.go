package main

import (
	"runtime"
	"testing"
)

// BenchmarkMemory reports how much memory a task takes that is blocked on a plain channel. The runtime keeps the descriptor of a
// goroutine for the next one for ever, so that only the first peer of a process pays for it: give -peers one name.
func BenchmarkMemory(b *testing.B) {
	var peers []peer
	var used uint64 // by the last op
	for _, s := range spawners {
		peers = append(peers, peer{s.name, func(n int) {
			begun, release := newGate(n), make(chan struct{})
			before := inUse()
			s.run(n, func() {
				begun.arrive()
				<-release
			}, func() {
				begun.wait()
				used = inUse() - before
				close(release)
			})
		}})
	}
	const n = 100_000
	each(b, "blocked", n, peers, func(b *testing.B, op func(int)) {
		for b.Loop() {
			op(n)
		}
		b.ReportMetric(float64(used)/n, "B/task")
	})
}

// inUse returns the bytes of heap and stacks that the collector cannot free.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // what is in a sync.Pool survives one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
