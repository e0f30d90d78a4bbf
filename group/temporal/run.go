package temporalgroup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/creche-go/creche/group"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
)

// work is what a task has done elsewhere.
type work struct {
	id    string
	start func(ctx context.Context) (handle, error)
	find  func() handle // of what was started under the ID, if it was
}

// handle is of work that was started elsewhere.
type handle struct {
	get    func(ctx context.Context, value any) error
	cancel func(ctx context.Context) error
}

// run starts work and awaits it. Its calls are not made with ctx: whether the work was started, and what became of it, is to be known even if the
// task is cancelled meanwhile.
func run[T any](ctx context.Context, c Common, w work) (v T, err error) {
	if ctx.Err() != nil {
		return v, context.Cause(ctx)
	}
	begun := false
	err = group.Shield(ctx, c.grace(), func(shielded context.Context) error {
		var h handle
		h, begun, err = begin(ctx, shielded, w)
		if err != nil {
			return err
		}
		return await(ctx, shielded, h, &v)
	})
	switch {
	case err == nil:
		return v, nil
	case ctx.Err() != nil && (temporal.IsCanceledError(err) || !begun && absent(err)):
		return v, context.Cause(ctx) // it was confirmed
	case ctx.Err() != nil && unanswered(err):
		return v, fmt.Errorf("%w: %s, cancelled because of: %w", ErrAbandoned, w.id, context.Cause(ctx))
	case begun && !ended(err):
		return v, fmt.Errorf("%w: %s, of which nothing can be learned: %w", ErrAbandoned, w.id, err)
	}
	return v, c.failure(err)
}

// begin starts the work. If ctx ends and nobody has answered whether the work was started, the handle is of what there may be: then begun is
// false and the error nil.
func begin(ctx, shielded context.Context, w work) (h handle, begun bool, err error) {
	err = persist(ctx, func() (err error) { h, err = w.start(shielded); return err })
	if err != nil && unanswered(err) {
		return w.find(), false, nil
	}
	return h, err == nil, err
}

// await returns when the work has ended. When ctx ends it has the work cancelled, and waits until shielded ends at the longest.
func await(ctx, shielded context.Context, h handle, value any) error {
	calls, stop := context.WithCancel(shielded)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		select {
		case <-ctx.Done():
			_ = persist(calls, func() error { return h.cancel(calls) }) // what came of it, get tells
		case <-calls.Done():
		}
	}()
	err := persist(shielded, func() error { return h.get(shielded, value) })
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
	var exhausted *serviceerror.ResourceExhausted
	return errors.As(err, &unavailable) || errors.As(err, &deadline) || errors.As(err, &canceled) ||
		// Without a cause it is a message that is too long, and will be so the next time.
		errors.As(err, &exhausted) && exhausted.Cause != enumspb.RESOURCE_EXHAUSTED_CAUSE_UNSPECIFIED ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// absent reports whether an error says that there is no such work.
func absent(err error) bool {
	var none *serviceerror.NotFound
	return errors.As(err, &none)
}

// ended reports whether an error of get says how the work ended, or that it is over, as the server knows nothing of it. All else is an error
// of the call.
func ended(err error) bool {
	var call serviceerror.ServiceError
	return !errors.As(err, &call) || absent(err)
}
