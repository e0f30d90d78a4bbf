//go:build !explore

package sched

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// The atomic words.
type (
	Bool           = atomic.Bool
	Int32          = atomic.Int32
	Int64          = atomic.Int64
	Pointer[T any] = atomic.Pointer[T]
)

// The locks.
type (
	Mutex     = sync.Mutex
	Cond      = sync.Cond
	WaitGroup = sync.WaitGroup
)

// LoadUint32 is that of sync/atomic, as the next two are.
func LoadUint32(p *uint32) uint32 { return atomic.LoadUint32(p) }

// CompareAndSwapUint32 is that of sync/atomic.
func CompareAndSwapUint32(p *uint32, old, new uint32) bool {
	return atomic.CompareAndSwapUint32(p, old, new)
}

// AddUint32 is that of sync/atomic.
func AddUint32(p *uint32, d uint32) uint32 { return atomic.AddUint32(p, d) }

// Go starts a goroutine.
func Go(f func()) { go f() }

// Gosched lets others run.
func Gosched() { runtime.Gosched() }

// Now reads the clock.
func Now() time.Time { return time.Now() }

// Since returns the time that has passed.
func Since(t time.Time) time.Duration { return time.Since(t) }

// AfterFunc calls f after d, on a goroutine of its own; stop reports whether it prevented that.
func AfterFunc(d time.Duration, f func()) (stop func() bool) { return time.AfterFunc(d, f).Stop }

// Receive waits for a value of the channel, or its end.
func Receive(c <-chan struct{}) { <-c }

// ReceiveEither waits for one of two channels, and reports whether it received from the first.
func ReceiveEither(a, b <-chan struct{}) bool {
	select {
	case <-a:
		return true
	case <-b:
		return false
	}
}

// Offer puts a token into a channel if there is room for it.
func Offer(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Close closes a channel that others receive from.
func Close(c chan struct{}) { close(c) }
