package group

import (
	"fmt"

	"github.com/sourcegraph/conc/panics"
)

// PanicError is a panic of a task, or of a function that a scope calls for its user, such as a rule. With [PanicPropagate] Run or Wait
// panics with it in the owner's goroutine; with
// [PanicAsError] that of a task is the task's error.
type PanicError struct {
	Name  string // of the task; of what is no task, the option that brought the function
	Index int    // of the task; -1 for what is no task
	Value any    // what the task panicked with
	Stack []byte // the task's own, as runtime/debug.Stack formats it
	// Failures are the other failures of the scope, in the order of [Error]; set only where Run or Wait panics.
	Failures []*Failure
}

func newPanicError(name string, index int, v any) *PanicError {
	return &PanicError{Name: name, Index: index, Value: v, Stack: panics.NewRecovered(0, v).Stack}
}

// Error returns the task, the value and the stack.
func (e *PanicError) Error() string {
	s := fmt.Sprintf("group: %s\n\n%s", e.headline(), e.Stack)
	if n := len(e.Failures); n > 0 {
		s += "\nother failures of the scope:"
		for _, f := range e.Failures {
			s += "\n\t" + f.Error()
		}
	}
	return s
}

// headline tells who panicked and with what.
func (e *PanicError) headline() string {
	who := e.Name
	if e.Index >= 0 {
		who = fmt.Sprintf("task %s[%d]", e.Name, e.Index)
	}
	return fmt.Sprintf("%s panicked: %v", who, e.Value)
}

// Unwrap returns Value if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
