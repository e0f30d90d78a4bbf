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
	core engine.Scope
	// opened is where: a program counter of the caller of New; for Run, which is called much more often for little work,
	// that of the body, as it costs nothing to know.
	opened uintptr
	wrong  atomic.Pointer[trouble]
	policy *policy.Scope
}

// trouble is what a scope remembers once not all goes well.
type trouble struct {
	// unfinished is set when the cancellation of the scope kept somebody from success. It is set before that task ends, and
	// read after the join.
	unfinished atomic.Bool

	mu       sync.Mutex
	failures int
	panicked *PanicError // the first that propagates
	body     *Failure
	decided  bool
	result   error // of Wait, once decided is set
}

// failure is the note that a failed task leaves; others leave the bare error. It takes its number before it cancels the scope, so
// those that it brings about come after it, although the machine may see them end before.
type failure struct {
	*Failure
	number int
}

// unfinish looks first, so that many do not wait for each other to write the same.
func (t *trouble) unfinish() {
	if !t.unfinished.Load() {
		t.unfinished.Store(true)
	}
}

func (s *scope) trouble() *trouble {
	for {
		if t := s.wrong.Load(); t != nil {
			return t
		}
		s.wrong.CompareAndSwap(nil, new(trouble))
	}
}

var defaults policy.Scope

func (s *scope) open(ctx context.Context, caller string, r engine.Runner, opts []Option) {
	if ctx == nil {
		panic("group: " + caller + " needs a context, got nil")
	}
	s.policy = &defaults
	if len(opts) > 0 {
		p := scopePolicy(opts)
		s.policy = &p
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
	if !s.core.Opened() {
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
func (s *scope) failTask(t Handle, err error) (engine.State, bool) {
	n := t.handle()
	n.SetNote(err)
	if c := n.Canceled(); c != nil && c.From != engine.ByTimeout {
		if err = real(err, c); err == nil {
			return engine.Canceled, !s.policy.Discard // E5
		}
	}
	if c := s.core.Poll(); c != nil {
		if err = real(err, c); err == nil {
			s.trouble().unfinish()
			return engine.Canceled, !s.policy.Discard // E2
		}
	}
	f := &Failure{t.Name(), n.Index(), err}
	p, panicked := err.(*PanicError)
	w := s.trouble()
	w.mu.Lock()
	w.failures++
	n.SetNote(failure{f, w.failures})
	keep := s.policy.Keeps(w.failures)
	if panicked && s.policy.Panic == policy.Propagate && w.panicked == nil {
		w.panicked = p
	}
	w.mu.Unlock()
	if s.policy.Stops(panicked) {
		s.stop(f)
	}
	return engine.Failed, keep
}

// failBody records what the body of Run returned. Its error always ends the scope.
func (s *scope) failBody(err error) {
	if c := s.core.Poll(); c != nil {
		if err = real(err, c); err == nil {
			s.trouble().unfinish()
			return
		}
	}
	f := &Failure{"body", -1, err}
	t := s.trouble()
	t.mu.Lock()
	if t.decided && same(err, t.result) {
		f = nil // the body has called Wait itself, and passes on what that returned
	}
	t.body = f
	t.mu.Unlock()
	if f != nil {
		s.stop(f)
	}
}

// verdict returns the error of the scope, or panics with that of a task that did. The tasks have ended.
func (s *scope) verdict() error {
	c := s.core.Canceled()
	if s.wrong.Load() == nil && c.From != requested {
		return nil
	}
	t := s.trouble()
	t.mu.Lock()
	decided := t.decided
	t.mu.Unlock()
	if !decided {
		e := s.collect(t, c)
		t.mu.Lock()
		if !t.decided { // nobody else was faster; all come to the same answer
			t.decide(e)
		}
		t.mu.Unlock()
	}
	if t.panicked != nil {
		panic(t.panicked)
	}
	return t.result
}

// decide makes e the answer for good. The caller holds mu.
func (t *trouble) decide(e *Error) {
	t.decided = true
	if len(e.Failures)+e.Omitted == 0 {
		return
	}
	t.result = e
	if p := t.panicked; p != nil {
		for _, f := range e.Failures {
			if f.Err != error(p) {
				p.Failures = append(p.Failures, f)
			}
		}
	}
}

// collect lists what the scope has to report (E1, E3); c is what ended its context.
func (s *scope) collect(t *trouble, c *engine.Cancellation) *Error {
	var notes []failure
	s.core.All(func(n *engine.Node) {
		if n.State() == engine.Failed {
			notes = append(notes, n.Note().(failure))
		}
	})
	slices.SortFunc(notes, func(a, b failure) int { return a.number - b.number })
	e := &Error{Scope: s.policy.Name}
	for _, n := range notes {
		e.Failures = append(e.Failures, n.Failure)
	}
	if s.policy.Discard {
		e.Omitted = t.failures - len(e.Failures)
	}
	switch f, _ := c.Cause.(*Failure); {
	case c.From == failed && f.Index >= 0 && !slices.Contains(e.Failures, f):
		e.Failures = slices.Insert(e.Failures, 0, f) // a loop took it, but it is why the scope ended
	case c.From == requested:
		e.Failures = append(e.Failures, &Failure{"Cancel", -1, c.Cause})
	case c.From == engine.ByParent && t.unfinished.Load():
		e.Failures = append(e.Failures, &Failure{"context", -1, endedError(c.Err, c.Cause)})
	case c.From == engine.ByTimeout && t.unfinished.Load():
		e.Failures = append(e.Failures, &Failure{"Timeout", -1, c.Cause})
	}
	if b := t.body; b != nil && !slices.ContainsFunc(e.Failures, func(f *Failure) bool { return same(f.Err, b.Err) }) {
		e.Failures = append(e.Failures, b)
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
