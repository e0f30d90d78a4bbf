package testutil

import (
	"testing"
	"testing/synctest"
)

// Bubble runs f as a subtest in a synctest bubble. What f leaves behind blocked fails it as a deadlock.
func Bubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}
