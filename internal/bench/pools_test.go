package main

import (
	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
)

// A program makes a pool of pond's or of ants' once and uses it for long. So a pool is opened in the first op of a peer, which nobody
// measures, and closed when its measurement is over: its idle goroutines must not weigh on the next peer.
var (
	ponds    = map[[2]int]pond.Pool{}
	antPools = map[int]*ants.Pool{}
)

// unlimited is the limit of a pool without one.
const unlimited = 0

// pondOf returns the pool of pond's that runs at most limit tasks at once and lets queue others wait before Submit blocks.
func pondOf(limit, queue int) pond.Pool {
	p, ok := ponds[[2]int{limit, queue}]
	if !ok {
		p = pond.NewPool(limit, pond.WithQueueSize(queue))
		ponds[[2]int{limit, queue}] = p
	}
	return p
}

// antsOf returns the pool of ants' that runs at most limit tasks at once. Its Submit blocks while it runs as many.
func antsOf(limit int) *ants.Pool {
	p, ok := antPools[limit]
	if !ok {
		var err error
		p, err = ants.NewPool(limit)
		must(err == nil)
		antPools[limit] = p
	}
	return p
}

func closePools() {
	for _, p := range ponds {
		p.StopAndWait()
	}
	for _, p := range antPools {
		p.Release()
	}
	clear(ponds)
	clear(antPools)
}
