package group_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A task's context ends with the task, in a scope that goes on living, however the task ends and whenever Done is asked for.
func TestL4_ContextEndsWithTheTask(t *testing.T) {
	tests := []struct {
		name   string
		end    func(ctx context.Context) (int, error)
		reason string
	}{
		{"value", value(7), "the plain case"},
		{"error", failing(errBoom), "under KeepGoing the scope lives on"},
		{"panic", panickingTask, "as an error"},
		{"goexit", goexitingTask, "the deferred way out"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.KeepGoing(), group.PanicAsError())
			sibling := g.Go(obedient)
			for _, early := range []bool{true, false} {
				var ctx, derived context.Context
				var done <-chan struct{}
				var called atomic.Bool
				task := g.Go(func(tctx context.Context) (int, error) {
					ctx = tctx
					if early {
						done = ctx.Done()
						var cancel context.CancelFunc
						derived, cancel = context.WithTimeout(ctx, time.Hour)
						t.Cleanup(cancel) // much later: the task's end comes first
						context.AfterFunc(ctx, func() { called.Store(true) })
					}
					return tt.end(ctx)
				})
				<-task.Done()
				if ctx.Err() == nil {
					t.Errorf("the task has ended and its context is alive (Done asked for early: %v): %s", early, tt.reason)
				}
				if !early {
					done, derived = ctx.Done(), ctx
					called.Store(true)
				}
				synctest.Wait()
				select {
				case <-done:
				default:
					t.Errorf("Done is still open (asked for early: %v): %s", early, tt.reason)
				}
				if derived.Err() == nil || !called.Load() {
					t.Error("what hangs on the context did not hear of its end")
				}
			}
			if g.Context().Err() != nil {
				t.Error("the end of a task ended the scope")
			}
			wantState(t, sibling, group.Running)
			g.Cancel(nil)
			g.Wait()
		})
	}
}

// Plain writes, read after each way of joining. The race detector is the judge of this one.
func TestL4_SE15_WritesAreSeen(t *testing.T) {
	tests := []struct {
		name string
		join func(t *testing.T, g *intGroup, task *intTask)
	}{
		{"Wait of the group", func(_ *testing.T, g *intGroup, _ *intTask) { g.Wait() }},
		{"Wait of the task", func(t *testing.T, _ *intGroup, task *intTask) { task.Wait(t.Context()) }},
		{"Done", func(_ *testing.T, _ *intGroup, task *intTask) { <-task.Done() }},
		{"Next", func(t *testing.T, g *intGroup, _ *intTask) { g.Next(t.Context()) }},
	}
	ends := map[string]func(context.Context) (int, error){
		"value": value(7), "error": failing(errBoom), "goexit": goexitingTask, "panic": panickingTask, "clean-up": obedient,
	}
	for _, tt := range tests {
		for name, end := range ends {
			t.Run(tt.name+" after "+name, func(t *testing.T) {
				for range 20 {
					g := group.New[int](t.Context(), group.PanicAsError())
					begun := make(chan struct{})
					wrote := false
					task := g.Go(func(ctx context.Context) (int, error) {
						close(begun)
						defer func() { wrote = true }()
						return end(ctx)
					})
					<-begun
					if name == "clean-up" {
						g.Cancel(nil)
					}
					tt.join(t, g, task)
					if !wrote {
						t.Fatal("the task's last write is not seen")
					}
					g.Wait()
				}
			})
		}
	}
}

// The standard tools work on a task's context and carry its cause.
func TestDerivedContexts(t *testing.T) {
	tests := []struct {
		name   string
		stop   func(g *intGroup, task *intTask)
		cause  error
		reason string
	}{
		{"scope", func(g *intGroup, _ *intTask) { g.Cancel(errWhy) }, errWhy, "the scope's cause comes down"},
		{"sibling", func(g *intGroup, _ *intTask) { g.Go(failing(errBoom)) }, errBoom, "so does a failure"},
		{"task", func(_ *intGroup, task *intTask) { task.Cancel(errOther) }, errOther, "and the cause of this task alone"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			causes := make(map[string]error)
			task := g.Go(func(ctx context.Context) (int, error) {
				timeout, cancel1 := context.WithTimeout(ctx, time.Hour)
				defer cancel1()
				below, cancel2 := context.WithCancelCause(context.WithValue(timeout, key{}, "x"))
				defer cancel2(nil)
				free := context.WithoutCancel(ctx)
				heard := make(chan error, 1)
				context.AfterFunc(ctx, func() { heard <- context.Cause(ctx) })
				unheard := context.AfterFunc(ctx, func() { t.Error("an AfterFunc that was stopped has run") })
				if !unheard() {
					t.Error("an AfterFunc of a live context could not be stopped")
				}
				<-below.Done()
				causes["ctx"] = context.Cause(ctx)
				causes["WithTimeout"] = context.Cause(timeout)
				causes["WithCancelCause"] = context.Cause(below)
				causes["AfterFunc"] = <-heard
				if free.Err() != nil || context.Cause(free) != nil {
					t.Errorf("WithoutCancel is cancelled: %v", context.Cause(free))
				}
				if timeout.Err() != context.Canceled {
					t.Errorf("the derived context ends with %v", timeout.Err())
				}
				return 0, ctx.Err()
			})
			time.Sleep(tick)
			tt.stop(g, task)
			g.Wait()
			for name, cause := range causes {
				if !errors.Is(cause, tt.cause) {
					t.Errorf("cause of %s is %v, want %v: %s", name, cause, tt.cause, tt.reason)
				}
			}
			if len(causes) != 4 {
				t.Error("the task did not get through")
			}
		})
	}
}

