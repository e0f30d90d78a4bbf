//go:build explore

package sched

import (
	"runtime"
	"time"
)

// Go starts a goroutine.
func Go(f func()) {
	r := running
	if r == nil {
		go f()
		return
	}
	r.start(f)
	r.point()
}

// Gosched lets another go on, if one can.
func Gosched() {
	r := running
	if r == nil {
		runtime.Gosched()
		return
	}
	r.yield()
}

// Now reads a clock that goes on by a microsecond each time that somebody looks.
func Now() time.Time {
	r := running
	if r == nil {
		return time.Now()
	}
	r.clock++
	return time.Unix(0, 0).Add(time.Duration(r.clock) * time.Microsecond)
}

// Since returns the time that has passed by that clock.
func Since(t time.Time) time.Duration {
	if running == nil {
		return time.Since(t)
	}
	return Now().Sub(t)
}

// AfterFunc starts a goroutine which may run at any time until it is stopped, however long d is.
func AfterFunc(d time.Duration, f func()) (stop func() bool) {
	r := running
	if r == nil {
		return time.AfterFunc(d, f).Stop
	}
	begun, stopped := false, false
	r.start(func() {
		if !stopped {
			begun = true
			f()
		}
	})
	return func() bool {
		r.point()
		prevented := !begun && !stopped
		stopped = stopped || prevented
		return prevented
	}
}

// Receive waits for a value of the channel, or its end.
func Receive(c <-chan struct{}) {
	if r := running; r != nil {
		r.point()
		r.block("a channel", func() bool { return isReady(c) })
	}
	<-c
}

// ReceiveEither waits for one of two channels, and reports whether it received from the first. If both are ready the explorer has both
// ways tried.
func ReceiveEither(a, b <-chan struct{}) bool {
	r := running
	if r == nil {
		select {
		case <-a:
			return true
		case <-b:
			return false
		}
	}
	r.point()
	r.block("one of two channels", func() bool { return isReady(a) || isReady(b) })
	if isReady(a) && (!isReady(b) || r.choose(2, false) == 0) {
		<-a
		return true
	}
	<-b
	return false
}

// Offer puts a token into a channel if there is room for it.
func Offer(c chan<- struct{}) {
	if r := running; r != nil {
		r.point()
	}
	select {
	case c <- struct{}{}:
	default:
	}
}

// Close closes a channel that others receive from.
func Close(c chan struct{}) {
	if r := running; r != nil {
		r.point()
	}
	close(c)
}

// isReady tells whether a receive would not block. A channel that holds nothing can only be asked for its end, which takes nothing away.
func isReady(c <-chan struct{}) bool {
	if len(c) > 0 {
		return true
	}
	select {
	case <-c:
		return true
	default:
		return false
	}
}
