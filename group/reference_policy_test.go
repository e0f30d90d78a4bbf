package group_test

import (
	"fmt"
	"slices"
	"strings"
)

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
