package group

import (
	"fmt"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// Limiter is a number of places that the tasks of several scopes share. See [SharedLimit]. It may be used by several goroutines, and is
// never closed.
type Limiter struct{ l *engine.Limiter }

// NewLimiter returns a limiter with n places.
func NewLimiter(n int) *Limiter {
	if n < 1 {
		panic(fmt.Sprintf("group: NewLimiter needs n ≥ 1, got %d", n))
	}
	return &Limiter{engine.NewLimiter(n)}
}

// String returns the call that makes such a limiter.
func (l *Limiter) String() string { return fmt.Sprintf("group.NewLimiter(%d)", l.l.Size()) }

// SharedLimit makes the tasks of the scope take places of l while they run, one each, or more with [Weight]. Tasks of all scopes with
// that limiter take their turns in the order in which they came, each scope with its oldest task; one that needs many places is not
// overtaken by others that need few. A [Limit] of the scope's own holds as well.
//
// A task that waits lends its places to others and takes them back before it goes on: while it is in Run, Wait, Go or Next of a scope
// that was opened with its context, and in Next, [Task.Wait] and [Start] with its context. So scopes may be nested under one limiter
// of any size. A goroutine of the task's own that waits with its context lends them as well: if the task is at work meanwhile, so is one
// more than the limiter has places.
func SharedLimit(l *Limiter) Option {
	if l == nil {
		panic("group: SharedLimit needs a limiter, got nil")
	}
	return sharedLimitOption{l}
}

// Queue lets at most n tasks wait to begin, where a limit makes them wait. Go, Do and [Start] block then until there is room, or the
// scope is cancelled, and the task is [NotStarted]. TryGo never waits. A task that starts others in its own scope may wait for ever for
// the place that it has itself.
func Queue(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("group: Queue needs n ≥ 1, got %d", n))
	}
	return queueOption(n)
}

// Weight is how many places of the scope's limiter the task takes. Without [SharedLimit] it has no meaning. Go panics if the limiter does
// not have so many.
func Weight(n int) TaskOption {
	if n < 1 {
		panic(fmt.Sprintf("group: Weight needs n ≥ 1, got %d", n))
	}
	return weightOption(n)
}

type (
	sharedLimitOption struct{ l *Limiter }
	queueOption       int
	weightOption      int
)

func (o sharedLimitOption) applyScope(p *policy.Scope) { p.Limiter = o.l.l }
func (o queueOption) applyScope(p *policy.Scope)       { p.Queue = int(o) }
func (o weightOption) applyTask(p *policy.Task)        { p.Weight = int(o) }

func (o sharedLimitOption) String() string { return "group.SharedLimit(" + o.l.String() + ")" }
func (o queueOption) String() string       { return fmt.Sprintf("group.Queue(%d)", int(o)) }
func (o weightOption) String() string      { return fmt.Sprintf("group.Weight(%d)", int(o)) }
