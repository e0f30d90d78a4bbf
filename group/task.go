package group

import (
	"context"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// Task is the handle of a task that was started in a scope. Go, Do and TryGo return it, and loops yield that very handle, so
// it can be compared and be the key of a map. Its methods may be called from any goroutine, any number of times, also after
// the end of the scope. What a task did happens before the return of a method that tells of its end.
//
// A handle keeps its scope in memory, with the values that no loop has taken, and up to 63 tasks that were started about when it was.
type Task[T any] struct {
	node  engine.Node // first: see taskOf
	value T
	work  func(context.Context) (T, error) // until it begins; of a task without a value it is a disguised one, see plain
}

// Handle is what every [*Task] is, whatever its type. The interface is sealed.
type Handle interface {
	Done() <-chan struct{}
	Err() error
	Cancel(cause error) bool
	Name() string
	Index() int
	IsDaemon() bool
	State() State
	handle() *engine.Node
}

func (t *Task[T]) handle() *engine.Node {
	if t == nil {
		return nil
	}
	return &t.node
}

func init() {
	engine.HandleNode = func(h any) *engine.Node {
		if h, ok := h.(Handle); ok {
			return h.handle()
		}
		return nil
	}
}

// Wait returns the task's result once it has ended. When ctx ends before, Wait returns an error that is the cause of that
// (under errors.Is also ctx.Err()); only this wait ends then, the task goes on. The result of a task that has ended counts, even if
// ctx has ended as well.
//
// Under a limit, a task that waits for another of its own scope keeps its place, which may be the one that the other needs.
func (t *Task[T]) Wait(ctx context.Context) (T, error) {
	if !t.ended() {
		engine.NodeOf(ctx).Lend(func() {
			select {
			case <-t.Done():
			case <-ctx.Done():
			}
		})
		if !t.ended() {
			var none T
			return none, engine.EndError(ctx.Err(), context.Cause(ctx))
		}
	}
	return t.value, t.err()
}

// Result returns what the task's function returned, without waiting: [ErrPending] as long as the task has not ended. The error is
// a [*PanicError], [ErrGoexit] or one that wraps [ErrNotStarted] if the function did not return.
func (t *Task[T]) Result() (T, error) {
	if !t.ended() {
		var none T
		return none, ErrPending
	}
	return t.value, t.err()
}

// Done returns a channel that is closed once the task has ended.
func (t *Task[T]) Done() <-chan struct{} { return t.node.Ended() }

// Err returns the error of [Task.Result].
func (t *Task[T]) Err() error {
	_, err := t.Result()
	return err
}

// Cancel cancels this task alone and reports whether it had not ended yet. A task that has not begun never does. In one that
// runs the context ends, with the cause given, or [context.Canceled] for nil; the task ends when its function returns. That it
// was cancelled is no failure of the scope. Only the first cancellation of a task has an effect.
func (t *Task[T]) Cancel(cause error) bool {
	if cause == nil {
		cause = context.Canceled
	}
	return t.node.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: cause, From: requested})
}

// Name returns the name given by [Name], or else that of the task's function, without the path of its package.
func (t *Task[T]) Name() string {
	if name := t.node.Label(); name != "" {
		return name
	}
	return nameAt(t.node.Tag())
}

// Index returns how many tasks were started in the scope before this one.
func (t *Task[T]) Index() int { return t.node.Index() }

// IsDaemon reports whether the task was started with [Daemon].
func (t *Task[T]) IsDaemon() bool { return t.node.Has(engine.Daemon) }

// State returns where the task stands.
func (t *Task[T]) State() State { return State(t.node.State()) }

func (t *Task[T]) ended() bool { return t.State() >= Succeeded }

func (t *Task[T]) err() error {
	switch note := t.node.Note().(type) {
	case failure:
		return note.err
	case error:
		return note
	}
	return nil
}

func (t *Task[T]) prepare(fn func(context.Context) (T, error), p *policy.Task) {
	t.work = fn
	nameAfter(&t.node, fn)
	if p != &plainTask {
		t.ask(p)
	}
}

// nameAfter remembers the function that a task calls.
func nameAfter[F any](n *engine.Node, fn F) {
	tag, ok := codeOf(fn)
	n.SetTag(tag)
	if !ok {
		n.SetLabel(nameOf(fn))
	}
}

// ask hands the task's options to the machine.
func (t *Task[T]) ask(p *policy.Task) {
	if p.Name != "" {
		t.node.SetLabel(p.Name)
	}
	if p.Timeout > 0 {
		t.node.SetTimeout(engine.Timeout{After: p.Timeout, Cause: &timeout{"task " + t.Name(), p.Timeout}})
	}
	if p.Weight > 1 {
		t.node.SetWeight(p.Weight)
	}
	if p.OwnGoroutine {
		t.node.Set(engine.OwnGoroutine)
	}
	if p.Daemon {
		t.node.Set(engine.Daemon)
	}
}

// taskOf returns the task that n is the node of. It relies on the node's being the first field.
func taskOf[T any](n *engine.Node) *Task[T] { return (*Task[T])(unsafe.Pointer(n)) }
