package engine_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/internal/engine"
)

// idle is a runner whose tasks have nothing to do.
func idle() *runner { return &runner{work: func(*engine.Node) {}} }

func cancellation() *engine.Cancellation {
	return &engine.Cancellation{Err: context.Canceled, Cause: context.Canceled, From: engine.ByCaller}
}

// L4: who is the first to ask for the scope's context while Close is at work is told of the end like those who asked before.
func TestL4_ContextThatIsFirstAskedDuringClose(t *testing.T) {
	asks := map[string]func(ctx context.Context) <-chan struct{}{
		"Done": func(ctx context.Context) <-chan struct{} { return ctx.Done() },
		"AfterFunc": func(ctx context.Context) <-chan struct{} {
			over := make(chan struct{})
			context.AfterFunc(ctx, func() { close(over) })
			return over
		},
		"derived": func(ctx context.Context) <-chan struct{} {
			ctx, cancel := context.WithCancel(ctx)
			context.AfterFunc(ctx, cancel)
			return ctx.Done()
		},
	}
	for name, ask := range asks {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				var outer, s engine.Scope
				outer.Open(context.Background(), idle(), nil)
				s.Open(outer.Context(), idle(), nil)
				s.Join()
				release := s.HoldFamily()
				var closing sync.WaitGroup
				closing.Go(s.Close)
				for range 200 {
					runtime.Gosched() // it waits for the family by now, most often
				}
				over := ask(s.Context())
				release()
				closing.Wait()
				<-over // for ever, if nobody was told
				outer.Join()
				outer.Close()
			}
		})
	}
}

// SE13: what Join and Close have let go of is not there for the next who calls them.
func TestSE13_JoinAndCloseAgain(t *testing.T) {
	for _, c := range []engine.Conditions{{}, {Timeout: engine.Timeout{After: time.Hour}}, {Limiter: engine.NewLimiter(1)}} {
		synctest.Test(t, func(t *testing.T) {
			var s engine.Scope
			s.Open(t.Context(), idle(), &c)
			n := submit(&s)
			n.Ended() // somebody waits, so the scope listens to its parent
			for range 3 {
				s.Join()
				s.Close()
			}
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() { s.Join(); s.Close() })
			}
			wg.Wait()
			if err := s.Context().Err(); err != context.Canceled {
				t.Errorf("the context's error is %v, want %v", err, context.Canceled)
			}
		})
	}
}

// M1: whatever tells a scope of its parent's end is over when the scope is closed, also if it was started for a parent that was over before.
func TestM1_NobodyTellsAClosedScopeOfItsParent(t *testing.T) {
	var outer engine.Scope
	r := idle()
	hold := make(chan struct{})
	nodes := make(chan *engine.Node, 1)
	r.work = func(n *engine.Node) { nodes <- n; <-hold }
	outer.Open(context.Background(), r, nil)
	submit(&outer)
	task := <-nodes
	outer.Cancel(cancellation())
	standard, cancel := context.WithCancel(context.Background())
	cancel()
	buf := make([]byte, 1<<20)
	for name, parent := range map[string]context.Context{"scope": outer.Context(), "task": task.Context(), "standard": standard} {
		for range 200 {
			var s engine.Scope
			s.Open(parent, idle(), nil)
			s.Context().Done()
			s.Join()
			s.Close()
			if stacks := string(buf[:runtime.Stack(buf, true)]); strings.Contains(stacks, "parentEnded") {
				t.Fatalf("the scope is closed, and told of the end of its parent, a %s:\n%s", name, stacks)
			}
		}
	}
	close(hold)
	outer.Join()
	outer.Close()
}

// L5: a hook that was there before the cancellation is called, whoever asks for the channel meanwhile.
func TestL5_HookIsCalledWhoeverAsksForTheChannel(t *testing.T) {
	type hooked interface {
		context.Context
		AfterFunc(f func()) (stop func() bool)
	}
	synctest.Test(t, func(t *testing.T) {
		for i := range 1000 {
			var s engine.Scope
			hold := make(chan struct{})
			nodes := make(chan *engine.Node, 1)
			s.Open(context.Background(), &runner{work: func(n *engine.Node) { nodes <- n; <-hold }}, nil)
			submit(&s)
			n := <-nodes
			var called atomic.Int32
			n.Context().(hooked).AfterFunc(func() { called.Add(1) })
			s.Context().(hooked).AfterFunc(func() { called.Add(1) })
			var wg sync.WaitGroup
			for _, ctx := range []context.Context{n.Context(), s.Context()} {
				wg.Go(func() {
					for ctx.Err() == nil {
						runtime.Gosched()
					}
					<-ctx.Done()
				})
			}
			if i%2 == 0 {
				s.Cancel(cancellation())
			} else {
				n.Cancel(cancellation())
				s.Cancel(cancellation())
			}
			wg.Wait()
			synctest.Wait()
			if called.Load() != 2 {
				t.Fatalf("round %d: %d of two hooks were called", i, called.Load())
			}
			close(hold)
			s.Join()
			s.Close()
		}
	})
}
