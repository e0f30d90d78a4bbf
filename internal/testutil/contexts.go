package testutil

import (
	"context"
	"time"
)

// CancelledIn returns a context that is cancelled after d, because of cause.
func CancelledIn(ctx context.Context, d time.Duration, cause error) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	time.AfterFunc(d, func() { cancel(cause) })
	return ctx
}
