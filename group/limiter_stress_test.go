package group_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A crowd is many tasks of many scopes at one limiter. Whatever they do to each other, they never weigh more than it has.
type crowd struct {
	t      *testing.T
	size   int32
	shared group.Option
	now    atomic.Int32
	begun  atomic.Int32
}

func (c *crowd) at(weight int) {
	if n := c.now.Add(int32(weight)); n > c.size {
		c.t.Errorf("a weight of %d at once, the limiter has %d", n, c.size)
	}
	for range weight {
		runtime.Gosched()
	}
	c.now.Add(int32(-weight))
}

// feed starts tasks of all kinds in g, some with a scope of their own below.
func (c *crowd) feed(g *intGroup, rnd *rand.Rand, tasks, levels int) {
	for range tasks {
		weight, kind, seed := 1+rnd.IntN(int(c.size)), rnd.IntN(10), rnd.Uint64()
		task := g.Go(func(ctx context.Context) (int, error) {
			c.begun.Add(1)
			c.at(weight)
			switch {
			case kind == 0:
				panic(errBoom)
			case kind == 1:
				runtime.Goexit()
			case kind < 5 && levels > 0:
				below := group.New[int](ctx, c.shared, group.KeepGoing(), group.PanicAsError())
				c.feed(below, rand.New(rand.NewPCG(seed, 0)), tasks/3, levels-1)
				if kind == 2 {
					below.Cancel(nil)
				}
				for kind == 3 {
					if _, ok := below.Next(ctx); !ok {
						break
					}
					c.at(weight)
				}
				below.Wait()
			}
			c.at(weight)
			return 0, nil
		}, group.Weight(weight))
		if kind == 9 {
			task.Cancel(nil)
		}
	}
}

func TestS3_ManyScopesAtOneLimiter(t *testing.T) {
	for _, size := range []int{1, 2, 5} {
		c := &crowd{t: t, size: int32(size), shared: group.SharedLimit(group.NewLimiter(size))}
		var scopes []*intGroup
		for i := range 8 {
			g := group.New[int](t.Context(), c.shared, group.KeepGoing(), group.PanicAsError())
			scopes = append(scopes, g)
			c.feed(g, rand.New(rand.NewPCG(uint64(i), uint64(size))), 30, 2)
		}
		scopes[7].Cancel(nil)
		for _, g := range scopes {
			g.Wait()
		}
		if n := c.now.Load(); n != 0 || c.begun.Load() < 7*20 {
			t.Errorf("a weight of %d is left; %d tasks began", n, c.begun.Load())
		}
		last := group.New[int](t.Context(), c.shared)
		if _, ok := last.TryGo(value(1), group.Weight(size)); !ok {
			t.Error("the limiter is not empty")
		}
		last.Wait()
	}
}

// Daemons go on starting tasks while the scope comes to its end: each has been awaited, or says that it never began.
func TestL6_DaemonsSpawnAtTheEnd(t *testing.T) {
	for i := range 300 {
		var begun, ended, refused atomic.Int32
		g := group.New[int](t.Context(), group.Limit(1+i%3))
		for range 2 {
			g.Go(func(context.Context) (int, error) {
				for {
					task := g.Go(func(context.Context) (int, error) {
						begun.Add(1)
						runtime.Gosched()
						ended.Add(1)
						return 1, nil
					})
					if task.State() == group.NotStarted {
						refused.Add(1)
						return 0, nil
					}
					task.Wait(context.Background())
				}
			}, group.Daemon())
		}
		g.Go(value(1))
		if i%2 == 0 {
			runtime.Gosched()
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		if b, e := begun.Load(), ended.Load(); b != e {
			t.Fatalf("%d tasks began and %d had ended when the scope did", b, e)
		}
		if n := refused.Load(); n != 2 {
			t.Fatalf("%d of two daemons were told that it was over", n)
		}
	}
}
