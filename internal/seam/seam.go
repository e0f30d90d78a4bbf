// Package seam lets package iter reach what package group shows nobody. Group sets the function, iter calls it.
package seam

import "context"

// Loop is a scope whose tasks are the elements of a parallel loop. The goroutines that work on them are not tasks: no rule and no loop
// sees those.
type Loop interface {
	// Context is that of the scope.
	Context() context.Context
	// Limit is how many elements may be worked on at once, or 0 if nothing is said about that.
	Limit() int
	// Shared reports whether who works on an element needs a place of a limiter, which only the goroutines of Go have.
	Shared() bool
	// Go starts a goroutine of the loop, which Wait awaits. One that waits for a shared limiter begins when it has a place.
	Go(work func(ctx context.Context), limited bool)

	// Idle calls wait, on a goroutine of the loop that got ctx, and lends its place meanwhile.
	Idle(ctx context.Context, wait func())

	// Watches reports whether Succeed has to be called for each success.
	Watches() bool
	Succeed(i int)
	// Fail tells of an element whose function returned an error.
	Fail(i int, err error) Failure
	// Recovers reports whether a panic of the function is to be recovered.
	Recovers() bool
	// Exiting reports whether the deferred function that calls it runs because of runtime.Goexit, rather than of a panic.
	Exiting() bool
	// Left tells of an element whose function did not return: v is what it panicked with, or nil after a runtime.Goexit.
	Left(i int, v any) Failure
	// Guard is deferred around the caller's functions that work on no element, such as a source. It recovers a panic, which Wait then
	// throws. The name is cleared by who returns normally.
	Guard(name *string)

	// Cut tells that the loop ended before its source did, which is a failure if its context has ended.
	Cut()
	// Cancel stops the loop without a reason to report.
	Cancel()
	// Join returns when all goroutines of the loop have ended. None can be started afterwards.
	Join()
	// Wait returns the error of the loop, once all its goroutines have ended, or panics.
	Wait() error
}

// Failure is what became of a failed element.
type Failure interface {
	// Err is what the filters leave of the error: nil is no failure.
	Err() error
	// Stopped reports whether this is what ended the loop.
	Stopped() bool
	// Taken makes Wait not report it, unless it ended the loop.
	Taken()
}

// Check panics if the context or an option is nil, as Open would.
var Check func(ctx context.Context, caller string, opts any)

// Open opens a scope for a loop that calls fn for each element; caller is the function of package iter, opts is a []group.Option.
var Open func(ctx context.Context, caller string, fn any, opts any) Loop
