package group

import (
	"fmt"
	"slices"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// failBody records what the body of Run returned. Its error always ends the scope.
func (s *scope) failBody(err error) {
	o := &outcome{state: engine.Failed, err: err}
	l := s.ledger()
	l.mu.Lock()
	if l.decided && same(err, l.result) {
		o.err = nil // the body has called Wait itself, and passes on what that returned
	}
	l.mu.Unlock()
	if o.err != nil {
		s.filter(nil, o)
	}
	if o.err == nil || o.echo {
		return
	}
	f := &Failure{"body", -1, o.err}
	l.mu.Lock()
	l.body = f
	l.decided = false // if somebody has waited already
	l.mu.Unlock()
	s.stop(f, failed)
}

// verdict returns the error of the scope, or panics with that of a task that did. The tasks have ended.
func (s *scope) verdict() error {
	s.allTold()
	panicked, result := s.judge()
	if s.heard.has(ScopeEnded) {
		if panicked != nil {
			s.over(panicked)
		} else {
			s.over(result)
		}
		panicked, result = s.judge() // again: an observer may have panicked
	}
	if panicked != nil {
		panic(panicked)
	}
	return result
}

// judge returns the answer, and the panic that takes its place if there was one.
func (s *scope) judge() (panicked *PanicError, result error) {
	c := s.core.Canceled()
	if s.book.Load() == nil && c.From != requested && s.policy.Rule.Kind != policy.UntilSuccess {
		return nil, nil
	}
	l := s.ledger()
	l.mu.Lock()
	for !l.decided {
		now := l.account
		l.mu.Unlock()
		e, stopper := s.collect(now, l.unfinished.Load(), c) // without the lock: errors have methods
		l.mu.Lock()
		if now.body == l.body && !l.decided {
			l.decide(e, stopper, s.policy.FirstError)
		}
	}
	defer l.mu.Unlock()
	return l.thrown, l.result
}

// decide makes e the answer; stopper is the failure that ended the scope, if one did. The caller holds mu.
func (l *ledger) decide(e *Error, stopper *Failure, firstOnly bool) {
	l.decided, l.result = true, nil
	if l.panicked != nil {
		p := *l.panicked                      // others may read that one: it is the task's error
		p.Failures = slices.Clone(p.Failures) // what its task had left open
		for _, f := range e.Failures {
			if f.Err != error(l.panicked) {
				p.Failures = append(p.Failures, f)
			}
		}
		l.thrown = &p
	}
	if len(e.Failures)+e.Omitted == 0 {
		return
	}
	if firstOnly && len(e.Failures) > 0 {
		if !slices.Contains(e.Failures, stopper) {
			stopper = e.Failures[0]
		}
		e.Failures, e.Omitted = []*Failure{stopper}, 0
	}
	l.result = e
}

// collect lists what the scope has to report (E1, E3); c is what ended its context.
func (s *scope) collect(l account, unfinished bool, c *engine.Cancellation) (e *Error, stopper *Failure) {
	e = &Error{Scope: s.policy.Name}
	stopper, _ = c.Cause.(*Failure)
	reached := c.From == content
	var others []*Failure
	switch {
	case c.From == requested:
		stopper = &Failure{"Cancel", -1, c.Cause}
		others = append(others, stopper)
	case reached: // whatever ended the rest is nobody's loss
	case c.From == engine.ByParent && unfinished:
		stopper = &Failure{"context", -1, engine.EndError(c.Err, c.Cause)}
		others = append(others, stopper)
	case c.From == engine.ByTimeout && unfinished:
		stopper = &Failure{"Timeout", -1, c.Cause}
		others = append(others, stopper)
	}
	others = append(others, l.blamed...)
	if !reached && (!l.run.Forgiven(s.policy) || len(others) > 0 || l.body != nil || l.panicked != nil) {
		s.collectTasks(l, c, e)
	}
	missed := s.policy.Rule.Kind == policy.UntilSuccess && !l.run.Reached(s.policy) && (c.From == hopeless || c.From == engine.ByEnd)
	if missed && len(e.Failures)+len(others)+e.Omitted == 0 {
		others = append(others, s.missedGoal())
	}
	e.Failures = append(e.Failures, others...)
	if b := l.body; b != nil && !slices.ContainsFunc(e.Failures, func(f *Failure) bool { return same(f.Err, b.Err) }) {
		e.Failures = append(e.Failures, b)
	}
	return e, stopper
}

// collectTasks lists the failures of the tasks that no loop took, and the one that ended the scope.
func (s *scope) collectTasks(l account, c *engine.Cancellation, e *Error) {
	var notes []failure
	s.core.All(func(n *engine.Node) {
		if f, ok := n.Note().(failure); ok {
			notes = append(notes, f)
		}
	})
	if f, _ := c.Cause.(*Failure); c.From == failed && f.Index >= 0 && !slices.ContainsFunc(notes, func(n failure) bool { return n.Failure == f }) {
		notes = append(notes, failure{f, c.Number, nil}) // a loop took it, but it is why the scope ended
	}
	slices.SortFunc(notes, func(a, b failure) int { return a.number - b.number })
	for _, n := range notes {
		e.Failures = append(e.Failures, n.Failure)
	}
	if s.policy.Discard {
		e.Omitted = max(0, l.run.Failures-l.delivered-len(e.Failures))
	}
}

// approach counts the end of a task under UntilSuccess, and reports whether it reached the goal, or put that out of reach.
func (s *scope) approach(success bool) (reached, lost bool) {
	l := s.ledger()
	l.mu.Lock()
	defer l.mu.Unlock()
	reached = l.run.End(s.policy, success)
	return reached, l.run.Hopeless(s.policy, s.core.Submitted())
}

// isHopeless is for the owner of the scope, who waits: from now on nobody but running tasks starts tasks.
func (s *scope) isHopeless() bool {
	l := s.ledger()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.Wait()
	return l.run.Hopeless(s.policy, s.core.Submitted())
}

// despair cancels a scope whose goal is out of reach.
func (s *scope) despair() { s.stop(s.missedGoal(), hopeless) }

func (s *scope) missedGoal() *Failure {
	return &Failure{"UntilSuccess", -1, fmt.Errorf("%w: it needs %d successes", ErrTooFewTasks, s.policy.Rule.N)}
}
