package group_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

type readyFunc = func(int) bool

func TestSH01_StartHandsOverWhenReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			v, err := group.Start(ctx, g, func(_ context.Context, ready func(string) bool) error {
				time.Sleep(time.Second)
				if !ready("address") {
					t.Error("ready gives false")
				}
				time.Sleep(time.Second)
				return nil
			})
			if d := time.Since(start); v != "address" || err != nil || d != time.Second {
				t.Errorf("Start gives %q, %v after %v", v, err, d)
			}
			return nil
		})
		wantFailures(t, err)
		wantValues(t, vs)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("the scope took %v", d)
		}
	})
}

// After ready the task is one of the scope's like any other.
func TestSH03_FailureAfterReady(t *testing.T) {
	boom := func(err error) func(context.Context, readyFunc) error {
		return func(_ context.Context, ready readyFunc) error {
			ready(7)
			time.Sleep(time.Second)
			return err
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var w witness
		g := group.New[int](t.Context(), w.rule(func(c group.Completion) bool { return c.Err != nil }))
		rest := g.Go(patient(time.Hour, 1))
		v, err := group.Start(t.Context(), g, boom(errBoom), group.Name("server"))
		if v != 7 || err != nil {
			t.Errorf("Start gives %v, %v, want what was ready", v, err)
		}
		_, err = g.Wait()
		wantFailures(t, err, entry{"server", 1, errBoom})
		wantState(t, rest, group.Canceled)
		w.want(t, group.Completion{1, "server", errBoom, false})
	})
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
			ready(7)
			panic(errBoom)
		}, group.Name("server"))
		if p := propagated(t, func() { g.Wait() }); p.Name != "server" || p.Index != 0 {
			t.Errorf("the panic is that of %q, %d", p.Name, p.Index)
		}
	})
}

// Before ready it is the caller's: the scope never hears of it.
func TestSH04_EndsBeforeReady(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(context.Context, readyFunc) error
		want   error
		reason string
	}{
		{"returns", func(context.Context, readyFunc) error { return nil }, group.ErrNotReady, "no value, no success"},
		{"fails", func(context.Context, readyFunc) error { return errBoom }, errBoom, "its own error says more"},
		{"exits", func(ctx context.Context, _ readyFunc) error { goexitingTask(ctx); return nil }, group.ErrGoexit, "never a hang"},
		{"panics", func(context.Context, readyFunc) error { panic(errBoom) }, errBoom, "at the caller's"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			var w witness
			g := group.New[int](t.Context(), w.rule(func(group.Completion) bool { return true }))
			rest := g.Go(patient(time.Minute, 7))
			var v int
			var err error
			end := endOf(func() {
				v, err = group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
					time.Sleep(time.Second)
					return tt.fn(ctx, ready)
				}, group.Name("server"))
			})
			t.Log(tt.reason)
			if tt.name == "panics" {
				p, ok := end.Value.(*group.PanicError)
				if !ok || p.Name != "server" {
					t.Fatalf("Start %s with %v, want a *PanicError of the task", end.How, end.Value)
				}
				err = p
			}
			wantError(t, "Start", err, tt.want)
			if v != 0 {
				t.Errorf("the value is %v", v)
			}
			if g.Context().Err() != nil || rest.State() != group.Running {
				t.Error("the scope was disturbed")
			}
			vs, err := g.Wait()
			wantFailures(t, err)
			wantValues(t, vs, 7)
			w.want(t, group.Completion{0, rest.Name(), nil, false}) // and no rule was asked about the other
		})
	}
}

func TestSH05_ReadyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got any
		g := group.New[int](t.Context())
		v, err := group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
			ready(1)
			time.Sleep(time.Second)
			func() {
				defer func() { got = recover() }()
				ready(2)
			}()
			if ctx.Err() != nil {
				t.Error("the misuse cancelled the task")
			}
			return nil
		})
		if v != 1 || err != nil {
			t.Errorf("Start gives %v, %v", v, err)
		}
		_, err = g.Wait()
		wantFailures(t, err)
		if got != "group: ready called twice" {
			t.Errorf("the second ready panics with %v", got)
		}
	})
}

