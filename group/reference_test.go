package group_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// returned says what comes of an actor's end: the error as it is, what the filters leave of it, and whether it is an echo.
func (r *reference) returned(a *actor, who int) (raw, left string, echo bool) {
	kind := a.End
	if a.heard {
		kind = a.Stopped
	}
	over := r.cancelled != "" || a.alone
	switch kind {
	case "value":
		return "", "", false
	case "echo", "cause", "wrapped":
		return "", "", over
	case "joined":
		kind = "other"
	case "stopped":
		if over && slices.Contains(r.Filters, "Echo(stopped)") {
			return "", "", true
		}
	}
	name := func(kind string) string {
		switch kind {
		case "goexit":
			return kind
		case "panic":
			return fmt.Sprint("panic: boom ", who)
		}
		return fmt.Sprint(kind, " ", who)
	}
	raw = name(kind)
	if r.propagates(raw) {
		return raw, raw, false
	}
	if kind == "other" && slices.Contains(r.Filters, "MapError(other)") {
		kind = "mapped"
	}
	ignored := map[string]string{"boom": "Ignore(boom)", "panic": "Ignore(boom)", "mapped": "Ignore(mapped)", "goexit": "IgnoreFunc(goexit)"}
	if slices.Contains(r.Filters, ignored[kind]) {
		return raw, "", false
	}
	return raw, name(kind), false
}

func (r *reference) propagates(text string) bool {
	return r.Panic == "Propagate" && strings.HasPrefix(text, "panic: ")
}

func (r *reference) end(i int) {
	a := &r.tasks[i]
	raw, left, echo := r.returned(a, i)
	switch {
	case echo && r.cancelled != "":
		r.unfinished = r.unfinished || !a.alone
		r.vague = r.vague || a.alone
	case raw != "" && r.cancelled != "":
		r.vague = true
	}
	switch {
	case echo:
		r.conclude(i, "Canceled", "", true)
	case raw != "":
		if r.propagates(raw) && r.panic == "" {
			r.panic = fmt.Sprintf("%d[%d]: %s", i, i, raw)
		}
		r.conclude(i, "Failed: "+raw, left, false)
	default:
		r.conclude(i, "Succeeded", "", false)
	}
	if r.cancelled == "" {
		r.fill()
	}
}

// conclude is what the stop rule makes of an end.
func (r *reference) conclude(i int, state, left string, echo bool) {
	r.tasks[i].state = state
	stop := false
	if r.Rule.Kind == "StopWhen" && !r.ruled {
		if r.Rule.sees(left != "" || echo, echo) {
			r.seen++
		}
		stop = r.seen == r.Rule.N
		r.ruled = stop
	}
	switch {
	case left != "":
		f := fmt.Sprintf("%d[%d]: %s", i, i, left)
		r.failures = append(r.failures, f)
		kind := r.Rule.Kind
		if stop || r.propagates(left) || kind == "FailFast" || kind == "Tolerate" && len(r.failures) > r.Rule.N {
			r.cancel("failure", f)
		}
	case stop:
		r.cancel("clean", "")
	case state == "Succeeded":
		r.successes++
		if r.Rule.Kind == "UntilSuccess" && r.successes == r.Rule.N && r.cancelled == "" {
			r.reached = true
			r.cancel("clean", "")
		}
	}
	r.checkGoal()
}

func (r *reference) checkGoal() {
	left := 0
	for _, a := range r.tasks {
		if a.state == "Queued" || a.state == "Running" {
			left++
		}
	}
	if r.Rule.Kind == "UntilSuccess" && r.body.state != "Running" && r.successes+left < r.Rule.N {
		r.cancel("hopeless", "UntilSuccess[-1]: too few")
	}
}

func (r *reference) endBody() {
	raw, left, echo := r.returned(&r.body, -1)
	r.body.state = "Ended"
	switch {
	case echo:
		r.unfinished = true
	case raw != "":
		r.vague = r.vague || r.cancelled != ""
	}
	if left != "" {
		r.bodyFailure = "body[-1]: " + left
		r.cancel("body", r.bodyFailure)
	}
	if r.CancelOnReturn {
		r.cancel("clean", "")
	}
	r.checkGoal()
}

func (r *reference) report() (list []string) {
	var others []string
	late := r.cancelled == "context" || r.cancelled == "Timeout"
	r.vague = r.vague && late
	switch r.cancelled {
	case "Cancel":
		others = append(others, r.stopper)
	case "context", "Timeout":
		if r.unfinished {
			others = append(others, r.stopper)
			r.vague = false
		}
	}
	forgiven := r.Rule.Kind == "Tolerate" && len(r.failures) <= r.Rule.N && len(others) == 0 && r.bodyFailure == "" && r.panic == ""
	if !r.reached && !forgiven {
		list = append(list, r.failures...)
	}
	list = append(list, others...)
	if r.bodyFailure != "" {
		list = append(list, r.bodyFailure)
	}
	switch {
	case late && len(list) == 0 && r.Rule.Kind == "UntilSuccess" && r.successes < r.Rule.N:
		r.vague = true // all succeeded, and yet too few
	case r.panic != "":
		r.vague = r.vague || r.reached // whether a panic brings along what the goal has made good
		return slices.DeleteFunc(list, func(f string) bool { return f == r.panic })
	case r.cancelled == "hopeless" && len(list) == 0:
		list = append(list, r.stopper)
	case r.FirstError && len(list) > 0:
		if !slices.Contains(list, r.stopper) {
			return list[:1:1]
		}
		return []string{r.stopper}
	}
	return list
}
