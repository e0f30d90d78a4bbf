package group

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
	"github.com/creche-go/creche/internal/site"
)

// Scope is what every [TaskGroup] is, whatever the type of its tasks: [Go] starts a task of any type in one. The interface is
// sealed.
type Scope interface {
	Cancel(cause error)
	Context() context.Context
	scope() *scope
}

// Who cancels a scope, besides those that the machine knows.
const (
	stopped   = engine.ByCaller + iota // Cancel(nil), or a rule of the user's
	requested                          // Cancel(err)
	failed                             // a failure; the cause is the *Failure
	content                            // the goal was reached
	hopeless                           // the goal can no longer be reached; the cause is the *Failure
)

// scope is all of a TaskGroup that does not depend on its type.
type scope struct {
	core engine.Scope
	// opened is where: a program counter of the caller of New; for Run, which is called much more often for little work,
	// that of the body, as it costs nothing to know.
	opened uintptr
	body   bool
	loop   bool                   // its goroutines work on elements, to which the limit applies
	quiet  bool                   // nobody has to be told of a success
	heard  events                 // of which the ledger's watcher, or observers, have to be told
	valued bool                   // a task was started that may have a value; guarded by the lock of a submission until the end
	book   atomic.Pointer[ledger] // nil as long as there is nothing to remember
	policy *policy.Scope
}

var defaults policy.Scope

func (s *scope) open(ctx context.Context, caller string, h engine.Host, opts []Option) {
	if ctx == nil {
		panic("group: " + caller + " needs a context, got nil")
	}
	within := s.core.Place(ctx)
	if len(opts) == 0 {
		s.policy, s.quiet = &defaults, true
		if within != nil && scopeOf(within).observation() != nil {
			ctx = s.observe(ctx, within)
		}
		s.core.Open(ctx, h, nil)
		return
	}
	p := scopePolicy(opts)
	s.policy, s.quiet = &p, p.Quiet()
	ctx = s.observe(ctx, within)
	if p.Rule.New != nil {
		s.ledger().rule = newRuler(p.Rule.New)
	}
	s.core.Open(ctx, h, s.conditions())
	if s.policy.OnStuck.After > 0 {
		s.watch()
	}
}

// conditions returns what of the policy is the machine's business.
func (s *scope) conditions() *engine.Conditions {
	c := new(engine.Conditions)
	if !s.loop {
		c.Limit, c.Queue = s.policy.Limit, s.policy.Queue
	}
	c.Limiter, _ = s.policy.Limiter.(*engine.Limiter)
	if d := s.policy.Timeout; d > 0 {
		what := "scope"
		if s.policy.Name != "" {
			what = fmt.Sprintf("scope %q", s.policy.Name)
		}
		c.Timeout = engine.Timeout{After: d, Cause: &timeout{what, d}}
	}
	return c
}

// String names the scope and the line that opened it, as far as that is known.
func (s *scope) String() string {
	format := "opened at %s:%d"
	if s.body {
		format = "with the body at %s:%d"
	}
	file, line := site.Line(s.place())
	at := fmt.Sprintf(format, file, line)
	if s.policy.Name != "" {
		return fmt.Sprintf("scope %q (%s)", s.policy.Name, at)
	}
	return fmt.Sprintf("scope (%s)", at)
}

// place is where s was opened, as site.Line wants it.
func (s *scope) place() uintptr {
	if s.body {
		return s.opened + 1 // it is where the body begins, not a return address
	}
	return s.opened
}

// check panics if nobody has opened the scope.
func (s *scope) check() {
	if !s.core.Opened() {
		panic("group: a TaskGroup must be made by New or Run")
	}
}

// lock begins a submission for the caller named. Unless wait is engine.Impatient, or p the policy of a daemon, it waits for room in the queue, if
// that has a bound; it returns nil if wait ends first.
func (s *scope) lock(caller string, wait context.Context, p *policy.Task) *engine.Machine {
	s.check()
	if p.Weight > 1 {
		if l, _ := s.policy.Limiter.(*engine.Limiter); l != nil && p.Weight > l.Size() {
			panic(fmt.Sprintf("group: %s: weight %d is more than the limiter has (%d)", caller, p.Weight, l.Size()))
		}
	}
	if p.Daemon {
		wait = engine.Impatient
		s.core.Poll()
	}
	m := s.core.Lock(wait)
	if m == nil && (wait == nil || wait.Err() == nil) {
		panic(fmt.Sprintf("group: %s after the end of %v", caller, s))
	}
	return m
}

func (s *scope) cancel(cause error) {
	if cause == nil {
		s.stopCleanly(stopped)
		return
	}
	s.core.Poll() // as in cleanly
	s.core.Cancel(because(cause, requested))
}

// stopCleanly cancels the scope without a reason to report.
func (s *scope) stopCleanly(from engine.Origin) { s.core.Cancel(s.cleanly(from)) }

// stop cancels the scope because of f.
func (s *scope) stop(f *Failure, from engine.Origin) { s.core.Cancel(because(f, from)) }

// cleanly returns a cancellation without a reason to report.
func (s *scope) cleanly(from engine.Origin) *engine.Cancellation {
	s.core.Poll() // what ended the scope before, although nobody has noticed, is what counts
	return because(context.Canceled, from)
}

func because(cause error, from engine.Origin) *engine.Cancellation {
	return &engine.Cancellation{Err: context.Canceled, Cause: cause, From: from}
}

// join returns once the tasks, and whatever else belongs to the scope, have ended.
func (s *scope) join() {
	if s.policy.Rule.Kind == policy.UntilSuccess && !s.core.Ended() {
		if s.isHopeless() {
			s.despair()
		}
	}
	s.core.Join()
	s.closeLeftOpen()
	if s.policy.OnStuck.After > 0 {
		s.ledger().watcher.stop()
	}
	s.core.Close()
}

// nameOf returns the name of a function.
func nameOf(f any) string { return funcName(reflect.ValueOf(f).Pointer()) }

// funcName returns the name of a function without the path of its package.
func funcName(pc uintptr) string {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "task"
	}
	name := f.Name()
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' {
			return name[i+1:]
		}
	}
	return name
}
