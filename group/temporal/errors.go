package temporalgroup

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"
)

// ErrAbandoned is in the error of a task that was cancelled, if the remote side did not confirm that in time: what the task started may
// still run.
var ErrAbandoned = errors.New("temporalgroup: abandoned, it may still run")

// RemotePanicError is a panic of an activity, on the worker that ran it.
type RemotePanicError struct {
	Value string // what it panicked with, as text
	Stack string // of the worker's goroutine
	err   error
}

// Error tells the value and the stack.
func (e *RemotePanicError) Error() string {
	return fmt.Sprintf("temporalgroup: the remote side panicked: %s\n\n%s", e.Value, e.Stack)
}

// Unwrap returns the error that the SDK made of it.
func (e *RemotePanicError) Unwrap() error { return e.err }

// failure returns what the task returns for an error of the SDK.
func (c Common) failure(err error) error {
	var p *temporal.PanicError
	if errors.As(err, &p) {
		return &RemotePanicError{p.Error(), p.StackTrace(), err}
	}
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		if known := c.Errors[app.Type()]; known != nil {
			return fmt.Errorf("%w: %w", known, err)
		}
	}
	return err
}
