package group

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
)

// leftOpen ends the scopes that the task t has opened and left open (L3), and returns what becomes of the error of its function. It runs
// on the task's goroutine.
func (s *scope) leftOpen(t Handle, err error, how leaving) (leaving, error) {
	who := fmt.Sprintf("task %s[%d]", t.Name(), t.Index())
	open := t.handle().Open()
	dismiss(who, open)
	for _, x := range open {
		e, p := scopeOf(x).abandon(who, t.handle().Canceled(), s.core.Poll())
		x.Close()
		switch {
		case how == panicked:
			own := err.(*PanicError)
			own.Failures = append(own.Failures, &Failure{t.Name(), t.Index(), e})
		case p:
			err, how = newPanicError(t.Name(), t.Index(), e), panicked
		default:
			err = withOwn(e, err)
		}
	}
	return how, err
}

// closeLeftOpen ends the scopes that were opened with the context of s itself and left open. Several goroutines may call it; each
// returns once all is done.
func (s *scope) closeLeftOpen() {
	open := s.core.OpenBelow()
	if len(open) == 0 {
		return
	}
	l := s.ledger()
	l.mu.Lock()
	first := l.closing == nil
	if first {
		l.closing = make(chan struct{})
	}
	l.mu.Unlock()
	if !first {
		<-l.closing
		return
	}
	s.closeAll(open)
	close(l.closing)
}

// closeAll ends scopes that were opened with the context of s, and left open.
func (s *scope) closeAll(open []*engine.Scope) {
	dismiss(s.String(), open)
	for _, x := range open {
		e, p := scopeOf(x).abandon(s.String(), s.core.Canceled())
		if p {
			e = newPanicError("body", -1, e)
		}
		s.blame("body", e)
		x.Close()
	}
}

// dismiss cancels the scopes that who left open: all of them, before one is awaited, for they may wait for each other.
func dismiss(who string, open []*engine.Scope) {
	for _, x := range open {
		x.Poll()
		x.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: &leftOpenError{who: who, scope: scopeOf(x).String()}, From: stopped})
	}
}

// abandon awaits a scope that who left open, and returns an error that names both. If a task of it panicked, the error is
// that panic. What only repeats one of the cancellations above is dropped.
func (s *scope) abandon(who string, above ...*engine.Cancellation) (err error, panics bool) {
	left := leftOpenError{who: who, scope: s.String()} // not the cause of dismiss, which what fails in s may wrap
	s.core.Join()
	s.closeLeftOpen()
	if s.policy.OnStuck.After > 0 {
		s.ledger().watcher.stop()
	}
	s.core.Seal()
	defer func() {
		if v := recover(); v != nil {
			err, panics = v.(*PanicError), true
		}
	}()
	left.inner = s.verdict()
	for _, c := range above {
		if c != nil && left.inner != nil {
			left.inner = echo{Cancellation: c}.real(left.inner)
		}
	}
	return &left, false
}

// leftOpenError tells of a scope that was left open. It wraps what failed in it.
type leftOpenError struct {
	who, scope string
	inner      error
}

func (e *leftOpenError) Error() string {
	text := fmt.Sprintf("group: %s left %s open", e.who, e.scope)
	if e.inner != nil {
		text += ", where: " + e.inner.Error()
	}
	return text
}

func (e *leftOpenError) Unwrap() error { return e.inner }

// withOwn adds the error of the function, if it has one.
func withOwn(e, own error) error {
	if own == nil {
		return e
	}
	return errors.Join(own, e)
}

// scopeOf returns the scope that x is the machine of. It relies on that being the first field.
func scopeOf(x *engine.Scope) *scope { return (*scope)(unsafe.Pointer(x)) }
