package group

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	// ErrNotStarted is wrapped by the error of a task that was cancelled before it began, beside the cause. So errors.As finds there
	// the error, or the panic, of the task that is to blame.
	ErrNotStarted = errors.New("group: task not started")
	// ErrGoexit is the error of a task that ended by runtime.Goexit, as t.FailNow and t.Skip of package testing do.
	ErrGoexit = errors.New("group: task called runtime.Goexit")
	// ErrTooFewTasks is wrapped by the error of a scope whose goal needs more successes than it had tasks. See [UntilSuccess].
	ErrTooFewTasks = errors.New("group: too few tasks for the goal")
	// ErrNotReady is what [Start] returns if the function returned before it was ready.
	ErrNotReady = errors.New("group: task returned before it was ready")
	// ErrPending is what a task that has not ended answers when it is asked for its result.
	ErrPending = errors.New("group: task has not ended")
)

// Error is why a scope did not succeed. Wait and Run return it, even for a single failure, which prints as that failure's error
// alone. errors.Is and errors.As look into all failures.
//
//	var e *group.Error
//	if errors.As(err, &e) {
//		for _, f := range e.Failures {
//			log.Print(f) // name[index]: error
//		}
//	}
type Error struct {
	Scope    string     // the name of the scope, if it has one
	Failures []*Failure // tasks in the order in which they ended, then what stopped the scope from outside, then the body
	Omitted  int        // failures of tasks that Discard did not keep
}

// Failure is one reason for which a scope did not succeed. It is also the cause, as [context.Cause] tells it, in the tasks that
// were cancelled because of it.
type Failure struct {
	// Name is the name of the task. For what is no task it is "body", "Cancel" for the cause given to Cancel, "context" for the
	// end of the context that the scope was opened with, or "Timeout" for the scope's own.
	Name string
	// Index is the position of the task in its scope, or -1.
	Index int
	Err   error
}

// Error returns the name, the index and the error, as name[index]: error.
func (f *Failure) Error() string {
	if p, ok := f.Err.(*PanicError); ok {
		return p.Error() // which has the name
	}
	if f.Index < 0 {
		return fmt.Sprintf("%s: %v", f.Name, f.Err)
	}
	return fmt.Sprintf("%s[%d]: %v", f.Name, f.Index, f.Err)
}

// Unwrap returns Err.
func (f *Failure) Unwrap() error { return f.Err }

// Error returns the text of a single failure's error alone, and of more failures one line for each.
func (e *Error) Error() string {
	if len(e.Failures) == 1 && e.Omitted == 0 {
		return e.Failures[0].Err.Error()
	}
	var b strings.Builder
	b.WriteString("group: ")
	if e.Scope != "" {
		fmt.Fprintf(&b, "scope %q: ", e.Scope)
	}
	fmt.Fprintf(&b, "%d failures", len(e.Failures)+e.Omitted)
	for _, f := range e.Failures {
		b.WriteString("\n\t")
		b.WriteString(strings.ReplaceAll(f.Error(), "\n", "\n\t"))
	}
	if e.Omitted > 0 {
		fmt.Fprintf(&b, "\n\tand %d more", e.Omitted)
	}
	return b.String()
}

// Unwrap returns the failures, each of which unwraps to its own error.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		errs[i] = f
	}
	return errs
}

// notStarted is the error of a task that was cancelled before it began.
type notStarted struct{ why error }

func (e *notStarted) Error() string {
	var p *PanicError
	if errors.As(e.why, &p) { // many may tell of it, and its stack is long
		return fmt.Sprintf("%v: %s", ErrNotStarted, p.headline())
	}
	return fmt.Sprintf("%v: %v", ErrNotStarted, e.why)
}
func (e *notStarted) Unwrap() []error { return []error{ErrNotStarted, e.why} }

// timeout is the cause of a context whose time is over.
type timeout struct {
	what  string
	after time.Duration
}

func (e *timeout) Error() string      { return fmt.Sprintf("group: %s timed out after %v", e.what, e.after) }
func (*timeout) Is(target error) bool { return target == context.DeadlineExceeded }
func (*timeout) Timeout() bool        { return true }
