package group

import (
	"context"
	"errors"
	"reflect"
	"runtime"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
	"github.com/sourcegraph/conc/panics"
)

// Task is the handle of a task that was started in a scope. Go, Do and TryGo return it, and loops yield that very handle, so
// it can be compared and be the key of a map. Its methods may be called from any goroutine, any number of times, also after
// the end of the scope. What a task did happens before the return of a method that tells of its end.
//
// A handle keeps its scope in memory, and up to 63 tasks that were started about when it was.
type Task[T any] struct {
	node  engine.Node
	fn    func(context.Context) (T, error) // fn or do, until it has run
	do    func(context.Context) error
	pc    uintptr // of the function
	value T
	err   error
}

// Handle is what every [*Task] is, whatever its type. The interface is sealed.
type Handle interface {
	Done() <-chan struct{}
	Err() error
	Cancel(cause error) bool
	Name() string
	Index() int
	State() State
	handle() *engine.Node
}

func (t *Task[T]) handle() *engine.Node { return &t.node }

// Wait returns the task's result once it has ended. When ctx ends before, Wait returns an error that is the cause of that
// (under errors.Is also ctx.Err()); only this wait ends then, the task goes on. The result of a task that has ended counts, even if
// ctx has ended as well.
//
// Under a limit, a task that waits for another of its own scope keeps its place, which may be the one that the other needs.
func (t *Task[T]) Wait(ctx context.Context) (T, error) {
	if !t.ended() {
		select {
		case <-t.Done():
		case <-ctx.Done():
			if !t.ended() {
				var none T
				return none, endedError(ctx.Err(), context.Cause(ctx))
			}
		}
	}
	return t.value, t.err
}

// Result returns what the task's function returned, without waiting: [ErrPending] as long as the task has not ended. The error is
// a [*PanicError], [ErrGoexit] or one that wraps [ErrNotStarted] if the function did not return.
func (t *Task[T]) Result() (T, error) {
	if !t.ended() {
		var none T
		return none, ErrPending
	}
	return t.value, t.err
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
	return funcName(t.pc)
}

// Index returns how many tasks were started in the scope before this one.
func (t *Task[T]) Index() int { return t.node.Index() }

// State returns where the task stands.
func (t *Task[T]) State() State { return State(t.node.State()) }

// valued reports whether the task has a value for Wait.
func (t *Task[T]) valued() bool { return t.State() == Succeeded && t.node.Tag != noValue }

func (t *Task[T]) ended() bool { return t.State() >= Succeeded }

func (t *Task[T]) prepare(s *scope, p policy.Task) {
	t.node.Prepare(&s.core, (*job[T])(t))
	if t.fn != nil {
		t.pc = reflect.ValueOf(t.fn).Pointer()
	} else {
		t.pc = reflect.ValueOf(t.do).Pointer()
		t.node.Tag = noValue
	}
	if p.Name != "" {
		t.node.SetLabel(p.Name)
	}
	if p.Timeout > 0 {
		t.node.SetTimeout(engine.Timeout{After: p.Timeout, Cause: &timeout{"task " + t.Name(), p.Timeout}})
	}
	if p.OwnGoroutine {
		t.node.OwnGoroutine()
	}
}

const noValue = 1 // the Tag of a node whose task was started with Do

// job is a task as the machine sees it, with methods that are not for users.
type job[T any] Task[T]

// errLeft stands as the error of a task while its function runs, and so tells that it did not return.
var errLeft = errors.New("group: task did not return")

// Run implements engine.Job.
func (j *job[T]) Run() {
	defer j.end()
	j.err = errLeft
	if j.do != nil {
		j.err = j.do(&j.node)
	} else {
		j.value, j.err = j.fn(&j.node)
	}
}

// end is deferred by Run, so that it sees a panic and a Goexit too.
func (j *job[T]) end() {
	s := j.node.Scope().Owner.(*scope)
	if j.err == errLeft {
		switch {
		case s.policy.Panic != policy.Crash:
			j.err = j.left(recover())
		case goexiting():
			j.err = ErrGoexit
		default:
			return // the panic goes on, and ends the process
		}
	}
	j.fn, j.do = nil, nil
	state, keep := engine.Succeeded, !s.policy.Discard
	switch {
	case j.err != nil:
		state, keep = s.failTask(&j.node, (*Task[T])(j).Name, j.err)
	case s.policy.Discard:
		var none T
		j.value = none
	}
	j.node.End(state, keep)
}

// left returns the error of a task that did not return; v is what it panicked with, if it did.
func (j *job[T]) left(v any) error {
	if v == nil {
		return ErrGoexit
	}
	return &PanicError{
		Name:  (*Task[T])(j).Name(),
		Index: j.node.Index(),
		Value: v,
		Stack: panics.NewRecovered(0, v).Stack,
	}
}

// Refuse implements engine.Job.
func (j *job[T]) Refuse(c *engine.Cancellation) {
	s := j.node.Scope().Owner.(*scope)
	j.fn, j.do = nil, nil
	j.err = &notStarted{endedError(c.Err, c.Cause)}
	if c == s.core.Canceled() {
		s.unfinished.Store(true)
	}
	j.node.End(engine.NotStarted, !s.policy.Discard)
}

// goexiting reports whether the deferred function that calls it was called by runtime.Goexit rather than by a panic, which
// recover could tell too, but not without ending the panic.
func goexiting() bool {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	f, _ := frames.Next()
	return f.Function == "runtime.Goexit"
}
