package e2e

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/server/temporaltest"
	"google.golang.org/grpc"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
	"github.com/creche-go/creche/waitset"
)

// ledger counts how often each piece of work was done.
type ledger struct {
	mu   sync.Mutex
	done map[int]int
}

// work takes some time, in which the server or a connection may go away.
func (l *ledger) work(ctx context.Context, n int, takes time.Duration) (int, error) {
	l.mu.Lock()
	l.done[n]++
	l.mu.Unlock()
	for end := time.After(takes); ; {
		activity.RecordHeartbeat(ctx)
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-end:
			return 10 * n, nil
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// check complains about what was not done, or more often than it may be.
func (l *ledger) check(t *testing.T, n, most int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range n {
		if l.done[i] < 1 || l.done[i] > most {
			t.Errorf("%d was done %d times, want 1 to %d", i, l.done[i], most)
		}
	}
}

// begun returns how much work was begun.
func (l *ledger) begun() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, times := range l.done {
		n += times
	}
	return n
}

func (l *ledger) serve(t *testing.T, c client.Client) {
	t.Helper()
	// Heartbeats are sent rarely: the SDK tells an activity to cancel if one does not get through in the time until the next.
	w := worker.New(c, "q", worker.Options{})
	w.RegisterActivityWithOptions(l.work, activity.RegisterOptions{Name: "work"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
}

// once are options for work that is done at most once, and that nobody believes dead for want of heartbeats. With stubborn it is done at least
// once: what a worker was given at the moment when the server went away may be lost, and nobody but a timeout tells.
var (
	once     = options(func(o *temporalgroup.Options) { o.HeartbeatTimeout = time.Minute })
	stubborn = options(func(o *temporalgroup.Options) {
		o.HeartbeatTimeout = 5 * time.Second
		o.RetryPolicy = &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumAttempts: attempts}
	})
)

const attempts = 10

// gather runs n pieces of work, calls midway when a third has ended, and complains unless each has its value, once.
func gather(t *testing.T, c client.Client, o temporalgroup.Options, n int, midway func(g *group.TaskGroup[int])) {
	t.Helper()
	seen := map[int]int{}
	_, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
		for i := range n {
			g.Go(temporalgroup.Activity[int](c, o, "work", i, time.Duration(i+1)*100*time.Millisecond))
		}
		for task := range waitset.Completed(g) {
			if v, err := task.Result(); err != nil || v != 10*task.Index() {
				t.Errorf("%d: %d, %v", task.Index(), v, err)
			}
			seen[task.Index()]++
			if len(seen) == n/3 {
				midway(g)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for i := range len(seen) {
		if seen[i] != 1 {
			t.Errorf("%d was reported %d times", i, seen[i])
		}
	}
}

// A server goes away while work is started, runs and ends, and comes back.
func TestServerRestarts(t *testing.T) {
	s := newDurable(t)
	c := dial(t, s.address(), namespace, client.Options{})
	l := &ledger{done: map[int]int{}}
	l.serve(t, dial(t, s.address(), namespace, client.Options{}))
	const n = 18
	gather(t, c, stubborn, n, func(g *group.TaskGroup[int]) {
		s.stop(t)
		for i := n; i < n+5; i++ { // these begin while there is no server
			g.Go(temporalgroup.Activity[int](c, stubborn, "work", i, 100*time.Millisecond))
		}
		time.Sleep(2 * time.Second)
		s.start(t)
	})
	l.check(t, n+5, attempts)

	t.Run("a scope that is cancelled without a server does not hang", func(t *testing.T) {
		o := once
		o.Grace = time.Second
		g := group.New[int](t.Context())
		running := g.Go(temporalgroup.Activity[int](c, o, "work", 100, time.Minute))
		for begun := false; !begun; time.Sleep(10 * time.Millisecond) {
			l.mu.Lock()
			begun = l.done[100] == 1
			l.mu.Unlock()
		}
		s.stop(t)
		unborn := g.Go(temporalgroup.Activity[int](c, o, "work", 101, time.Minute))
		time.Sleep(100 * time.Millisecond)
		g.Cancel(errWhy)
		g.Wait()
		for _, task := range []*group.Task[int]{running, unborn} {
			if err := task.Err(); !errors.Is(err, temporalgroup.ErrAbandoned) || !errors.Is(err, errWhy) {
				t.Errorf("%d: %v", task.Index(), err)
			}
		}
	})
}

// The connection of the client that awaits breaks again and again.
func TestConnectionBreaks(t *testing.T) {
	s := temporaltest.NewServer(temporaltest.WithT(t))
	l := &ledger{done: map[int]int{}}
	l.serve(t, s.GetDefaultClient())
	p := newProxy(t, s.GetFrontendHostPort())
	c := dial(t, p.address(), s.GetDefaultNamespace(), client.Options{})
	const n = 18
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(150 * time.Millisecond):
				p.cut(false)
			}
		}
	}()
	gather(t, c, once, n, func(*group.TaskGroup[int]) {})
	close(stop)
	<-stopped
	l.check(t, n, 1)
	if p.connections() < 3 {
		t.Errorf("there were %d connections, so none has broken", p.connections())
	}

	t.Run("for good", func(t *testing.T) {
		o := once
		o.Grace = time.Second
		g := group.New[int](t.Context())
		task := g.Go(temporalgroup.Activity[int](c, o, "work", 100, 3*time.Second))
		time.Sleep(500 * time.Millisecond)
		p.cut(true)
		g.Cancel(errWhy)
		<-task.Done()
		if err := task.Err(); !errors.Is(err, temporalgroup.ErrAbandoned) {
			t.Errorf("the error is %v", err)
		}
		g.Wait()
	})
}

// The server has started the work, but nobody hears of it: the next call joins, whether the work runs by then or is over.
func TestAnswerGetsLost(t *testing.T) {
	s := temporaltest.NewServer(temporaltest.WithT(t))
	l := &ledger{done: map[int]int{}}
	l.serve(t, s.GetDefaultClient())
	var mu sync.Mutex
	lose, pause := 0, time.Duration(0)
	c := dial(t, s.GetFrontendHostPort(), s.GetDefaultNamespace(), client.Options{ConnectionOptions: client.ConnectionOptions{DialOptions: []grpc.DialOption{
		grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			err := invoke(ctx, method, req, reply, cc, opts...)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && lose > 0 && method == "/temporal.api.workflowservice.v1.WorkflowService/StartActivityExecution" {
				lose--
				time.Sleep(pause)
				return serviceerror.NewDeadlineExceeded("lost").(serviceerror.ServiceError).Status().Err()
			}
			return err
		}),
	}}})
	for i, tt := range []struct {
		name         string
		takes, pause time.Duration
	}{{"it runs", time.Second, 0}, {"it is over", 0, time.Second}} {
		t.Run(tt.name, func(t *testing.T) {
			mu.Lock()
			lose, pause = 1, tt.pause
			mu.Unlock()
			v, err := temporalgroup.Activity[int](c, once, "work", i, tt.takes)(t.Context())
			if err != nil || v != 10*i || lose != 0 {
				t.Errorf("%d, %v, want %d; %d answers were not lost", v, err, 10*i, lose)
			}
		})
	}
	l.check(t, 2, 1)
}

