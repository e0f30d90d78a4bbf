package programs

import (
	"errors"
	"fmt"
	"reflect"
)

// Kinds of faults. Options tell some from others: see Ignore, MapError and Echo in option.go.
var kinds = []error{
	errors.New("plain"), errors.New("ignorable"), errors.New("mappable"), errors.New("forgettable"), errors.New("echoing"),
}

// The indexes of kinds.
const (
	plain = iota
	ignorable
	mappable
	forgettable
	echoing
)

// A Fault is an error that is made once, so that it can be found again in whatever is reported.
type Fault struct {
	Who  string // raised it
	Task int    // if that is one, else 0
	Kind int
}

// Error implements error.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %v", f.Who, kinds[f.Kind]) }

// Unwrap returns the kind.
func (f *Fault) Unwrap() error { return kinds[f.Kind] }

// caught is a panic that a program recovered.
type caught struct{ value any }

func (c *caught) Error() string { return fmt.Sprintf("caught: %v", c.value) }
func (c *caught) Unwrap() error { err, _ := c.value.(error); return err }

// faultsIn lists the faults that are in an error.
func faultsIn(err error) (list []*Fault) {
	leaves(err, func(err error) {
		if f, ok := err.(*Fault); ok {
			list = append(list, f)
		}
	})
	return list
}

// faultsOf lists the faults in what a function panicked with.
func faultsOf(v any) []*Fault {
	err, _ := v.(error)
	return faultsIn(err)
}

// leaves calls f for each error in err that has no parts, and for each fault.
func leaves(err error, f func(error)) {
	if err == nil {
		return
	}
	var parts []error
	switch e := err.(type) {
	case *Fault:
	case interface{ Unwrap() []error }:
		parts = e.Unwrap()
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			parts = []error{inner}
		}
	}
	for _, x := range parts {
		leaves(x, f)
	}
	if len(parts) == 0 {
		f(err)
	}
}

// same reports whether two values are one, if that can be told.
func same(a, b any) bool {
	if a == nil || b == nil {
		return a == b
	}
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.TypeOf(a).Comparable() && a == b
}
