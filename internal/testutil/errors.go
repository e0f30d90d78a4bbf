package testutil

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// WantError compares errors with errors.Is, and nil with nil.
func WantError(t testing.TB, what string, got, want error) {
	t.Helper()
	if !cmp.Equal(want, got, cmpopts.EquateErrors()) {
		t.Errorf("%s: error is %v, want %v", what, got, want)
	}
}
