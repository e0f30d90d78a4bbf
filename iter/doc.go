// Package iter has parallel loops over slices and sequences:
//
//	for sum, err := range iter.Map(ctx, files, checksum, group.Limit(8)) {
//		...
//	}
//
// The options are those of package group, and mean for elements what they mean there for tasks. Without [group.Limit], GOMAXPROCS elements are
// worked on at once; over a sequence no more than 16,384, whatever the limit.
//
// [ForEachSlice] and [MapSlice] are for slices: goroutines claim elements in chunks, whose size follows the time that elements take, so that
// very short functions are worth it. All others are for sequences, which they iterate in one goroutine, and hold few elements of.
//
// # Lifetime
//
// Each loop is a scope of package group: when it is over, or left by break, return or a panic, none of its calls still runs, and the source is not
// iterated any more. Nothing has to be closed. An iterator may be ranged over again, and calls its functions anew.
//
// # Ordering
//
// [Map], [MapSlice], [Filter] and [FlatMap] yield in the order of the source, [MapUnordered] and [Merge] as things come. The functions are called in any
// order, and at the same time.
//
// # Errors
//
// Failures carry the number of the element. The stop rule decides when they end the loop, the filters what is a failure. What ends a loop is its last
// error, with a zero value; a failure that does not, as under [group.KeepGoing], is yielded in the place of its element.
//
// # Panics
//
// A panic of a function or of the source cancels the other calls, which are awaited, and goes on in the goroutine of the loop. The loops over slices may
// call the function in that goroutine, too, which for one element is the only one; a runtime.Goexit of the function ends it then, after the others
// have ended.
//
// # Cancellation
//
// The context that a function gets is the loop's, not one for each element, and so is [group.Timeout] a limit for the whole loop. It ends when ctx
// does, when the loop is left, and after the failure that ends the loop.
//
// # Memory model
//
// What a call did happens before its value is yielded, or the loop returns; what the source did before it yielded an element happens before the call
// for that.
//
// # Stages
//
// A loop may be the source of another, each element going on as soon as it is ready. As a loop yields errors too, and a source does not, the
// caller says between the two what becomes of them:
//
//	batches := func(yield func([]string) bool) {
//		for batch, err := range iter.Batch(ctx, lines, 1000, 0) {
//			if err != nil {
//				failed = err // to be looked at when the last loop is over
//				return
//			}
//			if !yield(batch) {
//				return
//			}
//		}
//	}
//	for n, err := range iter.Map(ctx, batches, count) { ... }
//
// A source that can fail by itself, such as a file that is read, leaves its error in a variable in the same way. All stages work at once, and
// each holds its own few elements.
//
// The package is named like the standard one, of which callers of this seldom need more than the types. If they do, the usual names are
//
//	import (
//		stditer "iter"
//
//		"github.com/creche-go/creche/iter"
//	)
package iter
