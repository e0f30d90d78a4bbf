package temporalgroup

import (
	"context"

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
		return run[T](ctx, o.Common, func(ctx context.Context) (remote, error) {
			h, err := c.ExecuteActivity(ctx, options, activity, args...)
			if err != nil {
				return remote{}, err
			}
			return remote{
				id:  h.GetID(),
				get: h.Get,
				cancel: func(ctx context.Context) error {
					return h.Cancel(ctx, client.CancelActivityOptions{Reason: "the scope of the task was cancelled"})
				},
			}, nil
		})
	}
}
