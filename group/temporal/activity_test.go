package temporalgroup_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
	"github.com/creche-go/creche/waitset"
)

// cluster is a Starter without a server: an activity takes some time, and then has a result or an error.
type cluster struct {
	takes    time.Duration
	result   int
	fails    error
	deaf     bool          // activities do not hear that they are to cancel
	refuses  error         // starting fails
	asking   error         // asking for the outcome fails
	flaky    int           // how often each call is told that nobody is there
	away     time.Duration // so long nobody is there
	lost     int           // how often an activity is started, but the answer gets lost
	started  []client.StartActivityOptions
	handles  map[string]*handle
	cancels  int
	complete bool // a cancelled activity comes to its end all the same
	mu       sync.Mutex
	since    time.Time // of the first call
}

func (c *cluster) unavailable() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		c.since = time.Now()
	}
	if c.flaky > 0 || time.Since(c.since) < c.away {
		c.flaky--
		return serviceerror.NewUnavailable("nobody is there")
	}
	return nil
}

func (c *cluster) ExecuteActivity(ctx context.Context, o client.StartActivityOptions, activity any, args ...any) (client.ActivityHandle, error) {
	if err := c.unavailable(); err != nil {
		return nil, err
	}
	if c.refuses != nil {
		return nil, c.refuses
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.handles[o.ID]; h != nil {
		running := time.Now().Before(h.ends)
		switch {
		case running && o.ActivityIDConflictPolicy == enumspb.ACTIVITY_ID_CONFLICT_POLICY_USE_EXISTING:
			return h, nil
		case running, o.ActivityIDReusePolicy == enumspb.ACTIVITY_ID_REUSE_POLICY_REJECT_DUPLICATE,
			o.ActivityIDReusePolicy == enumspb.ACTIVITY_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY && c.fails == nil:
			return nil, serviceerror.NewActivityExecutionAlreadyStarted("it was started", "", "")
		}
	}
	takes := c.takes
	if len(args) == 1 {
		takes = args[0].(time.Duration)
	}
	c.started = append(c.started, o)
	h := &handle{c: c, ends: time.Now().Add(takes), cancelled: make(chan struct{})}
	if c.handles == nil {
		c.handles = map[string]*handle{}
	}
	c.handles[o.ID] = h
	if c.lost > 0 {
		c.lost--
		return nil, serviceerror.NewDeadlineExceeded("no answer")
	}
	return h, nil
}

// GetActivityHandle returns a handle also of what there is not, as the SDK does.
func (c *cluster) GetActivityHandle(o client.GetActivityHandleOptions) client.ActivityHandle {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.handles[o.ActivityID]; h != nil {
		return h
	}
	return &handle{c: c, none: true}
}

type handle struct {
	client.ActivityHandle
	c         *cluster
	none      bool
	ends      time.Time
	once      sync.Once
	cancelled chan struct{}
}

func (h *handle) Get(ctx context.Context, value any) error {
	if err := h.c.unavailable(); err != nil {
		return err
	}
	if h.none {
		return serviceerror.NewNotFound("there is none")
	}
	if h.c.asking != nil {
		return h.c.asking
	}
	select {
	case <-time.After(time.Until(h.ends)):
	case <-h.cancelled:
		if !h.c.complete {
			return temporal.NewCanceledError()
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	if h.c.fails != nil {
		return h.c.fails
	}
	*value.(*int) = h.c.result
	return nil
}

func (h *handle) Cancel(context.Context, client.CancelActivityOptions) error {
	if err := h.c.unavailable(); err != nil {
		return err
	}
	if h.none {
		return serviceerror.NewNotFound("there is none")
	}
	h.c.mu.Lock()
	h.c.cancels++
	h.c.mu.Unlock()
	if !h.c.deaf {
		h.once.Do(func() { close(h.cancelled) })
	}
	return nil
}

var minute = temporalgroup.Options{StartActivityOptions: client.StartActivityOptions{TaskQueue: "q", StartToCloseTimeout: time.Minute}}

func withCommon(c temporalgroup.Common) temporalgroup.Options {
	o := minute
	o.Common = c
	return o
}

var (
	denied    = serviceerror.NewPermissionDenied("you may not", "")
	forgotten = serviceerror.NewNotFound("there is none")
	tooLong   = serviceerror.NewResourceExhausted(enumspb.RESOURCE_EXHAUSTED_CAUSE_UNSPECIFIED, "the message is too long")
)

var errSold, errWhy = errors.New("sold out"), errors.New("why")

// What comes of one task, whose scope may be cancelled after a second.
func TestActivity(t *testing.T) {
	tests := []struct {
		name     string
		c        *cluster
		o        temporalgroup.Options
		cancel   bool
		state    group.State
		value    int
		is       error // nil for none
		took     time.Duration
		canceled int
	}{
		{name: "result", c: &cluster{takes: 2 * time.Second, result: 7}, o: minute, state: group.Succeeded, value: 7, took: 2 * time.Second},
		{name: "error", c: &cluster{fails: temporal.NewApplicationError("no", "other")}, o: minute, state: group.Failed},
		{name: "error that is known", c: &cluster{fails: temporal.NewApplicationError("no", "SoldOut")},
			o: withCommon(temporalgroup.Common{Errors: map[string]error{"SoldOut": errSold}}), state: group.Failed, is: errSold},
		{name: "not started", c: &cluster{refuses: errSold}, o: minute, state: group.Failed, is: errSold},
		{name: "the server comes back", c: &cluster{flaky: 5, result: 7}, o: minute, state: group.Succeeded, value: 7, took: 3100 * time.Millisecond},
		{name: "the answer to the start gets lost", c: &cluster{takes: time.Second, result: 7, lost: 1}, o: minute, state: group.Succeeded, value: 7, took: time.Second},
		{name: "the answer to the start gets lost, and it is over by then", c: &cluster{result: 7, lost: 1}, o: minute, state: group.Succeeded, value: 7,
			took: 100 * time.Millisecond},
		{name: "a message that is too long", c: &cluster{refuses: tooLong}, o: minute, state: group.Failed, is: tooLong},
		{name: "nobody may ask for the outcome", c: &cluster{asking: denied}, o: minute, state: group.Failed, is: temporalgroup.ErrAbandoned},
		{name: "the server has forgotten it", c: &cluster{asking: forgotten}, o: minute, state: group.Failed, is: forgotten},
		{name: "cancelled while nobody is there", c: &cluster{away: time.Hour}, o: minute, cancel: true, state: group.Failed, is: temporalgroup.ErrAbandoned,
			took: 11 * time.Second},
		{name: "cancelled before it could be started", c: &cluster{away: 2 * time.Second}, o: minute, cancel: true, state: group.Canceled, took: 2500 * time.Millisecond},
		{name: "cancelled, and confirmed", c: &cluster{takes: time.Hour}, o: minute, cancel: true, state: group.Canceled, took: time.Second, canceled: 1},
		{name: "cancelled, but it comes to its end", c: &cluster{takes: time.Hour, complete: true, result: 7}, o: minute, cancel: true,
			state: group.Succeeded, value: 7, took: time.Second, canceled: 1},
		{name: "cancelled, but it fails", c: &cluster{takes: time.Hour, complete: true, fails: temporal.NewApplicationError("no", "x")}, o: minute, cancel: true,
			state: group.Failed, took: time.Second, canceled: 1},
		{name: "cancelled, and never heard of again", c: &cluster{takes: time.Hour, deaf: true}, o: withCommon(temporalgroup.Common{Grace: 5 * time.Second}),
			cancel: true, state: group.Failed, is: temporalgroup.ErrAbandoned, took: 6 * time.Second, canceled: 1},
		{name: "cancelled, deaf, but done within the grace", c: &cluster{takes: 4 * time.Second, deaf: true, result: 7}, o: minute, cancel: true,
			state: group.Succeeded, value: 7, took: 4 * time.Second, canceled: 1},
		{name: "no timeout at all", c: &cluster{}, o: temporalgroup.Options{}, state: group.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				g := group.New[int](t.Context())
				task := g.Go(temporalgroup.Activity[int](tt.c, tt.o, "work"))
				if tt.cancel {
					time.AfterFunc(time.Second, func() { g.Cancel(errWhy) })
				}
				<-task.Done()
				v, err := task.Result()
				if d := time.Since(start); d != tt.took || task.State() != tt.state || v != tt.value || tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("%v, %d, %v after %v, want %v, %d, %v after %v", task.State(), v, err, d, tt.state, tt.value, tt.is, tt.took)
				}
				if tt.cancel && tt.state != group.Succeeded && !errors.Is(err, errWhy) && tt.c.fails == nil {
					t.Errorf("the error does not tell why: %v", err)
				}
				if len(tt.c.started) > 1 {
					t.Errorf("it was started %d times", len(tt.c.started))
				}
				if tt.c.cancels != tt.canceled {
					t.Errorf("%d requests to cancel, want %d", tt.c.cancels, tt.canceled)
				}
				g.Wait()
			})
		})
	}
}

