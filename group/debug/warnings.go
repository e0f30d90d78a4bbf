package debug

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Warning is something that most likely is a mistake. There is at most one of a kind for a scope.
type Warning struct {
	Kind  string `json:"kind"`            // one of the constants below
	Scope int64  `json:"scope,omitempty"` // its ID
	Tasks []int  `json:"tasks,omitempty"` // their indexes
	Text  string `json:"text"`
}

// The kinds of warnings.
const (
	RunsOn     = "runsOn"     // a task runs although its scope was cancelled
	LeftOpen   = "leftOpen"   // a scope opened by New has had no task for as long as tasks are not warned of; see OlderThan
	Collected  = "collected"  // a scope opened by New was collected by the garbage collector: nobody has called Wait
	QueueGrows = "queueGrows" // more tasks wait for their turn than at an earlier look, at least a second ago
	Old        = "old"        // a task has been running for longer than OlderThan says
)

var gravity = []string{RunsOn, LeftOpen, Collected, QueueGrows, Old}

// sorted returns the warnings, the gravest first.
func (l *looker) sorted() []Warning {
	slices.SortStableFunc(l.warnings, func(a, b Warning) int {
		return cmp.Compare(slices.Index(gravity, a.Kind), slices.Index(gravity, b.Kind))
	})
	return append([]Warning{}, l.warnings...)
}

// warn looks for what is wrong with the scope s; latest is when its latest task began. A task with scopes below is waiting for those, and it
// is them that may be wrong.
func (l *looker) warn(n *node, s *Scope, below []*node, latest time.Duration) {
	cancelled := s.State != "open"
	seen, growth := n.history.update(reading{l.at, s.Counts.Queued, s.next()}, cancelled)
	if growth.to > 0 {
		text := fmt.Sprintf("the queue of %s grows: from %d to %d tasks within %v", s.title(), growth.from, growth.to, ageOf(growth.over))
		l.add(QueueGrows, s, nil, text)
	}
	if cancelled {
		l.warnOfRunningOn(s, s.running(below, 0), seen)
		return
	}
	if l.old == 0 {
		return
	}
	if idle := l.at - latest; idle > l.old && len(s.Tasks) == 0 && len(below) == 0 && !n.info.HasBody() {
		l.add(LeftOpen, s, nil, fmt.Sprintf("%s is open without tasks, and has had no new one for %v: does nobody call Wait?", s.title(), ageOf(idle)))
	}
	if running := s.running(below, l.old); len(running) > 0 {
		l.add(Old, s, running, fmt.Sprintf("running for more than %v in %s: %s", ageOf(l.old), s.title(), someOf(running)))
	}
}

// warnOfRunningOn warns of tasks of a scope that was cancelled, as was first seen at seen.
func (l *looker) warnOfRunningOn(s *Scope, tasks []Task, seen time.Duration) {
	if len(tasks) == 0 {
		return
	}
	since := ""
	if d := l.at - seen; d > 0 {
		since = fmt.Sprintf(", as it has been for %v at least", ageOf(d))
	}
	l.add(RunsOn, s, tasks, fmt.Sprintf("running on although %s is cancelled%s: %s", s.title(), since, someOf(tasks)))
}

func (l *looker) add(kind string, s *Scope, tasks []Task, text string) {
	w := Warning{Kind: kind, Scope: s.ID, Text: text}
	for _, t := range tasks {
		w.Tasks = append(w.Tasks, t.Index)
	}
	l.warnings = append(l.warnings, w)
}

func (l *looker) warnOfLost(x lost) {
	switch {
	case x.scopes == 1:
		l.warnings = append(l.warnings, Warning{Kind: Collected, Text: "nobody has waited for a " + x.last + ", which is no more"})
	case x.scopes > 1:
		l.warnings = append(l.warnings, Warning{Kind: Collected,
			Text: fmt.Sprintf("nobody has waited for %d scopes, which are no more; the last was the %s", x.scopes, x.last)})
	}
}

// foremost is how many warnings are shown to people.
const foremost = 20

// shownWarnings returns the warnings that are shown to people, who would not read hundreds, and how many there are besides.
func (t *Tree) shownWarnings() (list []Warning, more int) {
	n := min(foremost, len(t.Warnings))
	return t.Warnings[:n], len(t.Warnings) - n
}

// running returns the tasks that have been running for at least so long, and have no scopes below.
func (s *Scope) running(below []*node, d time.Duration) (list []Task) {
	owners := map[int]bool{}
	for _, n := range below {
		if t := n.owner(); t != nil {
			owners[t.Index()] = true
		}
	}
	for _, t := range s.Tasks {
		if t.State == "running" && t.Age >= ageOf(d) && !owners[t.Index] {
			list = append(list, t)
		}
	}
	return list
}

// next returns how many tasks were started, as far as that is known.
func (s *Scope) next() int {
	if len(s.Tasks) == 0 {
		return s.Counts.Succeeded + s.Counts.Failed + s.Counts.Cancelled + s.Counts.NotStarted
	}
	return s.Tasks[len(s.Tasks)-1].Index + 1
}

// title is how texts call the scope.
func (s *Scope) title() string {
	if s.Name == "" {
		return fmt.Sprintf("scope %d (%s)", s.ID, short(s.Opened))
	}
	return fmt.Sprintf("scope %d %q", s.ID, s.Name)
}

// someOf names a few tasks, the oldest first.
func someOf(tasks []Task) string {
	const few = 3
	oldest := slices.Clone(tasks)
	slices.SortStableFunc(oldest, func(a, b Task) int { return cmp.Compare(b.Age, a.Age) })
	var names []string
	for _, t := range oldest[:min(few, len(oldest))] {
		names = append(names, fmt.Sprintf("%s[%d] (%v)", printable(t.Name), t.Index, t.Age))
	}
	text := strings.Join(names, ", ")
	if more := len(tasks) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
