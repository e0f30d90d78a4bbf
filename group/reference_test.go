package group_test

import (
	"strconv"
	"time"
)

// A reference works out the verdict on a program one event after the other, by E1 to E5, S2 and P1, without a goroutine.
type reference struct {
	*program
	now       time.Duration
	tasks     []actor
	body      actor
	cancelled string // by what: "clean", "failure", "Cancel", "context", "Timeout", "body", "hopeless"; "": by nothing
	stopper   string // the failure that did it
	// The cancellation kept somebody from success. If it is not clear whether that is so, vague is set: an error that is real
	// may still have come of the cancellation.
	unfinished, vague bool
	failures          []string // of tasks
	bodyFailure       string
	panic             string
	successes, seen   int
	reached, ruled    bool
}

type actor struct {
	plan
	state string
	until time.Duration
	heard bool // its cancellation
	alone bool // was cancelled through its handle
}

func (r *reference) verdict() (v verdict, vague bool) {
	r.tasks = make([]actor, len(r.Tasks))
	for i, p := range r.Tasks {
		r.tasks[i] = actor{plan: p, state: "Queued"}
	}
	r.body = actor{plan: r.Body, state: "Running", until: r.Body.Work}
	r.fill()
	stop, out := r.Stop, r.TakeOut
	for r.step(&stop, &out) {
	}
	for i, a := range r.tasks {
		v.States = append(v.States, a.state)
		if a.state == "Succeeded" && !r.Discard && r.panic == "" {
			v.Values = append(v.Values, i)
		}
	}
	v.Panic, v.Failures = r.panic, r.report()
	return v, r.vague
}

// step lets the next thing happen; false if nothing is left that could.
func (r *reference) step(stop, out *happening) bool {
	next, act := time.Duration(-1), func() {}
	at := func(t time.Duration, f func()) {
		if next < 0 || t < next {
			next, act = t, f
		}
	}
	open := r.body.state == "Running"
	if open {
		at(r.body.until, r.endBody)
	}
	for i, a := range r.tasks {
		if a.state == "Running" {
			at(a.until, func() { r.end(i) })
			open = true
		}
	}
	if stop.How != "" {
		at(stop.At, func() { r.stop(stop.How); stop.How = "" })
	}
	if out.How != "" {
		at(out.At, func() { r.takeOut(out.How); out.How = "" })
	}
	if !open {
		return false
	}
	r.now = next
	act()
	return true
}

// fill starts what may start.
func (r *reference) fill() {
	running := 0
	for i := range r.tasks {
		if r.tasks[i].state == "Running" {
			running++
		}
	}
	for i := range r.tasks {
		if a := &r.tasks[i]; a.state == "Queued" && (r.Limit == 0 || running < r.Limit) {
			a.state, a.until = "Running", r.now+a.Work
			running++
		}
	}
}

func (r *reference) hear(a *actor) {
	if a.state == "Running" && !a.Deaf && !a.heard {
		a.heard, a.until = true, r.now+a.CleanUp
	}
}

func (r *reference) cancel(by, stopper string) {
	if r.cancelled != "" {
		return
	}
	r.cancelled, r.stopper = by, stopper
	r.hear(&r.body)
	for i := range r.tasks {
		a := &r.tasks[i]
		r.hear(a)
		if a.state == "Queued" {
			r.unfinished = true
			r.conclude(i, "NotStarted", "", true)
		}
	}
}

func (r *reference) stop(how string) {
	switch how {
	case "Cancel":
		r.cancel("Cancel", "Cancel[-1]: why")
	case "Cancel(nil)":
		r.cancel("clean", "")
	case "parent":
		r.cancel("context", "context[-1]: why")
	case "Timeout":
		r.cancel("Timeout", "Timeout[-1]: late")
	}
}

func (r *reference) takeOut(task string) {
	i, _ := strconv.Atoi(task)
	switch a := &r.tasks[i]; {
	case r.cancelled != "":
	case a.state == "Queued":
		r.conclude(i, "NotStarted", "", true)
	case a.state == "Running":
		a.alone = true
		r.hear(a)
	}
}