// What the options become, with the context of the task.
func TestActivity_Options(t *testing.T) {
	once := &temporal.RetryPolicy{MaximumAttempts: 1}
	const join, reject = enumspb.ACTIVITY_ID_CONFLICT_POLICY_USE_EXISTING, enumspb.ACTIVITY_ID_REUSE_POLICY_REJECT_DUPLICATE
	keyed := withCommon(temporalgroup.Common{Key: "order-7"})
	retried := minute
	retried.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 3}
	tests := []struct {
		name string
		o    temporalgroup.Options
		time time.Duration // of the task
		want client.StartActivityOptions
	}{
		{"one attempt", minute, 0, client.StartActivityOptions{TaskQueue: "q", StartToCloseTimeout: time.Minute, RetryPolicy: once,
			ActivityIDConflictPolicy: join, ActivityIDReusePolicy: reject}},
		{"the caller's attempts", retried, 0, client.StartActivityOptions{TaskQueue: "q", StartToCloseTimeout: time.Minute, RetryPolicy: retried.RetryPolicy,
			ActivityIDConflictPolicy: join, ActivityIDReusePolicy: reject}},
		{"deadline", minute, time.Hour, client.StartActivityOptions{TaskQueue: "q", StartToCloseTimeout: time.Minute, ScheduleToCloseTimeout: time.Hour, RetryPolicy: once,
			ActivityIDConflictPolicy: join, ActivityIDReusePolicy: reject}},
		{"key", keyed, 0, client.StartActivityOptions{ID: "order-7", TaskQueue: "q", StartToCloseTimeout: time.Minute, RetryPolicy: once,
			ActivityIDConflictPolicy: join,
			ActivityIDReusePolicy:    enumspb.ACTIVITY_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var c cluster
				ctx := t.Context()
				if tt.time > 0 {
					timed, cancel := context.WithTimeout(ctx, tt.time)
					defer cancel()
					ctx = timed
				}
				f := temporalgroup.Activity[int](&c, tt.o, "work")
				for range 2 {
					c.handles = nil // who has a key finds nothing
					if _, err := f(ctx); err != nil {
						t.Fatal(err)
					}
				}
				if same := c.started[0].ID == c.started[1].ID; same != (tt.want.ID != "") || c.started[0].ID == "" {
					t.Errorf("the IDs are %q and %q", c.started[0].ID, c.started[1].ID)
				}
				got := c.started[0]
				got.ID = tt.want.ID
				if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b temporal.SearchAttributes) bool { return true })); diff != "" {
					t.Errorf("options (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// With a key, work that has succeeded is not done again, and what has failed is.
func TestActivity_Key(t *testing.T) {
	for _, tt := range []struct {
		name    string
		fails   error
		started int
	}{{"success", nil, 1}, {"failure", errSold, 2}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := cluster{takes: time.Second, result: 7, fails: tt.fails}
				f := temporalgroup.Activity[int](&c, withCommon(temporalgroup.Common{Key: "order-7"}), "work")
				for range 2 {
					if v, err := f(t.Context()); !errors.Is(err, tt.fails) || err == nil && v != 7 {
						t.Errorf("%d, %v, want 7 or %v", v, err, tt.fails)
					}
				}
				if len(c.started) != tt.started {
					t.Errorf("started %d times, want %d", len(c.started), tt.started)
				}
			})
		})
	}
}