// A derived context that times out by itself leaves the task's alone.
func TestDerivedContexts_OwnDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			short, cancel := context.WithTimeoutCause(ctx, time.Second, errWhy)
			defer cancel()
			<-short.Done()
			if ctx.Err() != nil || context.Cause(short) != errWhy {
				t.Errorf("task: %v, derived: %v", ctx.Err(), context.Cause(short))
			}
			return 7, nil
		})
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

// A foreign is a context that is none of the standard library's. Its zero value never ends.
type foreign struct {
	context.Context // for Deadline and Value
	done            chan struct{}
	mu              sync.Mutex
	err             error
}

func (f *foreign) Done() <-chan struct{} { return f.done }

func (f *foreign) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *foreign) end(err error) {
	f.mu.Lock()
	f.err = err
	f.mu.Unlock()
	close(f.done)
}

// A notifier is a foreign that takes functions to call at its end, as the context package asks for, and counts them.
type notifier struct {
	foreign
	hooks map[int]func()
	n     int
}

func (c *notifier) AfterFunc(f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	id := c.n
	c.hooks[id] = f
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, there := c.hooks[id]
		delete(c.hooks, id)
		return there
	}
}

func (c *notifier) end(err error) {
	c.foreign.end(err)
	c.mu.Lock()
	hooks := c.hooks
	c.hooks = nil
	c.mu.Unlock()
	for _, f := range hooks {
		f()
	}
}

func (c *notifier) pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.hooks)
}

func TestForeignParents(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		notify bool
		reason string
	}{
		{"own Done", context.Canceled, false, "watched through its channel"},
		{"own Done, deadline", context.DeadlineExceeded, false, "its error is passed on as it is"},
		{"with AfterFunc", context.Canceled, true, "watched through its method"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			plain := &foreign{Context: context.Background(), done: make(chan struct{})}
			asked := &notifier{foreign: foreign{Context: context.Background(), done: make(chan struct{})}, hooks: make(map[int]func())}
			var ctx context.Context = plain
			end := plain.end
			if tt.notify {
				ctx, end = asked, asked.end
			}
			// First a scope that its parent outlives: nothing may be left behind on the parent.
			vs, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { g.Go(value(7)); return nil })
			testutil.WantFailures(t, err)
			testutil.WantValues(t, vs, 7)
			synctest.Wait()
			if n := asked.pending(); n != 0 {
				t.Errorf("%d hooks of an ended scope are left on its parent", n)
			}
			g := group.New[int](ctx)
			task := g.Go(obedient)
			time.Sleep(time.Second)
			wantState(t, task, group.Running)
			end(tt.err)
			_, err = g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, entry{"context", -1, tt.err})
			testutil.WantError(t, "task", task.Err(), tt.err)
		})
	}
}

func TestForeignParents_NilDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := &foreign{Context: context.WithValue(context.Background(), key{}, "x")}
		vs, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			if ctx.Value(key{}) != "x" {
				t.Error("the parent's values are gone")
			}
			g.Go(sleeping(time.Hour, 7))
			g.Go(failingAfter(2*time.Hour, errBoom), group.Name("bad"))
			g.Go(obedient)
			return nil
		})
		testutil.WantValues(t, vs, 7)
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
	})
}

type namelessContext struct{ context.Context }

// The contexts say what they are when they are printed, as those of the standard library do, and print nothing that others may write.
func TestL4_ContextsHaveNames(t *testing.T) {
	for _, tt := range []struct {
		parent context.Context
		want   string
	}{
		{context.Background(), "context.Background.scope.task(1)"},
		{namelessContext{context.Background()}, "group_test.namelessContext.scope.task(1)"},
	} {
		g := group.New[string](tt.parent)
		for range 2 {
			g.Go(func(ctx context.Context) (string, error) { return fmt.Sprint(ctx), nil })
		}
		names, err := g.Wait()
		if err != nil || len(names) != 2 || names[1] != tt.want {
			t.Errorf("got %q, %v, want %q", names, err, tt.want)
		}
	}
}