// Values go through the data converter of the client, arguments as well as results.
func TestDataConverter(t *testing.T) {
	s := temporaltest.NewServer(temporaltest.WithT(t))
	var counted counting
	zipped := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), converter.NewZlibCodec(converter.ZlibCodecOptions{AlwaysEncode: true}), &counted)
	c := s.NewClientWithOptions(client.Options{DataConverter: zipped})
	w := worker.New(c, "q", worker.Options{})
	type pair struct {
		Name  string
		Count int
	}
	w.RegisterActivityWithOptions(func(_ context.Context, p pair) (pair, error) { return pair{p.Name + "!", p.Count + 1}, nil }, activity.RegisterOptions{Name: "next"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	v, err := temporalgroup.Activity[pair](c, options(nil), "next", pair{"a", 1})(t.Context())
	if want := (pair{"a!", 2}); v != want || err != nil {
		t.Errorf("%v, %v, want %v", v, err, want)
	}
	if counted.n != 4 { // an argument and a result, there and back
		t.Errorf("the codec was called %d times, want 4", counted.n)
	}
	if v, err := temporalgroup.Activity[int](c, options(nil), "next", pair{"a", 1})(t.Context()); err == nil {
		t.Errorf("a struct became the number %d", v)
	} else if errors.Is(err, temporalgroup.ErrAbandoned) {
		t.Errorf("the work has ended, but the error is %v", err)
	}
}

// counting is a codec that only counts its calls.
type counting struct {
	mu sync.Mutex
	n  int
}

func (c *counting) Encode(p []*commonpb.Payload) ([]*commonpb.Payload, error) { return c.count(p) }
func (c *counting) Decode(p []*commonpb.Payload) ([]*commonpb.Payload, error) { return c.count(p) }

func (c *counting) count(p []*commonpb.Payload) ([]*commonpb.Payload, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return p, nil
}