// The caller's context ends after a second, and the task does what it does.
func TestSH06_SH07_CallerCancelledBeforeReady(t *testing.T) {
	tests := []struct {
		name   string
		fn     func(ctx context.Context, ready readyFunc) error
		value  int
		finds  []error // nil: a nil error
		took   time.Duration
		reason string
	}{
		{"obeys", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return ctx.Err() },
			0, []error{errWhy, context.Canceled}, time.Second, "the cancellation, with its cause"},
		{"cleans up", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); time.Sleep(time.Minute); return ctx.Err() },
			0, []error{errWhy, context.Canceled}, time.Second + time.Minute, "Start waits for the task"},
		{"fails", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return errBoom },
			0, []error{errWhy, context.Canceled, errBoom}, time.Second, "a real error is not lost"},
		{"tries", func(ctx context.Context, ready readyFunc) error {
			<-ctx.Done()
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			return ctx.Err()
		}, 0, []error{errWhy, context.Canceled}, time.Second, "a later ready changes nothing"},
		{"does not notice", func(ctx context.Context, ready readyFunc) error {
			time.Sleep(time.Minute)
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			return nil
		}, 7, nil, time.Minute, "done is done (SH-07)"},
		{"returns", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); return nil },
			0, []error{errWhy, context.Canceled}, time.Second, "not ready, and no wonder"},
		{"panics", func(ctx context.Context, _ readyFunc) error { <-ctx.Done(); panic(errBoom) }, 0, []error{errBoom}, time.Second,
			"the caller's panic"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context())
			ctx := cancelledIn(t.Context(), time.Second)
			start := time.Now()
			var v int
			var err error
			if end := endOf(func() { v, err = group.Start(ctx, g, tt.fn) }); end.How == "panicked" {
				err = end.Value.(*group.PanicError)
			}
			t.Log(tt.reason)
			if d := time.Since(start); d != tt.took {
				t.Errorf("Start took %v, want %v", d, tt.took)
			}
			if v != tt.value || (err == nil) != (tt.finds == nil) {
				t.Errorf("Start gives %v, %v", v, err)
			}
			for _, want := range tt.finds {
				wantError(t, "Start", err, want)
			}
			if g.Context().Err() != nil {
				t.Error("the scope was cancelled")
			}
			_, err = g.Wait()
			wantFailures(t, err)
		})
	}
}

// From the moment on in which the caller is cancelled the answer is no, although nobody may have been told yet.
func TestSH06_ReadyRightAfterTheCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := group.Start(ctx, g, func(ctx context.Context, ready readyFunc) error {
			cancel(errWhy)
			if ready(7) {
				t.Error("ready gives true after the caller was cancelled")
			}
			<-ctx.Done()
			return ctx.Err()
		})
		wantError(t, "Start", err, errWhy)
		_, err = g.Wait()
		wantFailures(t, err)
	})
}

// Somebody starts a task in the scope; the owner already waits, and nothing else is there.
func TestSH08_ScopeStaysOpenForAStart(t *testing.T) {
	for _, becomes := range []bool{true, false} {
		bubble(t, fmt.Sprint("becomes ready ", becomes), func(t *testing.T) {
			g := group.New[int](t.Context())
			start := time.Now()
			var wg sync.WaitGroup
			wg.Go(func() {
				group.Start(t.Context(), g, func(_ context.Context, ready readyFunc) error {
					time.Sleep(time.Second)
					if !becomes {
						return errBoom
					}
					ready(7)
					time.Sleep(time.Second)
					return nil
				})
			})
			synctest.Wait()
			_, err := g.Wait()
			wantFailures(t, err)
			want := time.Second
			if becomes {
				want *= 2
			}
			if d := time.Since(start); d != want {
				t.Errorf("the scope ended after %v, want %v", d, want)
			}
			wg.Wait()
		})
	}
}

// The scope is cancelled in the moment before or after ready: either way the task is, at once.
func TestSH09_TargetCancelledAroundReady(t *testing.T) {
	for _, before := range []bool{true, false} {
		for _, cause := range []error{nil, errWhy} {
			bubble(t, fmt.Sprint("before ", before, ", cause ", cause), func(t *testing.T) {
				g := group.New[int](t.Context())
				accepted := false
				start := time.Now()
				_, err := group.Start(t.Context(), g, func(ctx context.Context, ready readyFunc) error {
					if before {
						g.Cancel(cause)
					}
					accepted = ready(7)
					if !before {
						g.Cancel(cause)
					}
					<-ctx.Done()
					return ctx.Err()
				})
				started := err == nil
				_, err = g.Wait()
				if accepted != started {
					t.Errorf("ready gave %v, Start succeeded: %v", accepted, started)
				}
				if cause == nil {
					wantFailures(t, err)
				} else {
					wantFailures(t, err, entry{"Cancel", -1, errWhy})
				}
				if d := time.Since(start); d != 0 {
					t.Errorf("took %v", d)
				}
			})
		}
	}
}

// A sibling's failure cancels the caller in the middle of a Start elsewhere.
func TestSH10_SiblingFailsDuringStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		_, err := group.Run(t.Context(), func(ctx context.Context, outer *intGroup) error {
			rest := outer.Go(patient(time.Minute, 7))
			_, err := group.Run(ctx, func(ctx context.Context, inner *intGroup) error {
				inner.Go(failingAfter(time.Second, errBoom), group.Name("sibling"))
				_, err := group.Start(ctx, outer, func(ctx context.Context, ready readyFunc) error {
					defer func() { ended = true }()
					<-ctx.Done()
					return ctx.Err()
				})
				return err
			}, group.Name("inner"))
			wantFailures(t, err, entry{"sibling", 0, errBoom})
			if !ended || ctx.Err() != nil || rest.State() != group.Running {
				t.Errorf("the task has ended: %v; the outer scope: %v, %v", ended, ctx.Err(), rest.State())
			}
			return err
		}, group.Name("outer"))
		body := scopeError(t, err).Failures
		if len(body) != 1 || body[0].Name != "body" || scopeError(t, body[0].Err).Scope != "inner" {
			t.Errorf("failures of the outer scope are %v, want the inner one's", body)
		}
	})
}

