// Package creche is the root of a library for structured concurrency. A crèche looks after the children of others and hands
// every one of them back; this one does that for goroutines: a scope starts tasks, and does not end before the last of them
// has.
//
// There is nothing to import here. The words are in package [github.com/creche-go/creche/group]:
//
//   - Run opens a scope and calls a function with it. Run returns when that function and every task started in the scope
//     have ended: after an error, a cancellation, a panic or a runtime.Goexit alike.
//   - Go starts a task with a result and returns its handle. Any number of callers may wait for a handle, each as long as
//     its own context lasts.
//   - Next takes tasks in the order in which they complete. More may be added meanwhile.
//   - Options say how many tasks run at once, whether a failure stops the others, and how long it all may take.
//
// A scope opened with the context of a task lies within that task. So scopes form a tree: cancellation goes down in it, and
// errors and panics come up.
//
// The examples below are complete programs but for their imports. The folder internal/tour has larger ones, on real input.
package creche
