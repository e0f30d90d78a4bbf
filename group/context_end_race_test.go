package group_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// racingRounds is how often a race of a few goroutines is run, most of a second long at the most.
func racingRounds(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// L4: a scope's context ends with the scope. Who asks for its channel, or derives from it, while the scope ends is told as well.
func TestL4_ContextThatIsFirstAskedAtTheEndOfTheScope(t *testing.T) {
	parents := map[string]func(ctx context.Context) context.Context{
		"background": func(context.Context) context.Context { return context.Background() },
		"mortal":     func(ctx context.Context) context.Context { return ctx },
	}
	waits := map[string]func(ctx context.Context){
		"Done":    func(ctx context.Context) { <-ctx.Done() },
		"derived": func(ctx context.Context) { ctx, cancel := context.WithCancel(ctx); defer cancel(); <-ctx.Done() },
		"AfterFunc": func(ctx context.Context) {
			over := make(chan struct{})
			context.AfterFunc(ctx, func() { close(over) })
			<-over
		},
	}
	for parentName, parent := range parents {
		for name, wait := range waits {
			testutil.Bubble(t, parentName+" "+name, func(t *testing.T) {
				for range racingRounds(2000) {
					g := group.New[int](parent(t.Context()))
					ctx := g.Context()
					var wg sync.WaitGroup
					wg.Go(func() { wait(ctx) })
					wg.Go(func() { wait(ctx) })
					g.Go(value(1))
					g.Wait()
					wg.Wait() // for ever, if somebody was not told
					if ctx.Err() == nil {
						t.Fatal("the context of an ended scope has no error")
					}
				}
			})
		}
	}
}

// L5: a scope that has hung itself on a task's context without asking for its channel hears of the cancellation, also if the channel is
// asked for in that very moment.
func TestL5_ScopeOfATaskThatAsksForItsChannelDuringTheCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const tasks = 4
		for range racingRounds(1000) {
			g := group.New[int](t.Context())
			var up sync.WaitGroup
			up.Add(tasks)
			var canceled atomic.Bool
			for range tasks {
				g.Go(func(ctx context.Context) (int, error) {
					return 0, ignoringValues(group.Run(ctx, func(_ context.Context, inner *intGroup) error {
						inner.Go(func(ctx context.Context) (int, error) {
							done := ctx.Done() // by a hook at the task's context
							up.Done()
							<-done // for ever, if the hook is lost
							return 0, nil
						})
						for !canceled.Load() {
							runtime.Gosched()
						}
						ctx.Done()
						return nil
					}))
				})
			}
			up.Wait()
			canceled.Store(true)
			g.Cancel(nil)
			g.Wait()
		}
	})
}

func ignoringValues(_ []int, err error) error { return err }

// contextsBelow return a context of g or below, for which everything below is to be waited for by then.
var contextsBelow = map[string]func(t *testing.T, g *intGroup) context.Context{
	"scope": func(_ *testing.T, g *intGroup) context.Context { return g.Context() },
	"task": func(_ *testing.T, g *intGroup) context.Context {
		got := make(chan context.Context)
		g.Go(func(ctx context.Context) (int, error) { got <- ctx; return obedient(ctx) })
		return <-got
	},
	"scope of a task": func(_ *testing.T, g *intGroup) context.Context {
		got := make(chan context.Context)
		g.Go(func(ctx context.Context) (int, error) {
			_, err := group.Run(ctx, func(ctx context.Context, _ *intGroup) error { got <- ctx; return untilCancelled(ctx) })
			return 0, err
		})
		return <-got
	},
	"derived": func(t *testing.T, g *intGroup) context.Context {
		ctx, cancel := context.WithCancel(g.Context())
		t.Cleanup(cancel)
		return ctx
	},
}

// wantDone fails the test if a context that has an error is not done.
func wantDone(t *testing.T, ctx context.Context, done <-chan struct{}) {
	t.Helper()
	if err := ctx.Err(); err != nil {
		select {
		case <-done:
		default:
			t.Errorf("Err is %v while Done is open", err)
		}
	}
}

// L4: a context whose Err is not nil is done. The end of a parent that tells its children a little later is no exception.
func TestL4_DoneIsClosedWhenTheParentsEndIsSeen(t *testing.T) {
	parents := map[string]func(ctx context.Context) context.Context{
		"standard":     func(ctx context.Context) context.Context { return ctx },
		"with a value": func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, 1) },
	}
	for parentName, parent := range parents {
		for name, below := range contextsBelow {
			testutil.Bubble(t, fmt.Sprint(name, ", parent ", parentName), func(t *testing.T) {
				for range racingRounds(500) {
					ctx, cancel := context.WithCancel(t.Context())
					g := group.New[int](parent(ctx))
					looked := below(t, g)
					done := looked.Done()
					cancel()
					wantDone(t, looked, done)
					g.Wait()
					if t.Failed() {
						return
					}
				}
			})
		}
	}
}

// Nor is the moment of the cancellation, whoever cancels.
func TestL4_DoneIsClosedWhenErrIsSeenDuringTheCancellation(t *testing.T) {
	cancels := map[string]func(g *intGroup, cancelParent func()){
		"parent": func(_ *intGroup, cancelParent func()) { cancelParent() },
		"scope":  func(g *intGroup, _ func()) { g.Cancel(nil) },
	}
	for who, stop := range cancels {
		for name, below := range contextsBelow {
			testutil.Bubble(t, fmt.Sprint(name, ", cancelled by the ", who), func(t *testing.T) {
				for range racingRounds(500) {
					ctx, cancel := context.WithCancel(t.Context())
					g := group.New[int](ctx)
					looked := below(t, g)
					done := looked.Done()
					var wg sync.WaitGroup
					for range 2 {
						wg.Go(func() {
							for looked.Err() == nil {
								runtime.Gosched()
							}
							wantDone(t, looked, done)
						})
					}
					stop(g, cancel)
					wg.Wait()
					g.Wait()
					cancel()
					if t.Failed() {
						return
					}
				}
			})
		}
	}
}
