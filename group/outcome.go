package group

import (
	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// outcome is how a task ended, on its way through the filters and the rule. All of it is done by the goroutine of the task, or by
// one that does the same for another task at that moment (see ruler), before the machine hears of the end.
type outcome struct {
	task  Handle
	state engine.State
	err   error // what is left of the task's error; nil is no failure
	echo  bool
	how   leaving
}

// leaving is how a function was left.
type leaving uint8

const (
	returned leaving = iota
	panicked
	exited // by runtime.Goexit
)

// settle ends a task.
func (s *scope) settle(o *outcome) {
	defer s.conclude(o) // also if a filter leaves by runtime.Goexit
	if s.heard.has(TaskEnded) {
		ctx, err := s.contextOf(o.task), o.err
		defer func() { s.ended(ctx, o.task, o.state, err) }()
	}
	if o.state == engine.Failed {
		n := o.task.handle()
		n.SetNote(o.err)
		s.filter(n, o)
	}
}

// filter takes out of o.err what is no failure. It calls user's code.
func (s *scope) filter(n *engine.Node, o *outcome) {
	option := "error" // for its methods Is and Unwrap
	defer s.guard(&option)
	s.filterBy(n, o, func(name string) { option = name })
	option = ""
}

func (s *scope) filterBy(n *engine.Node, o *outcome, asking func(option string)) {
	if o.how == panicked && s.policy.Panic == policy.Propagate {
		return
	}
	if o.how == returned && s.dropEchoes(n, o, asking) {
		return
	}
	o.err = s.policy.Filters.Apply(o.err, asking)
}

// dropEchoes takes those out that the task's own cancellation (E5) and that of the scope (E2) have left in the error, and reports whether
// nothing is left.
func (s *scope) dropEchoes(n *engine.Node, o *outcome, asking func(option string)) bool {
	e := echo{known: s.policy.Filters.Echo, asking: asking}
	if n != nil {
		e.Cancellation = n.Canceled()
		if e.Cancellation != nil && e.From != engine.ByTimeout && o.dropEcho(e) {
			return true
		}
	}
	if e.Cancellation = s.core.Poll(); e.Cancellation != nil && o.dropEcho(e) {
		s.ledger().unfinish()
		return true
	}
	return false
}

// isPlainEcho reports whether err is the very error of the scope's ended context, and nobody has to be asked. That is what most tasks
// return when their scope is cancelled, on small stacks that what filter does would make grow.
func (s *scope) isPlainEcho(n *engine.Node, err error) bool {
	c := s.core.Canceled()
	return c != nil && err == c.Err && n.Canceled() == nil && s.policy.Rule.Kind < policy.UntilSuccess
}

// dropEcho takes the echo of a cancellation out of the error, and reports whether nothing is left.
func (o *outcome) dropEcho(e echo) bool {
	left := e.real(o.err)
	if left == nil {
		o.state, o.echo = engine.Canceled, true
		return true
	}
	o.err = left
	return false
}

// conclude asks the rule and ends the task.
func (s *scope) conclude(o *outcome) {
	if s.policy.Rule.Kind == policy.StopWhen {
		s.ledger().rule.ask(s, o)
		return
	}
	s.finish(o, false)
}

// finish ends the task, and cancels the scope if that is called for.
func (s *scope) finish(o *outcome, stop bool) {
	n := o.task.handle()
	keep := !s.policy.Discard
	var c *engine.Cancellation
	switch {
	case o.state == engine.Failed && o.err != nil:
		f := &Failure{o.task.Name(), n.Index(), o.err}
		number, fatal := s.ledger().fail(s.policy, f, o.how == panicked)
		n.SetNote(failure{f, number, n.Note().(error)})
		keep = s.policy.Keeps(number)
		if stop || fatal {
			c = because(f, failed)
			c.Number = number
		}
	case stop:
		c = s.cleanly(stopped)
	}
	if s.policy.Rule.Kind == policy.UntilSuccess {
		reached, lost := s.approach(o.state == engine.Succeeded)
		switch {
		case c != nil:
		case reached:
			c = s.cleanly(content)
		case lost:
			c = because(s.missedGoal(), hopeless)
		}
	}
	if c == nil {
		n.End(o.state, keep)
		return
	}
	s.core.CancelBy(c, func() { n.End(o.state, keep) })
}
