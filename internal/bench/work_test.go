package main

import (
	"runtime"
	"testing"
	"time"
)

// BenchmarkWork starts tasks that compute, block or yield, and joins them.
func BenchmarkWork(b *testing.B) {
	compare(b, "1us", 100_000, peersOf(spin(time.Microsecond))...)
	compare(b, "10us", 10_000, peersOf(spin(10*time.Microsecond))...)
	compare(b, "sleep1ms", 10_000, peersOf(func() { time.Sleep(time.Millisecond) })...)
	compare(b, "gosched", 100_000, peersOf(runtime.Gosched)...)
}
