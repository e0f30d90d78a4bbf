package group_test

import (
	"context"
	"testing"

	"github.com/creche-go/creche/group"
)

// Who selects in a loop asks for the channel each time: it is made once. It was made each time, and thrown away.
func TestContext_DoneInALoopAllocatesOnce(t *testing.T) {
	loop := func(ctx context.Context) float64 {
		return testing.AllocsPerRun(100, func() {
			select {
			case <-ctx.Done():
			default:
			}
		})
	}
	tests := []struct {
		name string
		ctx  func(scope, task context.Context) context.Context
	}{
		{"of a scope", func(scope, _ context.Context) context.Context { return scope }},
		{"of a task", func(_, task context.Context) context.Context { return task }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			var task context.Context
			_, err := g.Go(func(ctx context.Context) (int, error) {
				task = ctx
				if n := loop(tt.ctx(g.Context(), ctx)); n > 0 {
					t.Errorf("%v allocations while it is open", n)
				}
				g.Cancel(nil)
				if n := loop(tt.ctx(g.Context(), ctx)); n > 0 {
					t.Errorf("%v allocations when it is cancelled", n)
				}
				return 0, nil
			}).Wait(t.Context())
			g.Wait()
			if n := loop(tt.ctx(g.Context(), task)); n > 0 || err != nil {
				t.Errorf("%v allocations after the end, error %v", n, err)
			}
		})
	}
}
