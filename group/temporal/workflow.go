package temporalgroup

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// WorkflowStarter is what [Workflow] needs of a client.Client.
type WorkflowStarter interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
	GetWorkflow(ctx context.Context, workflowID, runID string) client.WorkflowRun
	CancelWorkflow(ctx context.Context, workflowID, runID string) error
}

// WorkflowOptions say how a workflow is started. The task queue is required.
type WorkflowOptions struct {
	client.StartWorkflowOptions
	Common
}

func (o WorkflowOptions) resolved(ctx context.Context) client.StartWorkflowOptions {
	s := o.StartWorkflowOptions
	if s.ID == "" {
		s.ID = o.id()
		if s.WorkflowIDConflictPolicy == enumspb.WORKFLOW_ID_CONFLICT_POLICY_UNSPECIFIED {
			s.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
		}
		if s.WorkflowIDReusePolicy == enumspb.WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED {
			s.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
			if o.Key != "" {
				s.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
			}
		}
		s.WorkflowExecutionErrorWhenAlreadyStarted = false // the run that there is already is the one
	}
	if s.RetryPolicy == nil {
		s.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 1}
	}
	s.WorkflowExecutionTimeout = bounded(ctx, s.WorkflowExecutionTimeout)
	return s
}

// Workflow is [Activity] for a workflow. The deadline of the context becomes its execution timeout.
func Workflow[T any](c WorkflowStarter, o WorkflowOptions, workflow any, args ...any) func(ctx context.Context) (T, error) {
	o.check("Workflow", c == nil, workflow == nil)
	return func(ctx context.Context) (T, error) {
		options := o.resolved(ctx)
		handleOf := func(w client.WorkflowRun) handle {
			return handle{get: w.Get, cancel: func(ctx context.Context) error { return c.CancelWorkflow(ctx, options.ID, w.GetRunID()) }}
		}
		return run[T](ctx, o.Common, work{
			id:   options.ID,
			find: func() handle { return handleOf(c.GetWorkflow(context.WithoutCancel(ctx), options.ID, "")) },
			start: func(ctx context.Context) (handle, error) {
				w, err := c.ExecuteWorkflow(ctx, options, workflow, args...)
				if err != nil {
					return handle{}, err
				}
				return handleOf(w), nil
			},
		})
	}
}
