package iter

import (
	"context"
	"sync/atomic"

	"github.com/creche-go/creche/internal/seam"
)

// workforce counts the goroutines that call the function. The rule is that of the scopes: while elements wait and the limit leaves room, a
// worker exists that is about to run, so that one that blocks keeps nobody back. Unlike there, a worker without an element sleeps,
// as the source may be slower than it.
type workforce struct {
	hired   atomic.Int32 // the coming one included
	coming  atomic.Bool  // one was started, and has not begun
	parking              // of those without an element
}

// employ sees to it that somebody comes for an element that was put in.
func (p *pipe[T, R]) employ() {
	w := &p.workers
	if w.asleep.Load() > 0 {
		w.wake()
		return
	}
	for w.hired.Load() < p.limit && !w.coming.Load() && w.coming.CompareAndSwap(false, true) {
		if w.hired.Add(1) <= p.limit {
			p.Go(p.work, true)
			return
		}
		w.hired.Add(-1)
		w.coming.Store(false)
	}
}

// work is a worker.
func (p *pipe[T, R]) work(ctx context.Context) {
	p.workers.coming.Store(false)
	for p.serve(ctx) {
	}
}

// serve works until there are no more elements, or the function has panicked: then it returns true, and wants to be called again.
func (p *pipe[T, R]) serve(ctx context.Context) (again bool) {
	at, calling := int64(-1), false
	var none R
	var k known
	defer func() {
		switch {
		case !calling:
			return
		case p.Recovers():
			v := recover()
			again = v != nil
			p.put(at, none, p.Left(int(at), v))
		case p.Exiting():
			p.put(at, none, p.Left(int(at), nil))
		default:
			return // the panic goes on, and ends the process
		}
		if !again { // this goroutine ends with what it calls, and its place goes to another
			p.Go(p.work, true)
		}
	}()
	watched := p.Watches()
	for {
		i, elem, ok := p.claim(ctx, &k)
		if !ok {
			return false
		}
		at, calling = i, true
		v, err := p.fn(ctx, elem)
		calling = false
		switch {
		case err != nil:
			p.put(i, none, p.Fail(int(i), err))
		case watched:
			p.Succeed(int(i))
			fallthrough
		default:
			p.put(i, v, nil)
		}
	}
}

// claim takes the next element out. It waits for one, and returns false when there are no more, or the loop has been cancelled. What the
// worker knows of the number of elements is in k: the source writes that word often, and sees to those that the worker misses.
func (p *pipe[T, R]) claim(ctx context.Context, k *known) (i int64, elem T, ok bool) {
	for ctx.Err() == nil {
		i := p.claimed.Load()
		if i >= k.filled {
			if k.filled = p.filled.Load(); i == k.filled && !p.awaitElement(ctx, k) {
				return 0, elem, false
			}
			continue
		}
		if !p.claimed.CompareAndSwap(i, i+1) {
			continue
		}
		slot := &p.in[i&p.mask]
		elem = slot.elem
		var none T
		slot.elem = none
		slot.full.Store(false)
		// The source is woken for half a ring of room, or it would sleep again for the next element. Whoever empties the place that it
		// waits for may not be the last to claim: hence the look at what others have claimed.
		if p.room.asleep.Load() > 0 && (!p.sink || p.filled.Load()-p.claimed.Load() <= p.mask/2) {
			p.room.wake()
		}
		if i+1 < k.filled {
			p.employ() // before the function is called, which may block
		}
		return i, elem, true
	}
	return 0, elem, false
}

// known is what a worker keeps from one element to the next.
type known struct {
	filled int64
	sleep  func() // made when it is needed first
}

// awaitElement returns false when there will be none.
func (p *pipe[T, R]) awaitElement(ctx context.Context, k *known) bool {
	if k.sleep == nil {
		k.sleep = func() { p.workers.await(ctx, p.drained, p.hasElement) }
	}
	p.Idle(ctx, k.sleep)
	return p.hasElement() || !p.isDrained() && ctx.Err() == nil
}

func (p *pipe[T, R]) hasElement() bool { return p.claimed.Load() < p.filled.Load() }

// put places the result of the i-th element.
func (p *pipe[T, R]) put(i int64, v R, f seam.Failure) {
	if p.sink {
		return
	}
	if p.unordered {
		i = p.ended.Add(1) - 1
	}
	o := &p.out[i&p.mask]
	o.value, o.failed = v, f
	o.full.Store(true)
	if p.wanted.Load() == i {
		p.ready.wake()
	}
}
