// Package iter has parallel loops over slices and sequences:
//
//	for sum, err := range iter.Map(ctx, files, checksum, group.Limit(8)) {
//		...
//	}
//
// Each loop is a scope of package group: when it is over, or left, none of its calls still runs, and the source is not iterated any more.
// The options are those of group, and mean for elements what they mean there for tasks: failures carry the number of the element, the
// stop rule decides when they end the loop, the filters what is a failure, and so on. Without [group.Limit], GOMAXPROCS elements are
// worked on at once. The context that a function gets is the loop's, not one for each element, and so is [group.Timeout] a limit for the
// whole loop.
// A loop over a sequence works on no more than 16,384 elements at once, whatever the limit.
//
// [ForEachSlice] and [MapSlice] are for slices: goroutines claim elements in chunks, whose size follows the time that elements take, so that
// very short functions are worth it. They may call the function in the caller's goroutine too, which for one element is the only one; a
// runtime.Goexit of the function ends that goroutine then, after the others have ended. All others are for sequences, which they
// iterate in one goroutine, and hold few elements of.
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
