package iter

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/seam"
)

// ForEachSlice calls fn for a pointer to each element of s, at most [group.Limit] of them at once, by default GOMAXPROCS. It returns when
// all calls have, or after the first failure (or what another stop rule says) when those that were running have; the others are
// not made then. The error is a [*group.Error] whose failures have the index of the element.
func ForEachSlice[T any](ctx context.Context, s []T, fn func(ctx context.Context, elem *T) error, opts ...group.Option) error {
	if fn == nil {
		panic("iter: ForEachSlice needs a function, got nil")
	}
	l := seam.Open(ctx, "ForEachSlice", fn, opts)
	if len(s) == 1 && !l.Shared() {
		return one(l, func(ctx context.Context) error { return fn(ctx, &s[0]) })
	}
	return overSlice(l, len(s), func(ctx context.Context, from, to int, at *int, stop *atomic.Bool) error {
		part := s[from:to]
		for i := range part {
			if stop.Load() {
				break
			}
			*at = from + i
			if err := fn(ctx, &part[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// MapSlice returns what fn makes of each element of s, in the order of s. It calls fn as [ForEachSlice] does. With an error there are values
// as well: those of the elements that succeeded are in their places, and zero values in those of the others.
func MapSlice[T, R any](ctx context.Context, s []T, fn func(ctx context.Context, elem T) (R, error), opts ...group.Option) ([]R, error) {
	if fn == nil {
		panic("iter: MapSlice needs a function, got nil")
	}
	l := seam.Open(ctx, "MapSlice", fn, opts)
	if len(s) == 0 {
		return nil, overSlice(l, 0, nil)
	}
	rs := make([]R, len(s))
	if len(s) == 1 && !l.Shared() {
		return rs, one(l, func(ctx context.Context) error {
			r, err := fn(ctx, s[0])
			if err == nil {
				rs[0] = r
			}
			return err
		})
	}
	err := overSlice(l, len(s), func(ctx context.Context, from, to int, at *int, stop *atomic.Bool) error {
		out := rs[from:to]
		for i, v := range s[from:to] {
			if stop.Load() {
				break
			}
			*at = from + i
			r, err := fn(ctx, v)
			if err != nil {
				return err
			}
			out[i] = r
		}
		return nil
	})
	return rs, err
}

// sliceLoop is a loop over n elements. Goroutines claim them in chunks.
type sliceLoop struct {
	seam.Loop
	n int
	// work calls the function for some elements, as long as nobody stops the loop, and tells in at which was the last. It returns at
	// the first error.
	work func(ctx context.Context, from, to int, at *int, stop *atomic.Bool) error
	stop atomic.Bool // an element has ended the loop; that the context has ended is seen a chunk later
	// next is the first element that nobody has claimed. The CAS that advances it gives elements to one goroutine.
	next    atomic.Int64
	skipped atomic.Bool // some that were claimed were not worked on
	workers int
	chunk   chunk // of the caller's goroutine, if it is alone: others would wait for the cache line
}

// chunk is what a goroutine has claimed: the elements after at, up to to. The one at at it works on, or has done.
type chunk struct{ at, to int }

// A chunk should take so long that claiming it does not matter, and be so short that in the end nobody waits long for another.
const goodChunk = 20 * time.Microsecond

// epoch is what times are told from: time.Since reads one clock, where time.Now reads two.
var epoch = time.Now()

func overSlice(opened seam.Loop, n int, work func(context.Context, int, int, *int, *atomic.Bool) error) error {
	l := &sliceLoop{Loop: opened, n: n, work: work}
	limit := l.Limit()
	if limit == 0 {
		limit = runtime.GOMAXPROCS(0)
	}
	l.workers = min(limit, n)
	returned := false
	defer func() {
		if !returned { // fn has called runtime.Goexit, here in the caller's goroutine
			l.Cancel()
			l.Wait()
		}
	}()
	if n > 0 {
		// One of the goroutines is the caller's: with one element no other is needed.
		others := l.workers - 1
		if l.Shared() {
			others++
		}
		for range others {
			l.Go(l.worker, true)
		}
		switch {
		case others == 0:
			l.serve(l.Context(), &l.chunk)
		case others < l.workers:
			l.worker(l.Context())
			fallthrough
		default:
			l.Join()
		}
	}
	if l.next.Load() < int64(n) || l.skipped.Load() {
		l.Cut()
	}
	err := l.Wait()
	returned = true
	return err
}

func (l *sliceLoop) worker(ctx context.Context) { l.serve(ctx, new(chunk)) }

// serve works until no element is left.
func (l *sliceLoop) serve(ctx context.Context, c *chunk) {
	for l.chunks(ctx, c) {
	}
}

// chunks works until no element is left, or one has panicked: then it returns true, and wants to be called again.
func (l *sliceLoop) chunks(ctx context.Context, c *chunk) (again bool) {
	calling := false
	defer func() {
		if !calling {
			return
		}
		if l.Recovers() {
			v := recover()
			again = v != nil
			l.fail(ctx, func() { l.Left(c.at, v) })
		} else if !l.Exiting() {
			return // the panic goes on, and ends the process
		} else {
			l.fail(ctx, func() { l.Left(c.at, nil) })
		}
		if !again { // this goroutine ends with what it calls
			rest := *c
			l.Go(func(ctx context.Context) { l.serve(ctx, &rest) }, true)
		}
	}()
	size, watched := int64(1), l.Watches()
	start := time.Duration(-1) // of the chunk
	for ctx.Err() == nil {
		timed := false
		if c.at+1 >= c.to {
			from, to := l.claim(size)
			if from == to {
				return false
			}
			c.at, c.to = from-1, to
			timed = int64(to-from) == size && to < l.n // towards the end the shares are smaller, and need no clock
		}
		if timed && start < 0 {
			start = time.Since(epoch)
		}
		for c.at+1 < c.to && !l.stop.Load() {
			end := c.to
			if watched {
				end = c.at + 2
			}
			calling = true
			err := l.work(ctx, c.at+1, end, &c.at, &l.stop)
			calling = false
			switch {
			case err != nil:
				l.fail(ctx, func() { l.Fail(c.at, err) })
			case watched:
				l.Succeed(c.at)
				l.stop.Store(l.stop.Load() || ctx.Err() != nil)
			}
		}
		if c.at+1 < c.to {
			break // stopped
		}
		if timed {
			now := time.Since(epoch)
			size = l.resize(size, now-start)
			start = now
		}
	}
	if c.at+1 < c.to {
		l.skipped.Store(true)
	}
	return false
}

// fail tells of a failure, and stops the others if that has ended the loop.
func (l *sliceLoop) fail(ctx context.Context, tell func()) {
	tell()
	if ctx.Err() != nil {
		l.stop.Store(true)
	}
}

// claim takes up to size elements, but no more than a fair share of what is left.
func (l *sliceLoop) claim(size int64) (from, to int) {
	for {
		next := l.next.Load()
		left := int64(l.n) - next
		take := min(size, max(1, left/int64(2*l.workers)))
		if left == 0 {
			return l.n, l.n
		}
		if l.next.CompareAndSwap(next, next+take) {
			return int(next), int(next + take)
		}
	}
}

// resize returns the size of the next chunk after one of n elements has taken the time d.
func (l *sliceLoop) resize(n int64, d time.Duration) int64 {
	switch {
	case d < goodChunk/8:
		return n * 8
	case d < goodChunk/2:
		return n * 2
	case d > 2*goodChunk:
		return max(1, n*int64(goodChunk)/int64(d))
	}
	return n
}
