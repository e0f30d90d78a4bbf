package debug

import (
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// sweep drops the blocks of which all tasks have ended. The caller holds the lock.
func (t *tasks) sweep() {
	kept := t.blocks[:0]
	for i, b := range t.blocks {
		told, alive := b.census()
		full := told == blockLen
		if alive || !full && i == len(t.blocks)-1 { // which more will be added to
			kept = append(kept, b)
			continue
		}
		t.count(b)
		if b == t.newest {
			t.newest = nil
		}
		// A task that was not told of may yet begin, and look here.
		if full && len(t.spare) < slack {
			b.clear()
			t.spare = append(t.spare, b)
		}
	}
	clear(t.blocks[len(kept):])
	t.blocks = kept
}

// census returns how many tasks of the block were told of, and whether one of them has not ended.
func (b *block) census() (told int, alive bool) {
	for _, h := range b.tasks {
		if h != nil {
			told++
			alive = alive || h.State() < group.Succeeded
		}
	}
	return told, alive
}

// count adds the tasks of a block that is dropped to those that have ended.
func (t *tasks) count(b *block) {
	for i, h := range b.tasks {
		if h != nil {
			t.ended[h.State()]++
			t.latest = max(t.latest, time.Duration(b.began[i].Load()))
		}
	}
}

// clear leaves the number alone, which somebody may be reading.
func (b *block) clear() {
	clear(b.tasks[:])
	clear(b.queued[:])
	b.began = [blockLen]atomic.Int64{} // at once: those who began have ended
}

// seen is a task that has not ended.
type seen struct {
	task    group.Handle
	running bool
	at      time.Duration // when it began or, if it did not, was queued
}

// list returns the tasks that have not ended, by index, how many have in which way, and when the latest task began.
func (t *tasks) list() (alive []seen, ended [group.NotStarted + 1]int, latest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ended, latest = t.ended, t.latest
	alive = make([]seen, 0, len(t.blocks)*blockLen)
	var queued time.Duration
	for _, b := range t.blocks {
		for i, h := range b.tasks {
			if q := b.queued[i/stride]; q != 0 {
				queued = q
			}
			if h == nil {
				continue
			}
			began := time.Duration(b.began[i].Load())
			latest = max(latest, began)
			switch s := h.State(); {
			case s >= group.Succeeded:
				ended[s]++
			case s == group.Running && began > 0:
				alive = append(alive, seen{h, true, began})
			case began < 0:
				alive = append(alive, seen{h, s == group.Running, -began})
			default:
				alive = append(alive, seen{h, s == group.Running, queued})
			}
		}
	}
	return alive, ended, latest
}
