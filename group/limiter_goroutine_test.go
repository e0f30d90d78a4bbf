//go:build !race || chained

package group_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// S3: a scope whose tasks have all ended leaves the line: it does not wait for a place that it has no use for, behind those that wait for it.
func TestS3_AScopeWithoutTasksLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := group.SharedLimit(group.NewLimiter(1))
		a, b := group.New[int](t.Context(), l), group.New[int](t.Context(), l)
		begin := make(chan struct{})
		b.Do(func(context.Context) error { <-begin; return nil })
		synctest.Wait()
		a.Do(func(context.Context) error { // it is first in the line
			_, err := b.Wait() // and lends nothing, for b was not opened with its context
			return err
		})
		b.Do(func(context.Context) error { return nil }) // and b the second, with a task that the first one's goroutine takes along
		close(begin)
		_, err := a.Wait()
		testutil.WantFailures(t, err)
		_, err = b.Wait()
		testutil.WantFailures(t, err)
	})
}
