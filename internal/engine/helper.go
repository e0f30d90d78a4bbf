package engine

import (
	"context"
	"time"

	"github.com/creche-go/creche/internal/sched"
)

// Go calls f on a goroutine that is none of a task, but that Join awaits as well. It does nothing if the scope has ended.
func (s *Scope) Go(f func(ctx context.Context)) {
	m := s.Lock(Impatient)
	if m == nil {
		return
	}
	m.enterAnyway()
	m.lock.Unlock()
	sched.Go(func() {
		defer m.exit()
		defer raceReleaseMerge(&m.ended)
		f((*helperContext)(s))
	})
}

// Crew is goroutines that work for a scope without being tasks of it, and are joined before the scope is. A scope that has nothing else
// needs no machine.
type Crew struct{ live sched.WaitGroup }

// Go calls f on a goroutine of the crew. It is called before Join, or by the crew.
func (c *Crew) Go(s *Scope, f func(ctx context.Context)) {
	c.live.Add(1)
	sched.Go(func() {
		defer c.live.Done()
		f((*helperContext)(s))
	})
}

// Hold is that of [Node], for the goroutine that calls it.
func (c *Crew) Hold() { c.live.Add(1) }

// Join returns once all have ended.
func (c *Crew) Join(s *Scope) {
	sched.Gosched() // as in Machine.join
	s.lendOwner(c.live.Wait)
}

// helperContext is the context of such a goroutine: that of the scope, but that it does not lie within the task that opened the scope,
// whose places it has no right to lend.
type helperContext Scope

func (c *helperContext) scope() *scopeContext                  { return (*scopeContext)(c) }
func (c *helperContext) Deadline() (time.Time, bool)           { return c.scope().Deadline() }
func (c *helperContext) Done() <-chan struct{}                 { return c.scope().Done() }
func (c *helperContext) Err() error                            { return c.scope().Err() }
func (c *helperContext) AfterFunc(f func()) (stop func() bool) { return c.scope().AfterFunc(f) }
func (c *helperContext) String() string                        { return c.scope().String() }
func (c *helperContext) Value(key any) any {
	if key == (nodeKey{}) {
		return nil
	}
	return c.scope().Value(key)
}
