// Package waitset takes tasks in the order in which they end.
//
//	for t := range waitset.Completed(g) {
//		v, err := t.Result()
//		...
//	}
//
// [Completed] and [Results] loop over the tasks of one group, those that the loop's body starts included. A [WaitSet] is for tasks that are
// some of a group's, or several groups', or of several types; [Wait] divides tasks into those that are done and those that are pending.
//
// # Ordering
//
// Tasks come in the order in which they ended, whoever asks and when; each is handed out once by a loop and once by a set. To take one costs the
// same however many wait.
//
// # Errors and panics
//
// To wait is not to own. What [Completed] and [Results] yield is delivered: the group's Wait does not report it again (but for the failure that ended
// the scope). What a WaitSet or the function Wait hands out, the group still has: its Wait returns the values and reports the failures of those tasks as
// well. A task that panicked is handed out like one that failed, and its group panics when it is awaited, all the same.
//
// # Cancellation
//
// A wait that ends early, as its context has ended or its loop was left, cancels no task and loses none: the next one gets it. When a scope is
// cancelled its tasks are handed out as they end, and those that never began as [group.NotStarted].
//
// # Several goroutines
//
// Loops, sets and their methods may be used from several goroutines at once; each task goes to one of them. What a task did happens before it
// is handed out, in the terms of the Go memory model.
package waitset