// Tasks that run elsewhere are tasks: a set yields them as they end.
func TestActivity_InTheOrderOfCompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c cluster
		var order []int
		_, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
			for _, d := range []time.Duration{3, 1, 2} {
				g.Go(temporalgroup.Activity[int](&c, minute, "work", d*time.Second))
			}
			for task := range waitset.Completed(g) {
				order = append(order, task.Index())
			}
			return nil
		})
		if diff := cmp.Diff([]int{1, 2, 0}, order); diff != "" || err != nil {
			t.Errorf("%v, the order (-want +got):\n%s", err, diff)
		}
	})
}

func TestMisuse(t *testing.T) {
	var none temporalgroup.Starter
	for want, call := range map[string]func(){
		"temporalgroup: Activity needs a client, got nil":             func() { temporalgroup.Activity[int](none, minute, "work") },
		"temporalgroup: Activity needs a function or a name, got nil": func() { temporalgroup.Activity[int](&cluster{}, minute, nil) },
		"temporalgroup: Activity needs a grace ≥ 0, got -1s": func() {
			temporalgroup.Activity[int](&cluster{}, withCommon(temporalgroup.Common{Grace: -time.Second}), "work")
		},
		`temporalgroup: Activity: the error for type "x" is nil`: func() {
			temporalgroup.Activity[int](&cluster{}, withCommon(temporalgroup.Common{Errors: map[string]error{"x": nil}}), "work")
		},
		"temporalgroup: Workflow needs a client, got nil": func() { temporalgroup.Workflow[int](nil, temporalgroup.WorkflowOptions{}, "work") },
	} {
		func() {
			defer func() {
				if v := recover(); v != want {
					t.Errorf("it panics with %v, want %s", v, want)
				}
			}()
			call()
		}()
	}
}
