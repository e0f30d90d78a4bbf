package group

import (
	"sync"
	"sync/atomic"

	"github.com/creche-go/creche/internal/policy"
)

// ledger is what a scope remembers once not all goes well, or its policy has to count.
type ledger struct {
	// unfinished is set when the cancellation of the scope kept somebody from success. It is set before that task ends, and
	// read after the join.
	unfinished  atomic.Bool
	rule        *ruler       // of StopWhen
	watcher     *watcher     // of OnStuck
	observation *observation // by those of Observe

	mu sync.Mutex
	account
	closing chan struct{} // closed when what was left open has ended; see closeLeftOpen
	decided bool
	result  error       // of Wait, once decided is set
	thrown  *PanicError // instead of it
}

// account is all that a verdict is made of, besides the tasks themselves.
type account struct {
	run       policy.Run
	delivered int         // failures that a loop of package iter has yielded
	panicked  *PanicError // the first that propagates
	blamed    []*Failure  // of what is no task: users' functions that panicked, scopes left open
	body      *Failure
}

// failure is the note that a failed task leaves; others leave the bare error. It takes its number before it cancels the scope, so
// those that it brings about come after it, although the machine may see them end before.
type failure struct {
	*Failure
	number int
	err    error // as the function returned it, before the filters
}

func (s *scope) ledger() *ledger {
	for {
		if l := s.book.Load(); l != nil {
			return l
		}
		s.book.CompareAndSwap(nil, new(ledger))
	}
}

// unfinish looks first, so that many do not wait for each other to write the same.
func (l *ledger) unfinish() {
	if !l.unfinished.Load() {
		l.unfinished.Store(true)
	}
}

// fail counts the failure f and returns its number, and whether the scope stops because of it.
func (l *ledger) fail(p *policy.Scope, f *Failure, panicked bool) (number int, stop bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stop = l.run.Fail(p, panicked)
	if panicked && p.Panic == policy.Propagate && l.panicked == nil {
		l.panicked = f.Err.(*PanicError)
	}
	return l.run.Failures, stop
}

func (l *ledger) reached(p *policy.Scope) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.run.Reached(p)
}

// blame records the failure of what is no task, and stops the scope.
func (s *scope) blame(name string, err error) {
	f := &Failure{name, -1, err}
	l := s.ledger()
	l.mu.Lock()
	l.blamed = append(l.blamed, f)
	l.decided = false // if this is an observer of the end
	if p, ok := err.(*PanicError); ok && l.panicked == nil {
		l.panicked = p
	}
	l.mu.Unlock()
	s.stop(f, failed)
}

// guard is deferred where a user's function is called that is no task: what it panics with comes out of Run or Wait, and its
// runtime.Goexit is a failure. The goroutine that called it goes on.
func (s *scope) guard(name *string) { s.guarded(recover(), name) }

func (s *scope) guarded(v any, name *string) {
	if v != nil {
		s.blame(*name, newPanicError(*name, -1, v))
	} else if *name != "" {
		s.blame(*name, ErrGoexit)
	}
}
