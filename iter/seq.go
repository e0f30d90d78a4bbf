package iter

import (
	"context"
	"iter"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/seam"
)

// ForEach calls fn for each element of seq, at most [group.Limit] at once, by default GOMAXPROCS. It iterates seq in the caller's
// goroutine, and holds no more than a few elements that nobody works on yet. It returns when all calls have returned: after the last
// element, or after the first failure (or what another stop rule says). If ctx ends before seq does, that is reported: seq may have ended
// because of it. The error is a [*group.Error] whose failures have the number of the element in seq.
func ForEach[T any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) error, opts ...group.Option) error {
	check(ctx, "ForEach", opts, seq == nil, fn == nil)
	call := func(ctx context.Context, v T) (struct{}, error) { return struct{}{}, fn(ctx, v) }
	return newNamedPipe(ctx, "ForEach", fn, call, opts).consume(seq)
}

// consume calls the function for each element of seq, which it iterates in the caller's goroutine.
func (p *pipe[T, R]) consume(seq iter.Seq[T]) error {
	p.sink = true
	left := true
	defer func() {
		if left { // a panic of seq, or its runtime.Goexit, goes on
			p.Cancel()
			p.Join()
		}
	}()
	p.fill(p.Context(), seq)
	left = false
	p.end()
	return p.Wait()
}

// Map returns an iterator over what fn makes of the elements of seq, in the order of seq. Each loop over it calls fn anew, at most
// [group.Limit] elements at once, by default GOMAXPROCS. The loop iterates seq in a goroutine of its own, and holds fewer than
// 4·limit + 64 elements, those that are worked on and results that nobody has taken included. A loop that is slower than fn holds seq back.
//
// The first failure (or what another stop rule says) ends the loop: the values of the elements before are yielded, and then, once, the
// error, a [*group.Error], with a zero value. A failure that does not end the loop, as under [group.KeepGoing], is yielded in its place:
// what fn returned, or [group.MapError] made of it. If ctx ends, or the loop's timeout is over, that is the last error. An element whose error the filters take
// away is passed over.
//
// When the loop is left, by break, return or a panic, calls of fn that still run are cancelled, and awaited, as seq is: it must not
// wait for ever. What has failed then and was not yielded is dropped. A panic of fn or seq goes on in the goroutine of the loop.
func Map[T, R any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) (R, error), opts ...group.Option) iter.Seq2[R, error] {
	check(ctx, "Map", opts, seq == nil, fn == nil)
	return func(yield func(R, error) bool) {
		newPipe(ctx, "Map", fn, opts).withResults().loop(seq, nil, yield)
	}
}

// MapUnordered is [Map], but that the values are yielded in the order in which the calls return.
func MapUnordered[T, R any](ctx context.Context, seq iter.Seq[T], fn func(ctx context.Context, elem T) (R, error), opts ...group.Option) iter.Seq2[R, error] {
	check(ctx, "MapUnordered", opts, seq == nil, fn == nil)
	return func(yield func(R, error) bool) {
		p := newPipe(ctx, "MapUnordered", fn, opts).withResults()
		p.unordered = true
		p.loop(seq, nil, yield)
	}
}

func check(ctx context.Context, caller string, opts []group.Option, noSeq, noFunc bool) {
	seam.Check(ctx, caller, opts)
	switch {
	case noSeq:
		panic("iter: " + caller + " needs a sequence, got nil")
	case noFunc:
		panic("iter: " + caller + " needs a function, got nil")
	}
}

// loop runs the pipe and yields the results. With keep set, failures that are yielded are reported at the end as well, and keep is called
// with that error instead of yield.
func (p *pipe[T, R]) loop(seq iter.Seq[T], keep func(error), yield func(R, error) bool) {
	broken := true
	defer func() {
		if broken {
			p.Cancel()
			p.Wait() // panics if a function did
		}
	}()
	p.Go(func(ctx context.Context) {
		name := "sequence"
		defer p.Guard(&name)
		p.fill(ctx, seq)
		name = ""
	}, false)
	ctx := p.Context()
	k := int64(0)
	// each yields results until there is none, or one has ended the loop. It returns false after a break.
	each := func(next func() *output[R]) bool {
		for o := next(); o != nil; o = next() {
			v, f := o.value, o.failed
			if f != nil && f.Stopped() {
				return true
			}
			p.giveBack(k)
			k++
			if f != nil && ctx.Err() != nil {
				continue // what failed beside or after what ended the loop is told at the end
			}
			if !p.deliver(v, f, keep != nil, yield) {
				return false
			}
		}
		return true
	}
	if !each(func() *output[R] { return p.take(ctx, k) }) {
		return
	}
	if ctx.Err() != nil { // what is there comes before the error
		p.end()
		if !each(func() *output[R] {
			if o := &p.out[k&p.mask]; o.full.Load() {
				return o
			}
			return nil
		}) {
			return
		}
	}
	broken = false
	err := p.Wait()
	switch {
	case keep != nil:
		keep(err)
	case err != nil:
		var none R
		yield(none, err)
	}
}

// deliver yields one result, if there is something to yield.
func (p *pipe[T, R]) deliver(v R, f seam.Failure, keep bool, yield func(R, error) bool) bool {
	if f == nil {
		return yield(v, nil)
	}
	err := f.Err()
	if err == nil {
		return true
	}
	if !keep {
		f.Taken()
	}
	return yield(v, err)
}
