package rivertask_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/examples/engines/rivertask"
)

// A client of River has what Job needs.
var _ rivertask.Client = (*river.Client[any])(nil)

var errWhy = errors.New("why")

type resize struct {
	Takes time.Duration
	Fails string
	Deaf  bool // it does not end when it is cancelled
}

func (resize) Kind() string { return "resize" }

// queue is a River of which the time passes in a bubble.
type queue struct {
	mu   sync.Mutex
	jobs []*rivertype.JobRow
}

func (q *queue) Insert(_ context.Context, args river.JobArgs, _ *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	r := args.(resize)
	q.mu.Lock()
	defer q.mu.Unlock()
	job := &rivertype.JobRow{ID: int64(len(q.jobs)), State: rivertype.JobStateRunning}
	q.jobs = append(q.jobs, job)
	time.AfterFunc(r.Takes, func() {
		if r.Fails != "" {
			q.finish(job, rivertype.JobStateDiscarded, rivertype.AttemptError{Error: r.Fails})
		} else {
			q.finish(job, rivertype.JobStateCompleted)
		}
	})
	if r.Deaf {
		job.Tags = []string{"deaf"}
	}
	return &rivertype.JobInsertResult{Job: job}, nil
}

func (q *queue) finish(job *rivertype.JobRow, state rivertype.JobState, errs ...rivertype.AttemptError) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if job.FinalizedAt == nil {
		now := time.Now()
		job.State, job.Errors, job.FinalizedAt, job.Metadata = state, errs, &now, []byte(`{"output": 42}`)
	}
}

func (q *queue) JobGet(_ context.Context, id int64) (*rivertype.JobRow, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	job := *q.jobs[id]
	return &job, nil
}

func (q *queue) JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error) {
	q.mu.Lock()
	job := q.jobs[id]
	q.mu.Unlock()
	if len(job.Tags) == 0 {
		time.AfterFunc(time.Second, func() { q.finish(job, rivertype.JobStateCancelled) })
	}
	return q.JobGet(ctx, id)
}

func TestJob(t *testing.T) {
	tests := []struct {
		name   string
		args   resize
		cancel time.Duration // after so long; 0 is never
		want   int
		took   time.Duration
		errs   []error
		text   string
	}{
		{"it ends", resize{Takes: 3 * time.Second}, 0, 42, 3 * time.Second, nil, ""},
		{"it fails", resize{Takes: time.Second, Fails: "no such image"}, 0, 0, time.Second, nil, "job 0 is discarded: no such image"},
		{"it is cancelled", resize{Takes: time.Hour}, 2 * time.Second, 0, 3 * time.Second, []error{errWhy}, "job 0 is cancelled"},
		{"it has ended all the same", resize{Takes: 5 * time.Second, Deaf: true}, 2 * time.Second, 42, 5 * time.Second, nil, ""},
		{"it does not end", resize{Takes: time.Hour, Deaf: true}, 2 * time.Second, 0, 12 * time.Second, []error{errWhy, rivertask.ErrAbandoned}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				g := group.New[int](t.Context())
				task := g.Go(rivertask.Job[int](new(queue), tt.args, nil, 100*time.Millisecond, 10*time.Second))
				if tt.cancel > 0 {
					time.AfterFunc(tt.cancel, func() { task.Cancel(errWhy) })
				}
				<-task.Done()
				took := time.Since(began)
				v, err := task.Result()
				if v != tt.want || (err == nil) != (tt.want > 0) || took < tt.took || took > tt.took+200*time.Millisecond {
					t.Errorf("after %v it is %d, %v; want %d after %v", took, v, err, tt.want, tt.took)
				}
				for _, want := range tt.errs {
					if !errors.Is(err, want) {
						t.Errorf("the error %v does not tell of %v", err, want)
					}
				}
				if tt.text != "" && (err == nil || !strings.Contains(err.Error(), tt.text)) {
					t.Errorf("the error is %v, want %q", err, tt.text)
				}
				g.Wait()
			})
		})
	}
}
