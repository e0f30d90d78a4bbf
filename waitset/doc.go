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
// To wait is not to own: a wait that ends early cancels no task and loses none. What [Completed] and [Results] yield is delivered: the
// group's Wait does not report it again (but for the failure that ended the scope). What a WaitSet or the function Wait hands out, the
// group still has: its Wait returns the values and reports the failures of those tasks as well.
package waitset
