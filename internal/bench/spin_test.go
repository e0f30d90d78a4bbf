package main

import (
	"runtime"
	"sync"
	"time"
)

// turn is work that the compiler cannot shorten.
//
//go:noinline
func turn(n int) uint64 {
	x := uint64(88172645463325252)
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// turnsPerMicrosecond is measured once a process: all the peers that are compared spin as many turns. The fastest of many
// tries counts, the one that nothing else has disturbed.
var turnsPerMicrosecond = sync.OnceValue(func() float64 {
	const turns = 50_000
	best := time.Duration(1 << 62)
	for range 100 {
		start := time.Now()
		runtime.KeepAlive(turn(turns))
		best = min(best, time.Since(start))
	}
	return turns / (float64(best) / float64(time.Microsecond))
})

// spin returns a function that keeps a processor busy for about d.
func spin(d time.Duration) func() {
	turns := int(turnsPerMicrosecond() * float64(d) / float64(time.Microsecond))
	return func() { runtime.KeepAlive(turn(turns)) }
}
