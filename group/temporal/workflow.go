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
	}
	if o.Key != "" {
		if s.WorkflowIDConflictPolicy == enumspb.WORKFLOW_ID_CONFLICT_POLICY_UNSPECIFIED {
			s.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
		}
		if s.WorkflowIDReusePolicy == enumspb.WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED {
			s.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
		}
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
		return run[T](ctx, o.Common, func(ctx context.Context) (remote, error) {
			w, err := c.ExecuteWorkflow(ctx, options, workflow, args...)
			if err != nil {
				return remote{}, err
			}
			return remote{
				id:     w.GetID(),
				get:    w.Get,
				cancel: func(ctx context.Context) error { return c.CancelWorkflow(ctx, w.GetID(), w.GetRunID()) },
			}, nil
		})
	}
}
