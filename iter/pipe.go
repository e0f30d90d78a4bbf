package iter

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/seam"
)

// pipe carries the elements of a sequence from the goroutine that iterates it, through goroutines that call a function, to a loop. It has
// two rings of the same size: elements that nobody works on yet, and results that nobody has taken. An element leaves the first
// ring when a worker claims it, and enters the second at a place of its own: its number in the source, or the number of its end.
//
// As many elements as the rings have places are held at most, those that are worked on included. The source waits for room.
type pipe[T, R any] struct {
	seam.Loop
	fn        func(context.Context, T) (R, error)
	limit     int32
	unordered bool
	sink      bool // nobody takes results

	in   []input[T]
	out  []output[R]
	mask int64

	// filled counts elements that were put in. Its store publishes one to the workers.
	filled atomic.Int64
	gone   int64 // how many have made room, when the source last looked: others write those words often
	next   int64 // the element that the source waits for room with
	_      [32]byte
	// claimed counts elements that workers have taken. The CAS that advances it gives the element to one of them.
	claimed atomic.Int64
	// ended counts elements of an unordered pipe that have results: the place of the next.
	ended atomic.Int64
	_     [48]byte
	// taken counts results that the loop has taken. Its store gives their places back.
	taken atomic.Int64
	// wanted is the place that the loop waits for. It is set before the loop looks at it again, and read after a result was placed.
	wanted atomic.Int64

	workers workforce
	room    parking       // of the source
	ready   parking       // of the loop
	drained chan struct{} // closed when the source has ended

	sleepAtRoom, sleepAtResult func() // made when they are needed first
}

type input[T any] struct {
	elem T
	// full is set by the source after elem, and cleared by the worker that has copied it.
	full atomic.Bool
}

type output[R any] struct {
	value  R
	failed seam.Failure // nil for a success
	// full is set by the worker after the others. The loop clears it before it gives the place back.
	full atomic.Bool
}

// mostAtOnce bounds the limit of a loop over a sequence, which holds places for twice as many elements.
const mostAtOnce = 1 << 14

// spare is how many elements a pipe holds beside twice the limit.
const spare = 32

func newPipe[T, R any](ctx context.Context, caller string, fn func(context.Context, T) (R, error), opts []group.Option) *pipe[T, R] {
	return newNamedPipe(ctx, caller, fn, fn, opts)
}

// newNamedPipe is newPipe for a function that does what the user's does.
func newNamedPipe[T, R any](ctx context.Context, caller string, user any, fn func(context.Context, T) (R, error), opts []group.Option) *pipe[T, R] {
	p := &pipe[T, R]{Loop: seam.Open(ctx, caller, user, opts), fn: fn, drained: make(chan struct{})}
	p.limit = int32(min(p.Limit(), mostAtOnce))
	if p.limit == 0 {
		p.limit = int32(runtime.GOMAXPROCS(0))
	}
	size := int64(spare)
	for size < 2*int64(p.limit)+spare {
		size *= 2
	}
	p.in, p.mask = make([]input[T], size), size-1
	p.workers.parking.init()
	p.room.init()
	p.ready.init()
	return p
}

// fill puts the elements of the source in. It returns when there are no more, or the loop has been cancelled.
func (p *pipe[T, R]) fill(ctx context.Context, seq iter.Seq[T]) {
	defer func() {
		close(p.drained)
		p.ready.wake()
	}()
	n := int64(0)
	for v := range seq {
		if !p.awaitRoom(ctx, n) {
			break
		}
		slot := &p.in[n&p.mask]
		slot.elem = v
		slot.full.Store(true)
		n++
		p.filled.Store(n)
		p.employ()
	}
	if ctx.Err() != nil { // it may have ended because of that
		p.Cut()
	}
}

// end joins the goroutines of the loop, and tells whether all elements were worked on.
func (p *pipe[T, R]) end() {
	p.Join()
	if !p.isDrained() || p.claimed.Load() < p.filled.Load() {
		p.Cut()
	}
}

// awaitRoom returns when the n-th element has a place, or false when the loop has been cancelled.
func (p *pipe[T, R]) awaitRoom(ctx context.Context, n int64) bool {
	if n&7 == 0 && ctx.Err() != nil {
		return false
	}
	return p.hasRoom(n) || p.sleepForRoom(ctx, n)
}

func (p *pipe[T, R]) hasRoom(n int64) bool {
	if n-p.gone > p.mask {
		if p.sink {
			p.gone = p.claimed.Load()
		} else {
			p.gone = p.taken.Load()
		}
	}
	return n-p.gone <= p.mask && !p.in[n&p.mask].full.Load()
}

// sleepForRoom makes its function once, so that no element costs an allocation.
func (p *pipe[T, R]) sleepForRoom(ctx context.Context, n int64) bool {
	p.next = n
	if p.sleepAtRoom == nil {
		ready := func() bool { return p.hasRoom(p.next) }
		p.sleepAtRoom = func() { p.room.await(ctx, nil, ready) }
	}
	p.Idle(ctx, p.sleepAtRoom)
	return p.hasRoom(n)
}

// withResults adds the second ring, for those who have a loop.
func (p *pipe[T, R]) withResults() *pipe[T, R] {
	p.out = make([]output[R], len(p.in))
	return p
}

// take returns the k-th result, or nil when there is none, because the source has ended or the loop was cancelled.
func (p *pipe[T, R]) take(ctx context.Context, k int64) *output[R] {
	o := &p.out[k&p.mask]
	if o.full.Load() {
		return o
	}
	return p.await(ctx, k)
}

// await makes its function once, as sleepForRoom does.
func (p *pipe[T, R]) await(ctx context.Context, k int64) *output[R] {
	p.wanted.Store(k)
	p.room.wake() // the source may wait for more room than there was
	if p.sleepAtResult == nil {
		over := func() bool {
			k := p.wanted.Load()
			return p.out[k&p.mask].full.Load() || p.isDrained() && p.filled.Load() == k
		}
		p.sleepAtResult = func() {
			p.ready.await(ctx, p.drained, over)
			if !over() && ctx.Err() == nil { // drained is closed, and elements are on their way
				p.ready.await(ctx, nil, over)
			}
		}
	}
	p.Idle(ctx, p.sleepAtResult)
	if o := &p.out[k&p.mask]; o.full.Load() {
		return o
	}
	return nil
}

func (p *pipe[T, R]) isDrained() bool {
	select {
	case <-p.drained:
		return true
	default:
		return false
	}
}

// giveBack empties the k-th place.
func (p *pipe[T, R]) giveBack(k int64) {
	o := &p.out[k&p.mask]
	var none R
	o.value, o.failed = none, nil
	o.full.Store(false)
	p.taken.Store(k + 1)
	if k&(p.mask>>1) == 0 { // not each time: to wake the source costs more than it does
		p.room.wake()
	}
}
