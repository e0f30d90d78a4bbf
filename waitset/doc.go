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
// To wait is not to own: a wait that ends early cancels no task and loses none, and what nobody takes, the scope still awaits and
// reports.
package waitset
