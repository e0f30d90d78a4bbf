package group_test

import (
	"context"
	"testing"

	"github.com/creche-go/creche/group"
)

// A task finds its index by where it lies among others of its size.
func TestIndexOfTasksOfAnySize(t *testing.T) {
	indexOf[struct{}](t)
	indexOf[bool](t)
	indexOf[[3]byte](t)
	indexOf[string](t)
	indexOf[[3]int64](t)
	indexOf[[5]int64](t)
	indexOf[[27]int64](t) // the largest that share a slab
	indexOf[[28]int64](t)
	indexOf[[1000]int64](t)
	indexOf[[20_000]int64](t)
}

func indexOf[T any](t *testing.T) {
	t.Helper()
	g := group.New[T](t.Context())
	for i := range 300 {
		task := g.Go(func(context.Context) (v T, err error) { return v, nil })
		if got := task.Index(); got != i {
			t.Fatalf("%T: task %d has the index %d", *new(T), i, got)
		}
	}
	g.Wait()
}
