package group_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

// A nest is a tree of scopes under one limiter. Each task works, opens a scope for its children, waits for them in one of several
// ways, and works again.
type nest struct {
	scale  *scale
	shared group.Option
	weight int
	wait   func(ctx context.Context, n *nest, level int) error
	leaves int
}

func (n *nest) task(level int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		n.work()
		var err error
		if level > 0 {
			err = n.wait(ctx, n, level)
		} else {
			n.scale.mu.Lock()
			n.leaves++
			n.scale.mu.Unlock()
		}
		n.work() // the place that was lent has been taken back
		return level, err
	}
}

// work takes a moment, in which it has to have its place.
func (n *nest) work() {
	n.scale.add(n.weight)
	time.Sleep(tick)
	n.scale.add(-n.weight)
}

func (n *nest) children(g *intGroup, level int) (tasks []*intTask) {
	for range 2 {
		tasks = append(tasks, g.Go(n.task(level-1), group.Weight(n.weight)))
	}
	return tasks
}

// The ways of waiting for the scope below, or for its tasks.
var waysToWait = map[string]func(ctx context.Context, n *nest, level int) error{
	"Run": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
		return err
	},
	"New and Wait": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		n.children(g, level)
		_, err := g.Wait()
		return err
	},
	"Next": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		n.children(g, level)
		for _, ok := g.Next(ctx); ok; _, ok = g.Next(ctx) {
			n.work() // between two of them as well
		}
		_, err := g.Wait()
		return err
	},
	"Next in the body": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			n.children(g, level)
			for _, ok := g.Next(ctx); ok; _, ok = g.Next(ctx) {
				n.work()
			}
			return nil
		}, n.shared)
		return err
	},
	"Task.Wait": func(ctx context.Context, n *nest, level int) error {
		g := group.New[int](ctx, n.shared)
		for _, task := range n.children(g, level) {
			if _, err := task.Wait(ctx); err != nil {
				return err
			}
			n.work()
		}
		_, err := g.Wait()
		return err
	},
	"Task.Wait in the body": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for _, task := range n.children(g, level) {
				if _, err := task.Wait(ctx); err != nil {
					return err
				}
				n.work()
			}
			return nil
		}, n.shared)
		return err
	},
	"Start": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for range 2 {
				if _, err := group.Start(ctx, g, func(ctx context.Context, ready func(int) bool) error {
					_, err := n.task(level - 1)(ctx)
					ready(1)
					return err
				}, group.Weight(n.weight)); err != nil {
					return err
				}
			}
			return nil
		}, n.shared)
		return err
	},
	"a plain scope between": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(_ context.Context, plain *intGroup) error {
			plain.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
				return err
			})
			return nil
		})
		return err
	},
	"a body between": func(ctx context.Context, n *nest, level int) error {
		_, err := group.Run(ctx, func(ctx context.Context, _ *intGroup) error {
			_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
			return err
		})
		return err
	},
	"a context between": func(ctx context.Context, n *nest, level int) error {
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, key{}, level), time.Hour)
		defer cancel()
		_, err := group.Run(ctx, func(_ context.Context, g *intGroup) error { n.children(g, level); return nil }, n.shared)
		return err
	},
}

const nestLevels = 5

// Whoever waits for what is below lends it the place: under a limiter for one, five levels run to their end, and never do two work.
func TestS3_NestedScopesUnderOneLimiter(t *testing.T) {
	for how, wait := range waysToWait {
		for _, size := range []int{1, 3} {
			bubble(t, fmt.Sprint(how, " ", size), func(t *testing.T) {
				// As heavy as the limiter is: only one at a time, and what is lent is all of it.
				n := &nest{scale: newScale(), shared: group.SharedLimit(group.NewLimiter(size)), weight: size, wait: wait}
				g := group.New[int](t.Context(), n.shared)
				for range 2 {
					g.Go(n.task(nestLevels-1), group.Weight(size))
				}
				vs, err := g.Wait()
				wantFailures(t, err)
				wantValues(t, vs, nestLevels-1, nestLevels-1)
				if want := 1 << nestLevels; n.leaves != want {
					t.Errorf("%d leaves were reached, want %d", n.leaves, want)
				}
				if n.scale.most != size {
					t.Errorf("a weight of %d worked at once, the limiter has %d", n.scale.most, size)
				}
			})
		}
	}
}

