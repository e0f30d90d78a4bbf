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
