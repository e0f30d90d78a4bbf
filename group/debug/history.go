package debug

import (
	"sync"
	"time"
)

// history is what earlier looks at a scope have left: some things can be told only from two.
type history struct {
	mu        sync.Mutex
	last      reading
	cancelled time.Duration // when the first look saw that it was; 0 if none did
	growth    growth
}

// reading is what one look saw.
type reading struct {
	at     time.Duration
	queued int
	next   int // index of the first task that had not been started then
}

// growth tells that a queue has become longer.
type growth struct {
	from, to int
	over     time.Duration
}

// apart is how far apart two readings are at least that are compared.
const apart = time.Second

// previous returns the last reading.
func (h *history) previous() reading {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// bound corrects at, when the task i was queued, by what this reading knows.
func (r reading) bound(i int, at time.Duration) time.Duration {
	if r.at != 0 && i >= r.next {
		return max(at, r.at)
	}
	return at
}

// update adds what the present look sees.
func (h *history) update(now reading, cancelled bool) (since time.Duration, g growth) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if cancelled && h.cancelled == 0 {
		h.cancelled = now.at
	}
	if before := h.last; before.at == 0 || now.at-before.at >= apart {
		h.growth = growth{}
		if 0 < before.queued && before.queued < now.queued {
			h.growth = growth{before.queued, now.queued, now.at - before.at}
		}
		h.last = now
	}
	return h.cancelled, h.growth
}
