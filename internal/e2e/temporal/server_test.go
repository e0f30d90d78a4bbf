// Package e2e holds the promises of package temporalgroup against a Temporal server. It is a module of its own, as the server's
// dependencies are many; building it takes some ten minutes of processor time.
package e2e

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.temporal.io/server/temporaltest"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
	"github.com/creche-go/creche/waitset"
)

// place is a server, a worker and what the activities of that tell.
type place struct {
	client  client.Client
	worker  worker.Worker
	began   chan int
	stopped chan error // why an activity that waits has ended
	running atomic.Int32
	most    atomic.Int32
}

func open(t *testing.T) *place {
	t.Helper()
	s := temporaltest.NewServer(temporaltest.WithT(t))
	p := &place{client: s.GetDefaultClient(), began: make(chan int, 100), stopped: make(chan error, 100)}
	p.worker = s.NewWorkerWithOptions("q", func(r worker.Registry) {
		r.RegisterActivityWithOptions(p.double, activity.RegisterOptions{Name: "double"})
		r.RegisterActivityWithOptions(p.listen, activity.RegisterOptions{Name: "listen"})
		r.RegisterActivityWithOptions(p.deaf, activity.RegisterOptions{Name: "deaf"})
		r.RegisterActivityWithOptions(p.hang, activity.RegisterOptions{Name: "hang"})
		r.RegisterActivityWithOptions(p.panics, activity.RegisterOptions{Name: "panics"})
		r.RegisterActivityWithOptions(p.refuse, activity.RegisterOptions{Name: "refuse"})
		r.RegisterWorkflowWithOptions(p.flow, workflow.RegisterOptions{Name: "flow"})
	}, worker.Options{DefaultHeartbeatThrottleInterval: 50 * time.Millisecond, MaxHeartbeatThrottleInterval: 50 * time.Millisecond})
	return p
}

func (p *place) double(_ context.Context, n int) (int, error) { return 2 * n, nil }

