package group

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
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
	stopped   = engine.ByCaller + iota // Cancel(nil)
	requested                          // Cancel(err)
	failed                             // a failure; the cause is the *Failure
)

// scope is all of a TaskGroup that does not depend on its type.
type scope struct {
	core   engine.Scope
	policy policy.Scope
	// opened is where: a program counter of the caller of New; for Run, which is called much more often for little work,
	// that of the body, as it costs nothing to know.
	opened uintptr

	// unfinished is set when the cancellation of the scope kept somebody from success. It is set before that task ends, and
	// read after the join.
	unfinished atomic.Bool

	mu       sync.Mutex
	failures int
	panicked *PanicError // the first that propagates
	body     *Failure
	result   error // of Wait, once decided is set
	decided  bool
}

func (s *scope) open(ctx context.Context, caller string, r engine.Runner, opts []Option) {
	if ctx == nil {
		panic("group: " + caller + " needs a context, got nil")
	}
	if len(opts) > 0 {
		s.policy = scopePolicy(opts)
	}
	var t engine.Timeout
	if d := s.policy.Timeout; d > 0 {
		what := "scope"
		if s.policy.Name != "" {
			what = fmt.Sprintf("scope %q", s.policy.Name)
		}
		t = engine.Timeout{After: d, Cause: &timeout{what, d}}
	}
	s.core.Open(ctx, r, s.policy.Limit, t)
}

// String names the scope and the line that opened it.
func (s *scope) String() string {
	// A frame's program counter is taken as a return address, the place after a call.
	frame, _ := runtime.CallersFrames([]uintptr{s.opened + 1}).Next()
	at := fmt.Sprintf("opened at %s:%d", frame.File, frame.Line)
	if s.policy.Name != "" {
		return fmt.Sprintf("scope %q (%s)", s.policy.Name, at)
	}
	return fmt.Sprintf("scope (%s)", at)
}

// lock begins a submission for the caller named.
func (s *scope) lock(caller string) {
	if s.opened == 0 {
		panic("group: a TaskGroup must be made by New or Run")
	}
	if !s.core.Lock() {
		panic(fmt.Sprintf("group: %s after the end of %v", caller, s))
	}
}

func (s *scope) cancel(cause error) {
	c := &engine.Cancellation{Err: context.Canceled, Cause: cause, From: requested}
	if cause == nil {
		c.Cause, c.From = context.Canceled, stopped
	}
	s.core.Cancel(c)
}

// stop cancels the scope because of f.
func (s *scope) stop(f *Failure) {
	s.core.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: f, From: failed})
}

// failTask decides what an error means for the scope, cancels it if need be, and returns the state that the task ends in
// and whether the task goes to the list of completions.
func (s *scope) failTask(n *engine.Node, name func() string, err error) (engine.State, bool) {
	if c := n.Canceled(); c != nil && c.From != engine.ByTimeout {
		if err = real(err, c); err == nil {
			return engine.Canceled, !s.policy.Discard // E5
		}
	}
	if c := s.core.Poll(); c != nil {
		if err = real(err, c); err == nil {
			s.unfinished.Store(true)
			return engine.Canceled, !s.policy.Discard // E2
		}
	}
	f := &Failure{name(), n.Index(), err}
	n.SetNote(f)
	p, panicked := err.(*PanicError)
	s.mu.Lock()
	s.failures++
	keep := s.policy.Keeps(s.failures)
	if panicked && s.policy.Panic == policy.Propagate && s.panicked == nil {
		s.panicked = p
	}
	s.mu.Unlock()
	if s.policy.Stops(panicked) {
		s.stop(f)
	}
	return engine.Failed, keep
}

// failBody records what the body of Run returned. Its error always ends the scope.
func (s *scope) failBody(err error) {
	if c := s.core.Poll(); c != nil {
		if err = real(err, c); err == nil {
			s.unfinished.Store(true)
			return
		}
	}
	s.mu.Lock()
	s.body = &Failure{"body", -1, err}
	if s.decided && same(err, s.result) {
		s.body = nil // the body has called Wait itself, and passes on what that returned
	}
	f := s.body
	s.mu.Unlock()
	if f != nil {
		s.stop(f)
	}
}

// verdict returns the error of the scope, or panics with that of a task that did. The tasks have ended.
func (s *scope) verdict() error {
	s.mu.Lock()
	decided := s.decided
	s.mu.Unlock()
	if !decided {
		e := s.collect()
		s.mu.Lock()
		if !s.decided { // nobody else was faster; all come to the same answer
			s.decided = true
			s.decide(e)
		}
		s.mu.Unlock()
	}
	if s.panicked != nil {
		panic(s.panicked)
	}
	return s.result
}

// decide makes e the answer for good. The caller holds mu.
func (s *scope) decide(e *Error) {
	if e == nil {
		return
	}
	s.result = e
	if p := s.panicked; p != nil {
		for _, f := range e.Failures {
			if f.Err != error(p) {
				p.Failures = append(p.Failures, f)
			}
		}
	}
}

// collect lists what the scope has to report (E1, E3).
func (s *scope) collect() *Error { // nil for none
	c := s.core.Canceled()
	if s.failures == 0 && s.body == nil && c.From == engine.ByEnd {
		return nil
	}
	e := &Error{Scope: s.policy.Name}
	if s.failures > 0 {
		for _, n := range s.core.Ordered() {
			if n.State() == engine.Failed {
				e.Failures = append(e.Failures, n.Note().(*Failure))
			}
		}
		if s.policy.Discard {
			e.Omitted = s.failures - len(e.Failures)
		}
	}
	switch f, _ := c.Cause.(*Failure); {
	case c.From == failed && f.Index >= 0 && !slices.Contains(e.Failures, f):
		e.Failures = slices.Insert(e.Failures, 0, f) // a loop took it, but it is why the scope ended
	case c.From == requested:
		e.Failures = append(e.Failures, &Failure{"Cancel", -1, c.Cause})
	case c.From == engine.ByParent && s.unfinished.Load():
		e.Failures = append(e.Failures, &Failure{"context", -1, endedError(c.Err, c.Cause)})
	case c.From == engine.ByTimeout && s.unfinished.Load():
		e.Failures = append(e.Failures, &Failure{"Timeout", -1, c.Cause})
	}
	if b := s.body; b != nil && !slices.ContainsFunc(e.Failures, func(f *Failure) bool { return same(f.Err, b.Err) }) {
		e.Failures = append(e.Failures, b)
	}
	if len(e.Failures)+e.Omitted == 0 {
		return nil
	}
	return e
}

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
