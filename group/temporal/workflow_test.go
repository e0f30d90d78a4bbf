package temporalgroup_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
)

// engine starts workflows that end when they are cancelled, or after an hour.
type engine struct {
	started   []client.StartWorkflowOptions
	cancelled chan struct{}
	deaf      bool
	lost      bool // workflows are started, but the answer gets lost
}

type workflowRun struct {
	client.WorkflowRun
	e  *engine
	id string
}

func (r workflowRun) GetID() string    { return r.id }
func (r workflowRun) GetRunID() string { return "run" }
func (r workflowRun) Get(ctx context.Context, value any) error {
	select {
	case <-time.After(time.Hour):
		*value.(*string) = "done"
		return nil
	case <-r.e.cancelled:
		return temporal.NewCanceledError()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *engine) ExecuteWorkflow(_ context.Context, o client.StartWorkflowOptions, _ any, _ ...any) (client.WorkflowRun, error) {
	e.started = append(e.started, o)
	if e.lost {
		return nil, serviceerror.NewDeadlineExceeded("no answer")
	}
	return workflowRun{e: e, id: o.ID}, nil
}

func (e *engine) GetWorkflow(_ context.Context, id, _ string) client.WorkflowRun {
	return workflowRun{e: e, id: id}
}

func (e *engine) CancelWorkflow(_ context.Context, id, run string) error {
	if id != e.started[0].ID || run != "run" {
		return errors.New("no such workflow")
	}
	if !e.deaf {
		close(e.cancelled)
	}
	return nil
}

func TestWorkflow(t *testing.T) {
	tests := []struct {
		name   string
		cancel bool
		deaf   bool
		lost   bool
		state  group.State
		is     error
		took   time.Duration
	}{
		{"result", false, false, false, group.Succeeded, nil, time.Hour},
		{"cancelled, and confirmed", true, false, false, group.Canceled, errWhy, time.Second},
		{"cancelled without an answer, and confirmed", true, false, true, group.Canceled, errWhy, time.Second},
		{"cancelled, and never heard of again", true, true, false, group.Failed, temporalgroup.ErrAbandoned, 11 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &engine{cancelled: make(chan struct{}), deaf: tt.deaf, lost: tt.lost}
				g := group.New[string](t.Context(), group.Timeout(2*time.Hour))
				start := time.Now()
				task := g.Go(temporalgroup.Workflow[string](e, temporalgroup.WorkflowOptions{}, "flow"))
				if tt.cancel {
					time.AfterFunc(time.Second, func() { g.Cancel(errWhy) })
				}
				<-task.Done()
				if d := time.Since(start); d != tt.took || task.State() != tt.state || !errors.Is(task.Err(), tt.is) {
					t.Errorf("%v, %v after %v, want %v, %v after %v", task.State(), task.Err(), d, tt.state, tt.is, tt.took)
				}
				if o := e.started[0]; o.WorkflowExecutionTimeout != 2*time.Hour || o.RetryPolicy.MaximumAttempts != 1 || o.ID == "" {
					t.Errorf("it was started with %+v", o)
				}
				g.Wait()
			})
		})
	}
}
