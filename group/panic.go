package group

import "fmt"

// PanicError is a panic of a task. With [PanicPropagate] Run or Wait panics with it in the owner's goroutine; with
// [PanicAsError] it is the error of the task.
type PanicError struct {
	Name  string // of the task
	Index int
	Value any    // what the task panicked with
	Stack []byte // the task's own, as runtime/debug.Stack formats it
	// Failures are the other failures of the scope, in the order of [Error]; set only where Run or Wait panics.
	Failures []*Failure
}

// Error returns the task, the value and the stack.
func (e *PanicError) Error() string {
	s := fmt.Sprintf("group: task %s[%d] panicked: %v\n\n%s", e.Name, e.Index, e.Value, e.Stack)
	if n := len(e.Failures); n > 0 {
		s += "\nother failures of the scope:"
		for _, f := range e.Failures {
			s += "\n\t" + f.Error()
		}
	}
	return s
}

// Unwrap returns Value if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
