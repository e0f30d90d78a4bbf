package policy

// Rule says when a scope stops.
type Rule struct {
	Kind Kind
	N    int                          // of Tolerate and UntilSuccess
	New  func() func(Completion) bool // of StopWhen
}

// Kind is a kind of rule.
type Kind uint8

// The kinds of rules. From UntilSuccess on, they have to know of successes.
const (
	FailFast Kind = iota
	KeepGoing
	Tolerate
	UntilSuccess
	StopWhen
)

// Completion is what a user's own rule is told of a task that has ended.
type Completion struct {
	Index int
	Name  string
	Err   error
	Echo  bool
}

// Run is what a rule remembers of one scope. Its user makes sure that its methods are called one at a time.
type Run struct {
	Failures  int
	successes int
	ended     int
	waiting   bool
}

// Fail counts a failure and reports whether the scope stops because of it.
func (r *Run) Fail(p *Scope, panicked bool) (stop bool) {
	r.Failures++
	switch {
	case panicked && p.Panic == Propagate:
		return true
	case p.Rule.Kind == FailFast:
		return true
	case p.Rule.Kind == Tolerate:
		return r.Failures > p.Rule.N
	}
	return false
}

// End counts a task that has ended, and reports whether it was the success that reached the goal.
func (r *Run) End(p *Scope, success bool) (reached bool) {
	r.ended++
	if !success {
		return false
	}
	r.successes++
	return p.Rule.Kind == UntilSuccess && r.successes == p.Rule.N
}

// Reached reports whether the goal was reached, whatever else ended the scope.
func (r *Run) Reached(p *Scope) bool { return r.successes >= p.Rule.N }

// Wait notes that nobody but running tasks will start tasks from now on.
func (r *Run) Wait() { r.waiting = true }

// Hopeless reports whether the goal can no longer be reached by the tasks there are, submitted of which have been started.
func (r *Run) Hopeless(p *Scope, submitted int) bool {
	return p.Rule.Kind == UntilSuccess && r.waiting && r.successes+submitted-r.ended < p.Rule.N
}

// Forgiven reports whether the failures of tasks, taken alone, are within what the rule allows.
func (r *Run) Forgiven(p *Scope) bool { return p.Rule.Kind == Tolerate && r.Failures <= p.Rule.N }
