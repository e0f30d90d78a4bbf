package engine

import "time"

// yieldAfter is how long a goroutine of a scope runs short tasks before it lets the rest of the program have the
// processor. With a goroutine per task every end of a task is such a point; here it is not.
const yieldAfter = 50 * time.Microsecond

// pacer tells a worker when to yield. Reading the clock costs as much as an empty task, so it does so only every so many
// tasks, a number that it adapts until the readings are 10 to 20 µs apart.
type pacer struct {
	every, left int
	start, last time.Time
}

func (p *pacer) due() bool {
	if p.left > 0 {
		p.left--
		return false
	}
	now := time.Now()
	if p.every == 0 {
		p.every, p.start, p.last = 1, now, now
		return false
	}
	switch d := now.Sub(p.last); {
	case d < 10*time.Microsecond && p.every < 64:
		p.every *= 2
	case d > 20*time.Microsecond:
		p.every = max(1, p.every/2)
	}
	p.left, p.last = p.every-1, now
	return now.Sub(p.start) >= yieldAfter
}

func (p *pacer) yielded() {
	p.start = time.Now()
	p.last = p.start
}
