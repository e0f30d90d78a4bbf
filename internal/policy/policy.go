// Package policy holds what the options of package group say, merged into one value, and decides by it. It starts no
// goroutine and knows neither tasks nor scopes.
package policy

import "time"

// Scope is the policy of a scope. The zero value is the default. It is not changed once the scope is open.
type Scope struct {
	Name           string
	Timeout        time.Duration // 0: none
	Limit          int           // 0: none
	Queue          int           // 0: no bound
	Limiter        any           // the machine's, shared with other scopes; nil: none
	OnStuck        OnStuck
	Observers      []any // of package group
	Rule           Rule
	Filters        Filters
	FirstError     bool
	Panic          Panic
	Discard        bool
	CancelOnReturn bool
}

// Task is the policy of one task.
type Task struct {
	Name         string
	Timeout      time.Duration // 0: none
	Weight       int           // 0: 1
	OwnGoroutine bool
	Daemon       bool
}

// OnStuck says whom to tell of tasks that go on long after their scope was cancelled.
type OnStuck struct {
	After time.Duration // 0: nobody
	Tell  func([]StuckTask)
}

// StuckTask is a task that goes on.
type StuckTask struct {
	Name  string
	Index int
	Age   time.Duration
}

// Panic says what becomes of a task's panic.
type Panic uint8

// The ways of a panic.
const (
	Propagate Panic = iota
	AsError
	Crash
)

// KeptFailures is how many failures a scope keeps that discards.
const KeptFailures = 100

// Keeps reports whether the n-th failure, counted from 1, is kept.
func (p *Scope) Keeps(n int) bool { return !p.Discard || n <= KeptFailures }

// Quiet reports whether the success of a task needs no attention.
func (p *Scope) Quiet() bool { return p.Rule.Kind < UntilSuccess && !p.Discard }
