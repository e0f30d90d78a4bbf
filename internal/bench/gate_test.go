package main

import (
	"runtime"
	"sync/atomic"
)

// A gate tells when n tasks have begun, and lets none of them be cancelled, or measured, before it runs.
type gate struct {
	missing atomic.Int64
	all     chan struct{}
}

func newGate(n int) *gate {
	g := &gate{all: make(chan struct{})}
	g.missing.Store(int64(n))
	return g
}

// arrive is for the task to call before it blocks.
func (g *gate) arrive() {
	if g.missing.Add(-1) == 0 {
		close(g.all)
	}
}

// wait returns when all tasks have arrived, and those that were about to block have had their time to do so.
func (g *gate) wait() {
	<-g.all
	for range 100 {
		runtime.Gosched()
	}
}
