// Package rivertask makes task functions of jobs in a River queue on PostgreSQL, as an example of how a task can run elsewhere and outlive this
// process.
package rivertask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/creche-go/creche/group"
)

// Client is what [Job] needs of a *river.Client.
type Client interface {
	Insert(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

// ErrAbandoned is the error of a task that did not learn in its grace what became of its job.
var ErrAbandoned = errors.New("rivertask: the job may still run")

// Job returns a task function that inserts a job and returns what its worker has recorded by river.RecordOutput. It looks every so often,
// as River tells only its own workers that a job has ended. When the task is cancelled so is the job, and the task ends when that has, or after
// the grace. A job is worked on at least once, unless opts has MaxAttempts 1.
func Job[T any](c Client, args river.JobArgs, opts *river.InsertOpts, every, grace time.Duration) func(ctx context.Context) (T, error) {
	return func(ctx context.Context) (v T, err error) {
		inserted, err := c.Insert(ctx, args, opts)
		if err != nil {
			return v, err
		}
		id := inserted.Job.ID
		asked := false
		err = group.Shield(ctx, grace, func(shielded context.Context) error {
			for {
				if ctx.Err() != nil && !asked {
					if _, err := c.JobCancel(shielded, id); err != nil {
						return err
					}
					asked = true
				}
				job, err := c.JobGet(shielded, id)
				if err != nil {
					return err
				}
				if job.FinalizedAt != nil {
					return finished(job, &v)
				}
				select {
				case <-time.After(every):
				case <-shielded.Done():
					return fmt.Errorf("%w: %d", ErrAbandoned, id)
				}
			}
		})
		if err != nil && ctx.Err() != nil {
			err = errors.Join(context.Cause(ctx), err)
		}
		return v, err
	}
}

func finished(job *rivertype.JobRow, v any) error {
	if job.State == rivertype.JobStateCompleted {
		return json.Unmarshal(job.Output(), v)
	}
	if n := len(job.Errors); n > 0 {
		return fmt.Errorf("job %d is %s: %s", job.ID, job.State, job.Errors[n-1].Error)
	}
	return fmt.Errorf("job %d is %s", job.ID, job.State)
}
