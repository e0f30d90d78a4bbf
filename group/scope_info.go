package group

import (
	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/site"
)

// ScopeInfo is what an [Observer] may know of a scope. Two are equal if they are of the same scope. It keeps the scope in memory.
type ScopeInfo struct{ s *scope }

// Name returns the name of the scope, or nothing.
func (i ScopeInfo) Name() string { return i.s.policy.Name }

// Opened returns where in the program the scope was opened; for [Run] that is where its body begins.
func (i ScopeInfo) Opened() (file string, line int) { return site.Line(i.s.place()) }

// HasBody reports whether the scope ends with a function, as that of [Run], of a combinator or of a loop does. One that was opened by [New] is
// open until somebody calls Wait.
func (i ScopeInfo) HasBody() bool { return i.s.body }

// String tells name and place.
func (i ScopeInfo) String() string { return i.s.String() }

// Parent returns the observed scope that this one was opened in, whether in a task or in the body, and false if there is none.
func (i ScopeInfo) Parent() (ScopeInfo, bool) {
	if p := i.s.core.Within(); p != nil && scopeOf(p).observation() != nil {
		return ScopeInfo{scopeOf(p)}, true
	}
	return ScopeInfo{}, false
}

// Cause returns why the scope was cancelled, or nil if it was not.
func (i ScopeInfo) Cause() error {
	if c := i.s.core.Canceled(); c != nil && c.From != engine.ByEnd {
		return c.Cause
	}
	return nil
}
