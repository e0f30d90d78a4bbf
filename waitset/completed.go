package waitset

import (
	"context"
	"iter"

	"github.com/creche-go/creche/group"
)

// Completed returns an iterator over the tasks of g in the order in which they end, which takes each as [group.TaskGroup.Next] does.
// It is the loop
//
//	for t, ok := g.Next(ctx); ok; t, ok = g.Next(ctx) {
//
// with a ctx that does not end: the loop ends when no task is left, and goes on with those that are started meanwhile, in its body or
// elsewhere. After a cancellation of g it yields the tasks that are left, and ends soon if they do.
//
// Leaving the loop leaves the other tasks to the next one, or to Wait. The iterator may be used again, and goes on with those.
func Completed[T any](g *group.TaskGroup[T]) iter.Seq[*group.Task[T]] {
	return func(yield func(*group.Task[T]) bool) {
		for {
			t, ok := g.Next(context.Background())
			if !ok || !yield(t) {
				return
			}
		}
	}
}

// Results is [Completed] with the value and the error of each task.
func Results[T any](g *group.TaskGroup[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for t := range Completed(g) {
			if !yield(t.Result()) {
				return
			}
		}
	}
}
