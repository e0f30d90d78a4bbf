package testutil

import (
	"testing"

	"github.com/creche-go/creche/group"
)

// An Ending says how a call ended.
type Ending struct {
	How   string // "returned", "panicked" or "goexited"
	Value any    // of the panic
}

// EndOf calls f on a goroutine of its own, so that a Goexit ends only that, and waits for it.
func EndOf(f func()) Ending {
	ch := make(chan Ending, 1)
	go func() {
		end := Ending{How: "goexited"}
		defer func() { ch <- end }()
		defer func() {
			if r := recover(); r != nil {
				end = Ending{"panicked", r}
			}
		}()
		f()
		end.How = "returned"
	}()
	return <-ch
}

// PanicOf calls f and returns the value that it panicked with. Everything else ends the test.
func PanicOf(t testing.TB, f func()) any {
	t.Helper()
	end := EndOf(f)
	if end.How != "panicked" {
		t.Fatalf("the call %s, want a panic", end.How)
	}
	return end.Value
}

// Propagated calls f and returns the *PanicError that it panicked with, as a scope does because of a task.
func Propagated(t testing.TB, f func()) *group.PanicError {
	t.Helper()
	v := PanicOf(t, f)
	p, ok := v.(*group.PanicError)
	if !ok {
		t.Fatalf("the panic's value is a %T (%v), want a *group.PanicError", v, v)
	}
	return p
}
