package temporalgroup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/creche-go/creche/group"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
)

// remote is work that was started elsewhere.
type remote struct {
	id     string
	get    func(ctx context.Context, value any) error
	cancel func(ctx context.Context) error
}

// run starts work and awaits it. Once it was started, ctx is not what its calls are made with: whether it was, and what became of it, is to be
// known even if the task is cancelled meanwhile.
func run[T any](ctx context.Context, c Common, start func(context.Context) (remote, error)) (v T, err error) {
	if err := ctx.Err(); err != nil {
		return v, context.Cause(ctx)
	}
	var r remote
	err = group.Shield(ctx, c.grace(), func(ctx context.Context) error {
		return persist(ctx, func() (err error) { r, err = start(ctx); return err })
	})
	if err != nil {
		return v, c.failure(err)
	}
	err = group.Shield(ctx, c.grace(), func(shielded context.Context) error { return await(ctx, shielded, r, &v) })
	switch {
	case err == nil:
		return v, nil
	case ctx.Err() == nil:
		return v, c.failure(err)
	case temporal.IsCanceledError(err):
		return v, context.Cause(ctx) // it was confirmed
	case unanswered(err):
		return v, fmt.Errorf("%w: %s, cancelled because of: %w", ErrAbandoned, r.id, context.Cause(ctx))
	}
	return v, c.failure(err) // it came to an end of its own
}

// await returns when the work has ended. When ctx ends it has the work cancelled, and waits until shielded ends at the longest.
func await(ctx, shielded context.Context, r remote, value any) error {
	calls, stop := context.WithCancel(shielded)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		select {
		case <-ctx.Done():
			_ = persist(calls, func() error { return r.cancel(calls) }) // what came of it, get tells
		case <-calls.Done():
		}
	}()
	err := persist(shielded, func() error { return r.get(shielded, value) })
	stop()
	<-asked // nothing outlives the call
	return err
}

// persist calls f until it tells something else than that nobody could be reached, or ctx ends.
func persist(ctx context.Context, f func() error) error {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := f()
		if err == nil || !unanswered(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

// unanswered reports whether an error says nothing about the work, but that nobody could be asked.
func unanswered(err error) bool {
	var unavailable *serviceerror.Unavailable
	var deadline *serviceerror.DeadlineExceeded
	var canceled *serviceerror.Canceled
	return errors.As(err, &unavailable) || errors.As(err, &deadline) || errors.As(err, &canceled) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
