// Package group runs tasks in scopes. A scope starts tasks, and does not end before the last of them has.
//
// It is what errgroup is for, with results, handles, completions in the order in which they come, and stricter promises: no
// task outlives its scope, no error is lost, and nothing deadlocks at a limit.
package group
