package e2e

import (
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/server/temporaltest"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
)

// A worker that is not heard of any more is dead for all that the server knows, whether it lost its power or its connection. What it had in hand
// is a failure, told once, or work for another, if there may be retries.
func TestWorkerDies(t *testing.T) {
	s := temporaltest.NewServer(temporaltest.WithT(t))
	first, second := &ledger{done: map[int]int{}}, &ledger{done: map[int]int{}}
	p := newProxy(t, s.GetFrontendHostPort())
	first.serve(t, dial(t, p.address(), s.GetDefaultNamespace(), client.Options{}))
	timeouts := func(o *temporalgroup.Options) { o.HeartbeatTimeout = time.Second }
	again := options(func(o *temporalgroup.Options) {
		timeouts(o)
		o.RetryPolicy = &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumAttempts: attempts}
	})
	g := group.New[int](t.Context(), group.KeepGoing())
	never := g.Go(temporalgroup.Activity[int](s.GetDefaultClient(), options(timeouts), "work", 0, time.Minute))
	retried := g.Go(temporalgroup.Activity[int](s.GetDefaultClient(), again, "work", 1, 3*time.Second))
	for first.begun() < 2 {
		time.Sleep(10 * time.Millisecond)
	}
	p.cut(true)
	second.serve(t, s.GetDefaultClient())

	var timeout *temporal.TimeoutError
	if _, err := never.Wait(t.Context()); !errors.As(err, &timeout) || errors.Is(err, temporalgroup.ErrAbandoned) {
		t.Errorf("without retries the error is %v", err)
	}
	if v, err := retried.Wait(t.Context()); v != 10 || err != nil {
		t.Errorf("with retries it is %d, %v, want 10", v, err)
	}
	var all *group.Error
	if _, err := g.Wait(); !errors.As(err, &all) || len(all.Failures) != 1 || all.Failures[0].Index != 0 {
		t.Errorf("the scope tells %v", err)
	}
	second.mu.Lock()
	defer second.mu.Unlock()
	if second.done[0] > 0 || second.done[1] != 1 {
		t.Errorf("the second worker has done %v", second.done)
	}
}
