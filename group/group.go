package group

import (
	"context"
	"reflect"
	"slices"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/site"
)

// TaskGroup is a scope for tasks with results of type T. It must be made with [Run] or [New], and must not be copied. All its
// methods may be called from several goroutines, tasks of the scope among them; only Wait must not be called by a task of the
// scope, which would wait for itself.
type TaskGroup[T any] struct {
	s     scope
	first *firstTasks[T] // nil until there are some, if not made at once
}

// Run opens a scope, calls body in this goroutine, and returns once the body and every task of the scope have ended.
//
// The context that body receives is that of the scope: it ends when the scope is cancelled, by the failure of a task or of the
// body, by [TaskGroup.Cancel], by a [Timeout] or because ctx ended, and in any case when Run returns. An error of the body
// cancels the scope, whatever the stop rule.
//
// Run returns as [TaskGroup.Wait] does: the values of the tasks that succeeded, in the order in which they were started (if some failed
// there are fewer values than tasks), and an error if there was a failure. If the body panics or calls runtime.Goexit, the scope is cancelled and its tasks are
// awaited before that goes on.
func Run[T any](ctx context.Context, body func(ctx context.Context, g *TaskGroup[T]) error, opts ...Option) ([]T, error) {
	if body == nil {
		panic("group: Run needs a body, got nil")
	}
	g := newFull[T]()
	g.s.opened, g.s.body = reflect.ValueOf(body).Pointer(), true
	g.s.open(ctx, "Run", (*runner[T])(g), opts)
	g.s.core.Prepare()
	returned := false
	defer func() {
		if !returned { // no recover: the panic goes on with its own stack
			g.s.cancel(nil)
			g.s.join()
			g.s.allTold()
			if g.s.heard.has(ScopeEnded) {
				g.s.over(errLeft)
			}
		}
	}()
	err := body(g.s.core.Context(), g)
	if err != nil {
		g.s.failBody(err)
	}
	returned = true
	return g.Wait()
}

// New opens a scope without a body. Wait must be called, or the scope stays open. Prefer [Run], which cannot be left
// without waiting.
//
//go:noinline
func New[T any](ctx context.Context, opts ...Option) *TaskGroup[T] {
	g := new(TaskGroup[T])
	g.s.opened = site.Caller()
	g.s.open(ctx, "New", (*runner[T])(g), opts)
	return g
}

// Wait returns once every task of the scope has ended, those that are started meanwhile by running tasks included. That ends the
// scope: its context ends, and Go panics.
//
// It returns the values of the tasks that succeeded, in the order in which they were started, but for those that Next or a loop has
// taken and for tasks started with Do. The values are there even if there is an error, which is an [*Error] with every failure that no loop
// has taken, and always the one that ended the scope. An error that only repeats the cancellation that the scope itself sent is no
// failure, nor is one that is the very object that ended the scope: it is listed once. If ctx ended, or the scope's timeout was over, and somebody did not succeed because of it, that is one failure; if all
// succeeded all the same it is none.
//
// If a task panicked, Wait panics with a [*PanicError] (but see [PanicAsError]).
//
// Wait may be called again, and by several goroutines: each call returns the same error, and a slice of its own with the same values.
// (If the body of Run calls it and then returns an error, Run's own has that too.)
// Everything that the tasks did happens before its return.
func (g *TaskGroup[T]) Wait() ([]T, error) {
	g.s.check()
	if g.s.policy.CancelOnReturn {
		g.s.cancel(nil)
	}
	g.s.join()
	taken := g.s.core.Seal()
	err := g.s.verdict()
	if !g.s.valued || g.s.policy.Discard {
		return nil, err
	}
	return g.values(taken), err
}

// values returns those of the successful tasks that are left, in the order of their indexes.
func (g *TaskGroup[T]) values(taken int) []T {
	if taken == 0 {
		// Most often every task has a value: then each has its place.
		n := 0
		vs := make([]T, g.s.core.Submitted())
		g.s.core.All(func(x *engine.Node) {
			if valued(x) {
				vs[x.Index()] = taskOf[T](x).value
				n++
			}
		})
		if n == len(vs) {
			return vs
		}
	}
	var nodes []*engine.Node
	g.s.core.All(func(x *engine.Node) {
		if valued(x) {
			nodes = append(nodes, x)
		}
	})
	if len(nodes) == 0 {
		return nil
	}
	slices.SortFunc(nodes, func(a, b *engine.Node) int { return a.Index() - b.Index() })
	vs := make([]T, len(nodes))
	for i, x := range nodes {
		vs[i] = taskOf[T](x).value
	}
	return vs
}

func valued(n *engine.Node) bool {
	return !n.Has(engine.NoValue|engine.Foreign) && n.State() == engine.Succeeded
}

// Cancel cancels the scope and all scopes below it: the contexts of its tasks end with this cause, and tasks that have not
// begun never do. It does not wait. With an error, Wait reports it as a failure; Cancel(nil) is a clean stop, after which the
// error is nil unless something else fails. Only the first cancellation of a scope has an effect.
func (g *TaskGroup[T]) Cancel(cause error) {
	g.s.check()
	g.s.cancel(cause)
}

// Context returns the context of the scope, the same that the body of Run receives.
func (g *TaskGroup[T]) Context() context.Context {
	g.s.check()
	return g.s.core.Context()
}

func (g *TaskGroup[T]) scope() *scope { return &g.s }