// What is lent is lent for the wait, and not longer: when the waiter goes on, somebody else has to have ended.
func TestS3_WaiterTakesItsPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := group.SharedLimit(group.NewLimiter(1))
		other := group.New[int](t.Context(), shared)
		start := time.Now()
		var resumed time.Duration
		g := group.New[int](t.Context(), shared)
		g.Go(func(ctx context.Context) (int, error) {
			inner := group.New[int](ctx, shared)
			inner.Go(sleeping(time.Second, 1))
			other.Go(sleeping(time.Minute, 2)) // behind that one
			inner.Wait()
			resumed = time.Since(start)
			return 3, nil
		})
		waitAll(t, g)
		waitAll(t, other)
		if resumed != time.Second+time.Minute {
			t.Errorf("the waiter went on after %v, want it to wait for the place that another had been given", resumed)
		}
	})
}

// A wait that ends early takes its place back like any.
func TestS3_LendingAndAWaitThatEndsEarly(t *testing.T) {
	waits := map[string]func(ctx context.Context, inner *intGroup, task *intTask){
		"Task.Wait": func(ctx context.Context, _ *intGroup, task *intTask) { task.Wait(ctx) },
		"Next":      func(ctx context.Context, inner *intGroup, _ *intTask) { inner.Next(ctx) },
	}
	for name, wait := range waits {
		bubble(t, name, func(t *testing.T) {
			s := newScale()
			shared := group.SharedLimit(group.NewLimiter(1))
			g := group.New[int](t.Context(), shared)
			g.Do(func(ctx context.Context) error {
				inner := group.New[int](ctx, shared)
				task := inner.Go(func(context.Context) (int, error) {
					s.add(1)
					time.Sleep(time.Minute)
					s.add(-1)
					return 0, nil
				})
				short, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				wait(short, inner, task)
				s.add(1)
				time.Sleep(time.Minute)
				s.add(-1)
				_, err := inner.Wait()
				return err
			})
			waitAll(t, g)
			if s.most != 1 {
				t.Errorf("%d worked at once", s.most)
			}
		})
	}
}

// Cancelled from the top, or blown up at the bottom: nobody is left waiting for a place.
func TestS3_LendingInAScopeThatIsStopped(t *testing.T) {
	for how, wait := range waysToWait {
		for _, stop := range []string{"cancel", "failure", "panic"} {
			bubble(t, how+" "+stop, func(t *testing.T) {
				n := &nest{scale: newScale(), shared: group.SharedLimit(group.NewLimiter(1)), weight: 1}
				n.wait = func(ctx context.Context, n *nest, level int) error {
					if level == 1 {
						switch stop {
						case "cancel":
							return untilCancelled(ctx)
						case "panic":
							panic(errBoom)
						}
						return errBoom
					}
					return wait(ctx, n, level)
				}
				g := group.New[int](t.Context(), n.shared)
				g.Go(n.task(4))
				g.Go(n.task(4))
				if stop == "cancel" {
					time.AfterFunc(time.Minute, func() { g.Cancel(errBoom) })
				}
				var err error
				if end := endOf(func() { _, err = g.Wait() }); end.How == "panicked" {
					err = end.Value.(error)
				}
				wantError(t, "Wait", err, errBoom)
				// The limiter is as good as new.
				next := group.New[int](t.Context(), n.shared)
				if _, ok := next.TryGo(value(7)); !ok {
					t.Error("a place was not given back")
				}
				waitAll(t, next)
			})
		}
	}
}
