package group

import (
	"context"
	"errors"
	"reflect"

	"github.com/creche-go/creche/internal/engine"
)

// echo recognises the echoes of a cancellation.
type echo struct {
	*engine.Cancellation
	known  []func(error) bool // users' own
	asking func(option string)
}

// real returns what is left of a task's error when the echo of the cancellation is taken out of it (E2): nil if nothing is.
// What is left of joined errors is what is left of each; another wrapper stays whole unless nothing real is in it.
func (c echo) real(err error) error {
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
		return c.realFailures(e)
	case interface{ Unwrap() []error }:
		if list := e.Unwrap(); len(list) > 0 {
			if reflect.TypeOf(err) == joined {
				return c.realElements(err, list)
			}
			for _, x := range list {
				if !c.only(x) {
					return err
				}
			}
			return nil
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			if c.isKnown(err) || c.only(inner) {
				return nil
			}
			return err
		}
	}
	// Some packages have an error of their own that is one of the two by its method Is, as net does.
	if errors.Is(err, context.Canceled) || errors.Is(err, c.Err) || err == ErrNotStarted {
		return nil
	}
	if c.isKnown(err) {
		return nil
	}
	return err
}

// isKnown asks the users' functions.
func (c echo) isKnown(err error) bool {
	for _, f := range c.known {
		c.asking("Echo")
		if f(err) {
			return true
		}
	}
	return false
}

// only reports whether an error that is wrapped by another is nothing but an echo.
func (c echo) only(inner error) bool {
	if f, ok := c.Cause.(*Failure); ok && c.From == failed && same(inner, f.Err) {
		return false
	}
	return c.real(inner) == nil
}

var joined = reflect.TypeOf(errors.Join(ErrPending))

// realElements takes the echoes out of an error that errors.Join made of list.
func (c echo) realElements(err error, list []error) error {
	var left []error
	for _, x := range list {
		if x = c.real(x); x != nil {
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
func (c echo) realFailures(e *Error) error {
	left := &Error{Scope: e.Scope, Omitted: e.Omitted}
	changed := false
	for _, f := range e.Failures {
		switch err := c.real(f.Err); {
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
