// Package policy holds what the options of package group say, merged into one value, and decides by it. It starts no
// goroutine and knows neither tasks nor scopes.
package policy

import "time"

// Scope is the policy of a scope. The zero value is the default. It is not changed once the scope is open.
type Scope struct {
	Name           string
	Timeout        time.Duration // 0: none
	Limit          int           // 0: none
	Rule           Rule
	Panic          Panic
	Discard        bool
	CancelOnReturn bool
}

// Task is the policy of one task.
type Task struct {
	Name         string
	Timeout      time.Duration // 0: none
	OwnGoroutine bool
}

// Rule says after which failures a scope stops.
type Rule uint8

// The stop rules.
const (
	FailFast Rule = iota
	KeepGoing
)

// Panic says what becomes of a task's panic.
type Panic uint8

// The ways of a panic.
const (
	Propagate Panic = iota
	AsError
	Crash
)

// Stops reports whether the failure of a task ends the scope.
func (p *Scope) Stops(panicked bool) bool {
	return p.Rule == FailFast || panicked && p.Panic == Propagate
}

// KeptFailures is how many failures a scope keeps that discards.
const KeptFailures = 100

// Keeps reports whether the n-th failure, counted from 1, is kept.
func (p *Scope) Keeps(n int) bool { return !p.Discard || n <= KeptFailures }
