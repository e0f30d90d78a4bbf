package group

import (
	"context"
	"fmt"
	"sync"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// FailFast cancels the scope when the first task fails: tasks that have not begun never do. This is the default.
func FailFast() Option { return ruleOption{"FailFast()", policy.Rule{Kind: policy.FailFast}} }

// KeepGoing lets the other tasks of the scope run on when one fails. All failures are in the error of Wait, but for those of
// tasks that [TaskGroup.Next] or a loop took. A panic stops the scope all the same, except with [PanicAsError].
func KeepGoing() Option { return ruleOption{"KeepGoing()", policy.Rule{Kind: policy.KeepGoing}} }

// Tolerate allows n ≥ 1 failures of tasks: as long as there are no more, they do not make an error. The next one cancels the scope, and
// all are reported, as they are if the scope fails for another reason.
func Tolerate(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("group: Tolerate needs n ≥ 1, got %d", n))
	}
	return ruleOption{fmt.Sprintf("Tolerate(%d)", n), policy.Rule{Kind: policy.Tolerate, N: n}}
}

// UntilSuccess ends the scope as soon as n ≥ 1 tasks, daemons included, have succeeded: the others are cancelled and awaited, failures of tasks do not count,
// and the error is nil, unless the body returned one.
//
// When the owner waits, and fewer tasks are left than successes are missing, the scope is cancelled at once and every failure is
// reported; tasks that running tasks might have started yet are not waited for. If there is no failure to report, the error wraps
// [ErrTooFewTasks].
func UntilSuccess(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("group: UntilSuccess needs n ≥ 1, got %d", n))
	}
	return ruleOption{fmt.Sprintf("UntilSuccess(%d)", n), policy.Rule{Kind: policy.UntilSuccess, N: n}}
}

// Completion is what a rule is told of a task that has ended.
type Completion struct {
	Index int
	Name  string
	Err   error // nil for a success, and for an error that the filters took away
	Echo  bool  // Err only repeats a cancellation, or the task never began
}

// StopWhen gives the scope a rule of the caller's own. The function newRule is called once for each scope, by Run or New. The rule
// that it returns is called for each task that has ended, in the order in which they did, one at a time, until it returns true.
// That cancels the scope: because of the task, if that failed, and as Cancel(nil) does otherwise. Nothing else does when a task
// fails, but all failures are reported.
//
// The rule runs on the goroutine of a task, or on one of the scope's own, which should not be kept waiting. If it panics the scope is cancelled, and Run or Wait
// panics.
func StopWhen(newRule func() (rule func(Completion) (stop bool))) Option {
	if newRule == nil {
		panic("group: StopWhen needs a function, got nil")
	}
	return ruleOption{"StopWhen(" + nameOf(newRule) + ")", policy.Rule{Kind: policy.StopWhen, New: func() func(policy.Completion) bool {
		rule := newRule()
		if rule == nil {
			panic("group: StopWhen got a nil rule from its function")
		}
		return func(c policy.Completion) bool { return rule(Completion(c)) }
	}}}
}

type ruleOption struct {
	text string
	rule policy.Rule
}

func (o ruleOption) applyScope(p *policy.Scope) { p.Rule = o.rule }
func (o ruleOption) String() string             { return "group." + o.text }

func newRuler(newRule func() func(policy.Completion) bool) *ruler { return &ruler{rule: newRule()} }

// ruler calls the rule of one scope for one task at a time, without a lock: whoever ends a task while it is at work leaves his to it.
type ruler struct {
	rule func(policy.Completion) bool

	mu   sync.Mutex
	busy bool
	rest []*outcome
	done bool // the rule has said stop, or panicked; used by whoever is busy
}

// ask takes the task o through the rule, and then to its end. That of one that never began may be told by whoever cancels something, who is
// not kept waiting.
func (r *ruler) ask(s *scope, o *outcome) {
	r.mu.Lock()
	r.rest = append(r.rest, o)
	if r.busy {
		r.mu.Unlock()
		return
	}
	r.busy = true
	r.mu.Unlock()
	if o.state == engine.NotStarted {
		s.core.Go(func(context.Context) { r.work(s) })
	} else {
		r.work(s)
	}
}

func (r *ruler) work(s *scope) {
	for {
		r.mu.Lock()
		if len(r.rest) == 0 {
			r.busy, r.rest = false, nil
			r.mu.Unlock()
			return
		}
		o := r.rest[0]
		r.rest = r.rest[1:]
		r.mu.Unlock()
		r.judge(s, o)
	}
}

func (r *ruler) judge(s *scope, o *outcome) {
	returned := false
	defer func() {
		if !returned { // by runtime.Goexit, as a panic was recovered: the others must not wait for ever
			s.finish(o, false)
			r.work(s)
		}
	}()
	stop := !r.done && r.call(s, o)
	s.finish(o, stop)
	returned = true
}

func (r *ruler) call(s *scope, o *outcome) (stop bool) {
	name := "StopWhen"
	defer s.guard(&name)
	c := policy.Completion{Index: o.task.Index(), Name: o.task.Name(), Err: o.err, Echo: o.echo}
	if o.state == engine.Succeeded {
		c.Err = nil
	}
	r.done = true // should it not return
	r.done = r.rule(c)
	name = ""
	return r.done
}