// Where there is nothing to start in, or nobody to start it for, the function does not run.
func TestSH11_NothingIsStarted(t *testing.T) {
	never := func(t *testing.T) func(context.Context, readyFunc) error {
		return func(context.Context, readyFunc) error { t.Error("the function ran"); return nil }
	}
	bubble(t, "ended", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Name("scope"))
		g.Wait()
		text, _ := panicOf(t, func() { group.Start(t.Context(), g, never(t)) }).(string)
		for _, want := range []string{"group: Start", "after the end of scope", "scope", "start_test.go:"} {
			if !strings.Contains(text, want) {
				t.Errorf("the panic %q does not hold %q", text, want)
			}
		}
	})
	bubble(t, "cancelled", func(t *testing.T) {
		g := group.New[int](t.Context())
		g.Cancel(errWhy)
		_, err := group.Start(t.Context(), g, never(t))
		wantError(t, "Start", err, group.ErrNotStarted)
		wantError(t, "Start", err, errWhy)
		g.Wait()
	})
	bubble(t, "caller over", func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx := cancelledIn(t.Context(), 0)
		time.Sleep(tick)
		_, err := group.Start(ctx, g, never(t))
		wantError(t, "Start", err, errWhy)
		wantError(t, "Start", err, context.Canceled)
		_, err = g.Wait()
		wantFailures(t, err)
	})
	bubble(t, "queued", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(sleeping(time.Minute, 7))
		start := time.Now()
		_, err := group.Start(cancelledIn(t.Context(), time.Second), g, never(t))
		wantError(t, "Start", err, errWhy)
		wantError(t, "Start", err, context.Canceled)
		if d := time.Since(start); d != time.Second {
			t.Errorf("Start took %v", d)
		}
		vs, err := g.Wait()
		wantFailures(t, err)
		wantValues(t, vs, 7)
	})
	bubble(t, "queued, target cancelled", func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(obedient)
		time.AfterFunc(time.Second, func() { g.Cancel(errWhy) })
		_, err := group.Start(t.Context(), g, never(t))
		wantError(t, "Start", err, group.ErrNotStarted)
		wantError(t, "Start", err, errWhy)
		g.Wait()
	})
}

// Handed over is handed over: what becomes of the caller is no longer the task's concern.
func TestSH12_CallerCancelledAfterReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "caller"), time.Second)
		_, err := group.Start(ctx, g, func(ctx context.Context, ready readyFunc) error {
			derived, stop := context.WithCancel(ctx) // from before the handing over
			defer stop()
			ready(7)
			time.Sleep(time.Minute)
			return errors.Join(ctx.Err(), derived.Err())
		})
		wantError(t, "Start", err, nil)
		cancel()
		_, err = g.Wait()
		wantFailures(t, err)
	})
}

// Ready, the end of the caller and the end of the scope, all at once. Whoever is first, each outcome is somebody's, and exactly one's.
func TestSH06_SH09_SH12_ReadyRacesWithBothCancellations(t *testing.T) {
	var began, accepted, started, taken, dropped atomic.Int32
	const rounds = 3000
	for i := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		g := group.New[int](t.Context())
		var wg sync.WaitGroup
		gate := make(chan struct{})
		for k, f := range []func(){cancel, func() { g.Cancel(nil) }} {
			if i%4 != k { // now and then one of them alone
				wg.Go(func() { <-gate; f() })
			}
		}
		var own error
		wg.Go(func() {
			<-gate
			v, err := group.Start(ctx, g, func(_ context.Context, ready readyFunc) error {
				began.Add(1)
				if ready(i) {
					accepted.Add(1)
					own = &planned{errBoom, i}
				} else {
					own = &planned{errOther, i}
				}
				return own
			})
			switch {
			case err == nil && v == i:
				started.Add(1)
			case errors.Is(err, errOther):
				taken.Add(1)
			case err != nil && v == 0 && !errors.Is(err, errBoom):
				dropped.Add(1)
			default:
				t.Errorf("Start gives %v, %v", v, err)
			}
		})
		close(gate)
		wg.Wait()
		cancel()
		_, err := g.Wait()
		switch {
		case errors.Is(own, errBoom): // in a scope that was cancelled it is real all the same
			wantError(t, "Wait", err, own)
		default:
			wantFailures(t, err)
		}
		if t.Failed() {
			return
		}
	}
	if a, s := accepted.Load(), started.Load(); a != s {
		t.Errorf("ready was accepted %d times, and Start succeeded %d times", a, s)
	}
	if b, a, n := began.Load(), accepted.Load(), taken.Load(); b != a+n {
		t.Errorf("%d tasks began; %d were accepted, and the errors of %d went to their callers", b, a, n)
	}
	if n := started.Load() + taken.Load() + dropped.Load(); n != rounds {
		t.Errorf("%d outcomes of %d rounds", n, rounds)
	}
}
