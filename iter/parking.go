package iter

import (
	"context"
	"runtime"
	"sync/atomic"
)

// parking is where goroutines sleep until another has changed something. Of several that sleep, one is woken.
type parking struct {
	// asleep is raised before the sleeper looks again, and read after the change: one of the two sees the other.
	asleep atomic.Int32
	token  chan struct{} // whoever receives it looks
}

func (p *parking) init() { p.token = make(chan struct{}, 1) }

// wake wakes a sleeper, if there is one.
func (p *parking) wake() {
	if p.asleep.Load() > 0 {
		select {
		case p.token <- struct{}{}:
		default: // one is there already
		}
	}
}

// await returns when ready does, or true; false if ctx ended before. It also returns when also is closed.
func (p *parking) await(ctx context.Context, also <-chan struct{}, ready func() bool) bool {
	// Most often others only need the processor: to sleep and be woken costs more.
	runtime.Gosched()
	if ready() {
		return true
	}
	p.asleep.Add(1)
	defer p.asleep.Add(-1)
	for !ready() {
		select {
		case <-p.token:
		case <-also:
			return ready()
		case <-ctx.Done():
			return ready()
		}
	}
	return true
}
