package group_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A meddler is an error whose methods use the scope that looks at it: with a lock held around them, they would hang.
type meddler struct{ meddle func() }

func (m *meddler) Error() string   { m.meddle(); return "meddler" }
func (m *meddler) Unwrap() error   { m.meddle(); return errBoom }
func (m *meddler) Is(e error) bool { m.meddle(); return false }

func TestM2_NoLockIsHeldAroundErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(1))
		var first *intTask
		var once sync.Once
		err := &meddler{func() {
			first.State()
			first.Cancel(nil)
			g.Context().Err()
			once.Do(func() { g.Go(value(7)) })
			g.Cancel(nil)
		}}
		first = g.Go(func(ctx context.Context) (int, error) {
			time.Sleep(time.Second)
			return 0, err
		})
		g.Go(cleaningUp(err))
		time.Sleep(2 * time.Second)
		g.Cancel(nil) // now errors are looked into for echoes
		_, got := g.Wait()
		testutil.WantError(t, "Wait", got, errBoom)
		_ = got.Error()
	})
}

// A task may use all of its own scope, from wherever user code runs.
func TestM2_NoLockIsHeldAroundTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(2))
		var ran atomic.Int32
		use := func(self *intTask) {
			ran.Add(1)
			g.Go(value(1)).State()
			g.Do(func(context.Context) error { return nil }).Cancel(nil)
			g.TryGo(value(2))
			g.Context().Err()
			self.State()
			self.Result()
			ended, cancel := context.WithCancel(context.Background())
			cancel()
			self.Wait(ended)
			g.Next(ended)
		}
		ready := make(chan *intTask, 1)
		ready <- g.Go(func(ctx context.Context) (int, error) {
			self := <-ready
			use(self)
			context.AfterFunc(ctx, func() { use(self) })
			defer use(self)
			self.Cancel(nil)
			time.Sleep(tick)
			return 0, ctx.Err()
		})
		_, err := g.Wait()
		testutil.WantFailures(t, err)
		if n := ran.Load(); n != 3 {
			t.Errorf("user code ran %d times, want 3", n)
		}
	})
}

// A parent of one's own is user code too, and may look at the scope below it.
func TestM2_NoLockIsHeldAroundTheParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent := &meddlingParent{Context: t.Context()}
		g := group.New[int](parent)
		task := g.Go(obedient)
		parent.meddle.Store(func() {
			task.State()
			g.Context().Err()
		})
		g.Go(func(ctx context.Context) (int, error) {
			ctx.Value(key{})
			context.Cause(ctx)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		time.Sleep(tick)
		g.Cancel(nil)
		_, err := g.Wait()
		testutil.WantFailures(t, err)
	})
}

type meddlingParent struct {
	context.Context
	meddle atomic.Value
}

func (p *meddlingParent) Value(k any) any {
	if f, ok := p.meddle.Load().(func()); ok {
		f()
	}
	return p.Context.Value(k)
}
