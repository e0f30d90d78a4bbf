package temporalgroup

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// Activity returns a task function that runs a standalone activity, given as a function or by its name, and returns its result.
//
// If the task is cancelled the activity is asked to cancel, and the task ends when it has: with the cause of the cancellation, which is no
// failure of the scope, or with the result, if the activity came to its end all the same. After the grace it ends with [ErrAbandoned].
//
// The function may be called several times, also at the same time; each call starts the activity anew, unless [Options] has a key.
func Activity[T any](c Starter, o Options, activity any, args ...any) func(ctx context.Context) (T, error) {
	o.check("Activity", c == nil, activity == nil)
	return func(ctx context.Context) (v T, err error) {
		options, err := o.resolved(ctx)
		if err != nil {
			return v, err
		}
		found := func() handle {
			return handleOf(c.GetActivityHandle(client.GetActivityHandleOptions{ActivityID: options.ID}))
		}
		return run[T](ctx, o.Common, work{
			id:   options.ID,
			find: found,
			start: func(ctx context.Context) (handle, error) {
				h, err := c.ExecuteActivity(ctx, options, activity, args...)
				if started := (*serviceerror.ActivityExecutionAlreadyStarted)(nil); o.ID == "" && errors.As(err, &started) {
					return found(), nil // by an earlier call that got no answer, or by whoever else has the key
				}
				if err != nil {
					return handle{}, err
				}
				return handleOf(h), nil
			},
		})
	}
}

func handleOf(h client.ActivityHandle) handle {
	return handle{get: h.Get, cancel: func(ctx context.Context) error {
		return h.Cancel(ctx, client.CancelActivityOptions{Reason: "the scope of the task was cancelled"})
	}}
}
