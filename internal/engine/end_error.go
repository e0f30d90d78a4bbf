package engine

import "errors"

// ended is the error of a context that ended: it reads as the cause, and is also what Err says.
type ended struct{ cause, err error }

func (e *ended) Error() string   { return e.cause.Error() }
func (e *ended) Unwrap() []error { return []error{e.cause, e.err} }

// EndError returns the error of a wait, or a loop, whose context ended.
func EndError(err, cause error) error {
	if errors.Is(cause, err) {
		return cause
	}
	return &ended{cause, err}
}
