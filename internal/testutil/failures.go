package testutil

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
)

// An Entry is a group.Failure in a form that cmp compares with errors.Is instead of by pointer. The struct has no name
// of its own, so that tables may leave out those of its fields.
type Entry = struct {
	Name  string
	Index int
	Err   error
}

// Entries returns failures as entries.
func Entries(fs []*group.Failure) []Entry {
	var es []Entry
	for _, f := range fs {
		es = append(es, Entry{f.Name, f.Index, f.Err})
	}
	return es
}

// ScopeError returns the *group.Error that err is: not one hidden below another.
func ScopeError(t testing.TB, err error) *group.Error {
	t.Helper()
	e, ok := err.(*group.Error)
	if !ok {
		t.Fatalf("the error is a %T (%v), want a *group.Error", err, err)
	}
	return e
}

// WantFailures compares the failures of a scope's error, in order, with want. None wanted: a nil error. A wanted entry without a name
// stands for a failure of any name: the index says enough of an element, or of one function among others.
func WantFailures(t testing.TB, err error, want ...Entry) {
	t.Helper()
	var got []Entry
	if err != nil {
		got = Entries(ScopeError(t, err).Failures)
	}
	for i := range min(len(got), len(want)) {
		if want[i].Name == "" {
			got[i].Name = ""
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}