// listen sends heartbeats, and so hears that it is to end.
func (p *place) listen(ctx context.Context) (int, error) {
	p.began <- 0
	for ctx.Err() == nil {
		activity.RecordHeartbeat(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.stopped <- ctx.Err()
	return 0, ctx.Err()
}

// deaf sends none.
func (p *place) deaf(ctx context.Context) (int, error) {
	p.began <- 0
	select {
	case <-ctx.Done():
		p.stopped <- ctx.Err()
	case <-time.After(5 * time.Second):
		p.stopped <- nil
	}
	return 0, nil
}

// hang goes on after its time is over, in the first attempt.
func (p *place) hang(ctx context.Context) (int, error) {
	n := p.running.Add(1)
	defer p.running.Add(-1)
	p.most.Store(max(p.most.Load(), n))
	attempt := activity.GetInfo(ctx).Attempt
	if attempt == 1 {
		time.Sleep(4 * time.Second)
	} else {
		time.Sleep(500 * time.Millisecond)
	}
	return int(attempt), nil
}

func (p *place) panics(context.Context) (int, error) { panic("oops") }

func (p *place) refuse(context.Context) (int, error) {
	return 0, temporal.NewNonRetryableApplicationError("none left", "SoldOut", nil)
}

func (p *place) flow(ctx workflow.Context, n int) (int, error) {
	if n < 0 {
		return 0, workflow.Sleep(ctx, time.Hour)
	}
	return n + 1, nil
}

var errSold, errWhy = errors.New("sold out"), errors.New("why")

func options(change func(*temporalgroup.Options)) temporalgroup.Options {
	o := temporalgroup.Options{StartActivityOptions: client.StartActivityOptions{TaskQueue: "q", StartToCloseTimeout: time.Minute, HeartbeatTimeout: 2 * time.Second}}
	if change != nil {
		change(&o)
	}
	return o
}

func TestTemporal(t *testing.T) {
	p := open(t)

	t.Run("results, in the order of completion or of starting", func(t *testing.T) {
		taken := 0
		vs, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
			for i := range 20 {
				g.Go(temporalgroup.Activity[int](p.client, options(nil), "double", i))
			}
			for task := range waitset.Completed(g) {
				if taken++; taken == 10 {
					_ = task
					break
				}
			}
			return nil
		})
		if err != nil || len(vs) != 10 {
			t.Errorf("%v, %v, want ten values", vs, err)
		}
	})
	t.Run("cancelling the scope reaches an activity that sends heartbeats", func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(temporalgroup.Activity[int](p.client, options(nil), "listen"))
		<-p.began
		g.Cancel(errWhy)
		<-task.Done()
		if task.State() != group.Canceled || !errors.Is(task.Err(), errWhy) {
			t.Errorf("the task is %v: %v", task.State(), task.Err())
		}
		select {
		case err := <-p.stopped:
			if err == nil {
				t.Error("the activity was not told")
			}
		default:
			t.Error("the task ended before the activity")
		}
		g.Wait()
	})
	t.Run("an activity without heartbeats cannot be cancelled", func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(temporalgroup.Activity[int](p.client, options(func(o *temporalgroup.Options) { o.HeartbeatTimeout, o.Grace = 0, time.Second }), "deaf"))
		<-p.began
		g.Cancel(errWhy)
		<-task.Done()
		if err := task.Err(); !errors.Is(err, temporalgroup.ErrAbandoned) || !errors.Is(err, errWhy) {
			t.Errorf("the error is %v", err)
		}
		select {
		case <-p.stopped:
			t.Error("the activity has ended")
		default: // it still runs, as the error says
		}
		g.Wait()
		if err := <-p.stopped; err != nil {
			t.Errorf("it was told: %v", err)
		}
	})
	t.Run("a remote panic has its stack", func(t *testing.T) {
		_, err := temporalgroup.Activity[int](p.client, options(nil), "panics")(t.Context())
		var remote *temporalgroup.RemotePanicError
		if !errors.As(err, &remote) || !strings.Contains(remote.Value, "oops") || !strings.Contains(remote.Stack, "panics") {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("an error is found across the wire", func(t *testing.T) {
		o := options(func(o *temporalgroup.Options) { o.Errors = map[string]error{"SoldOut": errSold} })
		if _, err := temporalgroup.Activity[int](p.client, o, "refuse")(t.Context()); !errors.Is(err, errSold) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("with retries, two executions may overlap", func(t *testing.T) {
		o := options(func(o *temporalgroup.Options) {
			o.StartToCloseTimeout, o.HeartbeatTimeout = time.Second, 0
			o.RetryPolicy = &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumAttempts: 3}
		})
		v, err := temporalgroup.Activity[int](p.client, o, "hang")(t.Context())
		if err != nil || v < 2 || p.most.Load() < 2 {
			t.Errorf("attempt %d, %v; %d at once", v, err, p.most.Load())
		}
	})
	t.Run("without, a worker that hangs is a failure", func(t *testing.T) {
		o := options(func(o *temporalgroup.Options) { o.StartToCloseTimeout, o.HeartbeatTimeout = time.Second, 0 })
		_, err := temporalgroup.Activity[int](p.client, o, "hang")(t.Context())
		var timeout *temporal.TimeoutError
		if !errors.As(err, &timeout) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("the same key is the same work", func(t *testing.T) {
		o := options(func(o *temporalgroup.Options) { o.Key = "only-once" })
		work := temporalgroup.Activity[int](p.client, o, "listen")
		g := group.New[int](t.Context())
		first, second := g.Go(work), g.Go(work)
		<-p.began
		time.Sleep(500 * time.Millisecond)
		select {
		case <-p.began:
			t.Error("it was started twice")
		default:
		}
		g.Cancel(nil)
		<-first.Done()
		<-second.Done()
		<-p.stopped
		g.Wait()
	})
	t.Run("workflows", func(t *testing.T) {
		o := temporalgroup.WorkflowOptions{StartWorkflowOptions: client.StartWorkflowOptions{TaskQueue: "q"}}
		if v, err := temporalgroup.Workflow[int](p.client, o, "flow", 41)(t.Context()); v != 42 || err != nil {
			t.Errorf("%d, %v, want 42", v, err)
		}
		g := group.New[int](t.Context())
		task := g.Go(temporalgroup.Workflow[int](p.client, o, "flow", -1))
		time.AfterFunc(500*time.Millisecond, func() { g.Cancel(errWhy) })
		<-task.Done()
		if task.State() != group.Canceled {
			t.Errorf("the task is %v: %v", task.State(), task.Err())
		}
		g.Wait()
	})
	t.Run("a deadline bounds the work", func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(temporalgroup.Activity[int](p.client, options(func(o *temporalgroup.Options) { o.StartToCloseTimeout = 0; o.HeartbeatTimeout = 0 }), "deaf"),
			group.Timeout(time.Second))
		<-p.began
		<-task.Done()
		if err := task.Err(); err == nil {
			t.Error("the task succeeded")
		}
		g.Wait()
		<-p.stopped
	})
}
