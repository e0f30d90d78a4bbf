package group

import (
	"context"
	"fmt"
	"time"
)

// Shield calls fn, in this goroutine, with a context that does not hear of ctx's end until that is grace ago. It is for what has to be
// finished even when everything is cancelled, such as handing a lock back to its server:
//
//	defer group.Shield(ctx, 5*time.Second, func(ctx context.Context) error { return lock.Release(ctx) })
//
// The context has the values of ctx, and no deadline. It is cancelled, with the cause of ctx, the time grace after ctx ended, or after
// the call if that came later; and when fn returns. Only what is outside is hidden: scopes that fn opens can be cancelled as ever. A
// task that fn starts in a scope outside has that scope's context, and is not shielded.
//
// Shield returns what fn returns.
func Shield(ctx context.Context, grace time.Duration, fn func(ctx context.Context) error) error {
	switch {
	case ctx == nil:
		panic("group: Shield needs a context, got nil")
	case grace <= 0:
		panic(fmt.Sprintf("group: Shield needs grace > 0, got %v", grace))
	case fn == nil:
		panic("group: Shield needs a function, got nil")
	}
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	if ctx.Done() == nil {
		return fn(inner)
	}
	finished, unguarded := make(chan struct{}), make(chan struct{})
	defer func() {
		close(finished)
		<-unguarded // nothing outlives the call
	}()
	go func() {
		defer close(unguarded)
		select {
		case <-ctx.Done():
		case <-finished:
			return
		}
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			cancel(context.Cause(ctx))
		case <-finished:
		}
	}()
	return fn(inner)
}
