package testutil

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// WantValues compares values; no values and a nil slice are the same.
func WantValues[T any](t testing.TB, got []T, want ...T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}
