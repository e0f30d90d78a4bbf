package main

import (
	"container/heap"
	"fmt"
	"time"
)

// cores simulates what one scope's shared words do on more processors than a machine at hand has. All workers claim tasks from one queue
// and push completions to one list; the two words lie in one cache line, which one processor can write at a time. It takes some time to
// go from one processor to another, and hardly any to be written again by the same.
//
// It is a model of the line alone: no memory bandwidth, no collector, no scheduler. The relay, by which one goroutine runs all tasks
// that are shorter than about 150 ns, is left out, so that the first lines are what it avoids.
func (c command) cores() error {
	lines := [][]string{{"a task takes"}}
	for _, p := range simulatedCores {
		lines[0] = append(lines[0], fmt.Sprintf("%d processors", p.n))
	}
	for _, length := range []time.Duration{0, 100, 1_000, 3_000, 10_000, 30_000, 100_000} {
		line := []string{length.String()}
		for _, p := range simulatedCores {
			line = append(line, fmt.Sprintf("%.0f %%, %s M/s", 100*busy(p, length), short(throughput(p, length)/1e6)))
		}
		lines = append(lines, line)
	}
	fmt.Print(markdown(lines))
	return nil
}

// processors is a machine: how many there are, and how long a line takes from one to another.
type processors struct {
	n        int
	transfer time.Duration
}

// Within a socket a line takes some 40 to 60 ns, between sockets 100 to 150.
var simulatedCores = []processors{{2, 40}, {8, 50}, {64, 100}, {256, 150}}

const (
	again  = 5 * time.Nanosecond // to write a line that one has
	writes = 2                   // of the line, by each task: it is claimed, and completed
)

// busy is the share of their time that the processors run tasks.
func busy(p processors, length time.Duration) float64 {
	return throughput(p, length) * length.Seconds() / float64(p.n)
}

// throughput is how many tasks end in a second.
func throughput(p processors, length time.Duration) float64 {
	const tasks = 20_000
	var free time.Duration // when the line can be written again
	owner := -1
	write := func(who int, now time.Duration) time.Duration {
		cost := p.transfer
		if who == owner {
			cost = again
		}
		owner = who
		free = max(now, free) + cost
		return free
	}
	var queue workers
	for i := range p.n {
		heap.Push(&queue, simulated{who: i})
	}
	ended := 0
	for {
		w := heap.Pop(&queue).(simulated)
		w.now = write(w.who, w.now)
		if w.writes++; w.writes == writes {
			w.writes = 0
			if ended++; ended == tasks {
				return tasks / w.now.Seconds()
			}
		} else {
			w.now += length // claimed: it runs
		}
		heap.Push(&queue, w)
	}
}

// simulated is a worker that wants to write the line at some time.
type simulated struct {
	who, writes int
	now         time.Duration
}

// workers is a heap of them, by time.
type workers []simulated

func (w workers) Len() int           { return len(w) }
func (w workers) Less(i, j int) bool { return w[i].now < w[j].now }
func (w workers) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *workers) Push(x any)        { *w = append(*w, x.(simulated)) }
func (w *workers) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}
