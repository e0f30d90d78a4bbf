package iter

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/internal/seam"
)

// Merge returns an iterator over the elements of several sequences, as they come. Each sequence is iterated in a goroutine of its own,
// which is held back while the loop is busy. If ctx ends before they do, its cause is the last error. When the loop is left the
// sequences are awaited: they must not wait for ever. A panic of one goes on in the goroutine of the loop.
func Merge[T any](ctx context.Context, seqs ...iter.Seq[T]) iter.Seq2[T, error] {
	seam.Check(ctx, "Merge", nil)
	for i, seq := range seqs {
		if seq == nil {
			panic(fmt.Sprintf("iter: Merge: sequence %d is nil", i))
		}
	}
	return func(yield func(T, error) bool) {
		come := make(chan T)
		l := seam.Open(ctx, "Merge", Merge[T], nil)
		var left atomic.Int32
		left.Store(int32(len(seqs)))
		done := make(chan struct{})
		if len(seqs) == 0 {
			close(done)
		}
		for _, seq := range seqs {
			source(l, seq, come, func() {
				if left.Add(-1) == 0 {
					close(done)
				}
			})
		}
		receive(l, done, func() bool {
			select {
			case v := <-come:
				return yield(v, nil)
			case <-done:
			case <-l.Context().Done():
			}
			return true
		}, func(err error) {
			var none T
			yield(none, err)
		})
	}
}

// Batch returns an iterator over slices of size elements of seq. One is yielded earlier, with fewer elements, when the first of them has
// waited for maxWait, if that is positive, and when seq ends, or ctx does. If ctx ends before seq does, its cause is the last error. The
// slices belong to the loop. Like [Merge], it iterates seq in a goroutine of its own.
func Batch[T any](ctx context.Context, seq iter.Seq[T], size int, maxWait time.Duration) iter.Seq2[[]T, error] {
	if size < 1 {
		panic(fmt.Sprintf("iter: Batch needs size ≥ 1, got %d", size))
	}
	check(ctx, "Batch", nil, seq == nil, false)
	return func(yield func([]T, error) bool) {
		come, done := make(chan T), make(chan struct{})
		l := seam.Open(ctx, "Batch", Batch[T], nil)
		source(l, seq, come, func() { close(done) })
		var batch []T
		var late <-chan time.Time
		flush := func() bool {
			full := batch
			batch, late = nil, nil
			return len(full) == 0 || yield(full, nil)
		}
		receive(l, done, func() bool {
			select {
			case v := <-come:
				if batch = append(batch, v); len(batch) == size {
					return flush()
				}
				if len(batch) == 1 && maxWait > 0 {
					late = time.After(maxWait)
				}
			case <-late:
				return flush()
			case <-done:
				return flush()
			case <-l.Context().Done():
				return flush()
			}
			return true
		}, func(err error) { yield(nil, err) })
	}
}

// source sends the elements of seq, and calls end at its end.
func source[T any](l seam.Loop, seq iter.Seq[T], to chan<- T, end func()) {
	l.Go(func(ctx context.Context) {
		defer end()
		name := "sequence"
		defer l.Guard(&name)
		for v := range seq {
			select {
			case to <- v:
				continue
			case <-ctx.Done():
			}
			break
		}
		if ctx.Err() != nil { // it may have ended because of that
			l.Cut()
		}
		name = ""
	}, false)
}

// receive calls next until it returns false, or there is nothing more to come. Then it ends the loop, and gives its error to last.
func receive(l seam.Loop, done <-chan struct{}, next func() bool, last func(error)) {
	broken := true
	defer func() {
		if broken {
			l.Cancel()
			l.Wait()
		}
	}()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		case <-l.Context().Done():
			over = true
		default:
		}
		if !next() {
			return
		}
	}
	broken = false
	if err := l.Wait(); err != nil {
		last(err)
	}
}
