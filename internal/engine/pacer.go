package engine

import (
	"time"

	"github.com/creche-go/creche/internal/sched"
)

// yieldAfter is how long a goroutine of a scope runs short tasks before it lets the rest of the program have the
// processor. With a goroutine per task every end of a task is such a point; here it is not.
const yieldAfter = 50 * time.Microsecond

// pacer tells a worker when to yield. Reading the clock costs as much as an empty task, so it does so only every so many
// tasks, a number that it adapts until the readings are 10 to 20 µs apart. Before the first reading it lets firstReading tasks pass, and
// never more than maxEvery.
type pacer struct {
	every, left   int // tasks between readings, tasks until the next one
	start, last   time.Time
	number, looks int32 // the worker's in the relay, 0 for none yet; the relay's when it last looked
}

func newPacer() pacer { return pacer{left: firstReading} }

// tick counts a task and reports whether it is time for read.
func (p *pacer) tick() bool {
	p.left--
	return p.left == 0
}

// read looks at the clock and reports whether it is time to yield.
func (p *pacer) read() bool {
	now := sched.Now()
	if p.start.IsZero() {
		p.every, p.left, p.start, p.last = firstReading/2, firstReading/2, now, now
		return false
	}
	d := now.Sub(p.last)
	switch {
	case d < 10*time.Microsecond && p.every < maxEvery:
		p.every *= 2
	case d > 20*time.Microsecond:
		p.every = max(1, p.every/2)
	}
	p.last, p.left = now, p.every
	return now.Sub(p.start) >= yieldAfter
}

func (p *pacer) yielded() {
	p.start = sched.Now()
	p.last = p.start
}

// brisk reports whether the last tasks were so short that a second worker would only be in the way: about 150 ns or less.
func (p *pacer) brisk() bool { return p.every == maxEvery }
