package temporalgroup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// Starter is what [Activity] needs of a client.Client.
type Starter interface {
	ExecuteActivity(ctx context.Context, options client.StartActivityOptions, activity any, args ...any) (client.ActivityHandle, error)
	GetActivityHandle(options client.GetActivityHandleOptions) client.ActivityHandle
}

// Options say how an activity is started. The task queue and a timeout are required, as the SDK has it: StartToCloseTimeout,
// ScheduleToCloseTimeout, or a deadline of the task's context.
type Options struct {
	client.StartActivityOptions
	Common
}

// Common is what options of activities and of workflows have in common.
type Common struct {
	// Key names the work among all that is ever done in the namespace. Who starts work with the same key again joins that which runs, gets the
	// result of that which has succeeded, as long as the server keeps it, and starts anew only what has failed. Without a key each call
	// of the task function has an ID of its own. An ID in the options of the SDK is the caller's business, as are its policies.
	Key string
	// Grace is how long a cancelled task waits for the remote side to confirm: ten seconds if it is 0.
	Grace time.Duration
	// Errors has an error for types of application errors, so that errors.Is finds it in the error of the task.
	Errors map[string]error
}

const defaultGrace = 10 * time.Second

func (c Common) grace() time.Duration {
	if c.Grace == 0 {
		return defaultGrace
	}
	return c.Grace
}

// check panics if the caller made a mistake that no server has to find.
func (c Common) check(caller string, noClient, noFunction bool) {
	switch {
	case noClient:
		panic("temporalgroup: " + caller + " needs a client, got nil")
	case noFunction:
		panic("temporalgroup: " + caller + " needs a function or a name, got nil")
	case c.Grace < 0:
		panic(fmt.Sprintf("temporalgroup: %s needs a grace ≥ 0, got %v", caller, c.Grace))
	}
	for t, err := range c.Errors {
		if err == nil {
			panic(fmt.Sprintf("temporalgroup: %s: the error for type %q is nil", caller, t))
		}
	}
}

// id returns the key, or else what nobody else will have.
func (c Common) id() string {
	if c.Key != "" {
		return c.Key
	}
	return "creche-" + rand.Text()
}

var errNoTimeout = errors.New("temporalgroup: an activity needs a StartToCloseTimeout, a ScheduleToCloseTimeout or a context with a deadline")

// resolved returns the options for a task with this context.
func (o Options) resolved(ctx context.Context) (client.StartActivityOptions, error) {
	s := o.StartActivityOptions
	if s.ID == "" {
		s.ID = o.id()
		if s.ActivityIDConflictPolicy == enumspb.ACTIVITY_ID_CONFLICT_POLICY_UNSPECIFIED {
			s.ActivityIDConflictPolicy = enumspb.ACTIVITY_ID_CONFLICT_POLICY_USE_EXISTING
		}
		if s.ActivityIDReusePolicy == enumspb.ACTIVITY_ID_REUSE_POLICY_UNSPECIFIED {
			s.ActivityIDReusePolicy = enumspb.ACTIVITY_ID_REUSE_POLICY_REJECT_DUPLICATE
			if o.Key != "" {
				s.ActivityIDReusePolicy = enumspb.ACTIVITY_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
			}
		}
	}
	if s.RetryPolicy == nil {
		s.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 1}
	}
	s.ScheduleToCloseTimeout = bounded(ctx, s.ScheduleToCloseTimeout)
	if s.ScheduleToCloseTimeout == 0 && s.StartToCloseTimeout == 0 {
		return s, errNoTimeout
	}
	return s, nil
}

// bounded returns d, or the time that is left to the deadline of ctx if that is less. 0 is no bound.
func bounded(ctx context.Context, d time.Duration) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		if left := max(time.Until(deadline), time.Millisecond); d == 0 || left < d {
			return left
		}
	}
	return d
}
