package main

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var order = flag.String("peers", "go,errgroup,conc,pond,ants,lo,channel,plain,limit,semaphore,context,serial,hand,creche", "the peers to measure, in this order")

// A peer is one way to do the work of a case. An op is the whole case: it opens a scope, starts n tasks and joins them.
type peer struct {
	name string
	op   func(n int)
}

// compare measures the peers that the command line names, in its order.
func compare(b *testing.B, variant string, n int, peers ...peer) {
	each(b, variant, n, peers, func(b *testing.B, op func(int)) {
		// The first op finds no idle goroutines and a small heap, and whoever came before has left garbage. Neither is
		// what the case is about.
		op(n)
		runtime.GC()
		b.ReportAllocs()
		for b.Loop() {
			op(n)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/task")
	})
}

// each runs a sub-benchmark for each of the peers that the command line names, in its order.
func each(b *testing.B, variant string, n int, peers []peer, run func(b *testing.B, op func(int))) {
	for name := range strings.SplitSeq(*order, ",") {
		i := slices.IndexFunc(peers, func(p peer) bool { return p.name == name })
		if i < 0 {
			continue
		}
		b.Run(fmt.Sprintf("case=%s/n=%d/peer=%s", variant, n, name), func(b *testing.B) {
			defer closePools()
			run(b, peers[i].op)
		})
	}
}

// must stops a benchmark that does not do what it is meant to measure.
func must(ok bool) {
	if !ok {
		panic("bench: a peer gave a wrong answer")
	}
}
