package debug

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// tasks knows the tasks of a scope that have not ended.
//
// It has to be cheap, for every task comes by. So whoever starts a task notes its handle, whoever runs it notes the time, without a lock,
// and nobody notes its end: whenever the list has doubled, those that have ended are counted and left out.
type tasks struct {
	recent atomic.Pointer[block] // the one that a task has begun in
	_      [120]byte             // who runs tasks reads that, while who starts them locks this:

	mu     sync.Mutex
	newest *block   // the one that a task was added to
	blocks []*block // by number
	spare  []*block
	limit  int // of blocks, before the next sweep
	ended  [group.NotStarted + 1]int
	latest time.Duration // when the last of the ended tasks began
}

// block has the tasks with consecutive indexes.
type block struct {
	number atomic.Int64
	tasks  [blockLen]group.Handle // guarded by mu; nil for one that was not told of yet
	// began is when the task began; negative, when it was queued; or 0.
	began [blockLen]atomic.Int64
	// queued is, for each stride of tasks, when the first of them was queued; guarded by mu.
	queued [blockLen / stride]time.Duration
}

const (
	blockLen = 64
	stride   = 16
	slack    = 8 // blocks that may lie about
)

// add notes a task that was started.
func (t *tasks) add(h group.Handle) {
	i := uint(h.Index())
	number, at := int64(i/blockLen), i%blockLen
	t.mu.Lock()
	b := t.newest
	if b == nil || b.number.Load() != number {
		b = t.find(number)
		t.newest = b
	}
	b.tasks[at] = h
	// Reading the clock costs more than all the rest. It is read for each of the first tasks, and then now and then.
	if number == 0 {
		b.began[at].CompareAndSwap(0, -int64(now()))
	} else if at%stride == 0 {
		b.queued[at/stride] = now()
	}
	t.mu.Unlock()
}

// begin notes when a task begins.
func (t *tasks) begin(h group.Handle) {
	i := uint(h.Index())
	number := int64(i / blockLen)
	b := t.recent.Load()
	if b == nil || b.number.Load() != number {
		t.mu.Lock()
		b = t.find(number)
		t.mu.Unlock()
		t.recent.Store(b)
	}
	b.began[i%blockLen].Store(int64(now())) // the block is not used for others as long as a task in it has not ended
}

// find returns the block with this number. The caller holds the lock.
func (t *tasks) find(number int64) *block {
	i, ok := slices.BinarySearchFunc(t.blocks, number, func(b *block, n int64) int { return cmp.Compare(b.number.Load(), n) })
	if ok {
		return t.blocks[i]
	}
	if len(t.blocks) >= t.limit {
		t.sweep()
		t.limit = 2*len(t.blocks) + slack
		return t.find(number)
	}
	var b *block
	if n := len(t.spare); n > 0 {
		b, t.spare = t.spare[n-1], t.spare[:n-1]
	} else {
		b = blocks.Get().(*block)
	}
	b.number.Store(number)
	t.blocks = slices.Insert(t.blocks, i, b)
	return b
}

// blocks has empty ones, of scopes that have ended. Those of a scope that goes on are not for others: a task that begins may look at one that
// it has no part in any more, to find by its number that this is so.
var blocks = sync.Pool{New: func() any { return new(block) }}

// close forgets all tasks. None begins from here on.
func (t *tasks) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent.Store(nil)
	for _, b := range append(t.blocks, t.spare...) {
		b.clear()
		blocks.Put(b)
	}
	t.newest, t.blocks, t.spare = nil, nil, nil
}
