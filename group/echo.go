package group

import (
	"context"
	"errors"
	"reflect"

	"github.com/creche-go/creche/internal/engine"
)

// real returns what is left of a task's error when the echo of the cancellation c is taken out of it (E2): nil if nothing is.
// What is left of joined errors is what is left of each; another wrapper stays whole unless nothing real is in it.
func real(err error, c *engine.Cancellation) error {
	if err == context.Canceled || err == c.Err {
		return nil // most often
	}
	// Who returns the very error that stopped the scope only passes it on. A wrapper around it says more, and stays.
	if f, ok := c.Cause.(*Failure); ok && c.From == failed && same(err, f.Err) {
		return nil
	}
	if same(err, c.Cause) {
		return nil
	}
	switch e := err.(type) {
	case *PanicError:
		return err // even a panic with ctx.Err() is one
	case *Error:
		return realFailures(e, c)
	case interface{ Unwrap() []error }:
		if list := e.Unwrap(); len(list) > 0 {
			if reflect.TypeOf(err) == joined {
				return realElements(err, list, c)
			}
			for _, x := range list {
				if !onlyEcho(x, c) {
					return err
				}
			}
			return nil
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			if onlyEcho(inner, c) {
				return nil
			}
			return err
		}
	}
	// Some packages have an error of their own that is one of the two by its method Is, as net does.
	if errors.Is(err, context.Canceled) || errors.Is(err, c.Err) || err == ErrNotStarted {
		return nil
	}
	return err
}

// onlyEcho reports whether an error that is wrapped by another is nothing but an echo.
func onlyEcho(inner error, c *engine.Cancellation) bool {
	if f, ok := c.Cause.(*Failure); ok && c.From == failed && same(inner, f.Err) {
		return false
	}
	return real(inner, c) == nil
}

var joined = reflect.TypeOf(errors.Join(ErrPending))

// realElements takes the echoes out of an error that errors.Join made of list.
func realElements(err error, list []error, c *engine.Cancellation) error {
	var left []error
	for _, x := range list {
		if x = real(x, c); x != nil {
			left = append(left, x)
		}
	}
	switch len(left) {
	case len(list):
		return err
	case 1:
		return left[0]
	}
	return errors.Join(left...) // nil if none is left
}

// realFailures takes the echoes out of the error of a scope below.
func realFailures(e *Error, c *engine.Cancellation) error {
	left := &Error{Scope: e.Scope, Omitted: e.Omitted}
	changed := false
	for _, f := range e.Failures {
		switch err := real(f.Err, c); {
		case err == nil:
			changed = true
		case same(err, f.Err):
			left.Failures = append(left.Failures, f)
		default:
			changed = true
			left.Failures = append(left.Failures, &Failure{f.Name, f.Index, err})
		}
	}
	switch {
	case !changed:
		return e
	case len(left.Failures) == 0 && left.Omitted == 0:
		return nil
	}
	return left
}

// same reports whether two errors are one object; errors that cannot be compared are not.
func same(a, b error) bool {
	return a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b
}
