package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/creche-go/creche/group"
)

const legend = `timelines: . not begun   [ begins   = runs   ends: + succeeded, x failed, / cancelled`

// A row is what the timeline tells of one task. Its times are in units.
type row struct {
	name       string
	start, end int
	outcome    group.State
}

// watched adds a row for a task to the timeline. The function that it returns fills it in and calls fn.
//
// There is no lock: only the task writes to its row, and what a task did happens before the return of the Wait or Run that
// awaited it. So all is there when the act has ended.
func watched[T any](s *stage, name string, fn func(context.Context) (T, error)) func(context.Context) (T, error) {
	r := &row{name: name, outcome: group.NotStarted}
	s.rows = append(s.rows, r)
	return func(ctx context.Context) (T, error) {
		r.start, r.outcome = s.now(), group.Running
		v, err := fn(ctx)
		r.end = s.now()
		switch {
		case err == nil:
			r.outcome = group.Succeeded
		case ctx.Err() != nil && echoes(ctx, err):
			r.outcome = group.Canceled
		default:
			r.outcome = group.Failed
		}
		return v, err
	}
}

// echoes reports whether there is nothing in err but the cancellation of ctx. That is how the library tells a cancelled task from a
// failed one. Its own answer would be Task.State, but combinators keep their tasks to themselves.
func echoes(ctx context.Context, err error) bool {
	if err == context.Cause(ctx) || err == ctx.Err() {
		return true
	}
	switch wrapper := err.(type) {
	case interface{ Unwrap() error }:
		return echoes(ctx, wrapper.Unwrap())
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(wrapper.Unwrap(), func(err error) bool { return !echoes(ctx, err) })
	}
	return false
}

// step is the number of characters that a unit is wide.
const step = 4

// drawTimeline draws one row a task, below the numbers of the units.
func drawTimeline(w io.Writer, rows []*row) {
	names, last := 0, 0
	for _, r := range rows {
		names, last = max(names, len(r.name)), max(last, r.end)
	}
	var axis strings.Builder
	for t := range last + 1 {
		fmt.Fprintf(&axis, "%-*d", step, t)
	}
	fmt.Fprintf(w, "      %-*s  %s\n", names, "", strings.TrimRight(axis.String(), " "))
	for _, r := range rows {
		fmt.Fprintf(w, "      %-*s  %-*s  %s\n", names, r.name, last*step+1, r.bar(last), r.word())
	}
}

// bar draws a task, up to the end of the timeline if it has not begun before that.
func (r *row) bar(last int) string {
	if r.outcome == group.NotStarted {
		return strings.Repeat(".", last*step+1)
	}
	bar := strings.Repeat(".", r.start*step)
	if r.end > r.start { // otherwise its end is all that there is room for
		bar += "[" + strings.Repeat("=", (r.end-r.start)*step-1)
	}
	switch r.outcome {
	case group.Succeeded:
		return bar + "+"
	case group.Failed:
		return bar + "x"
	default:
		return bar + "/"
	}
}

func (r *row) word() string {
	switch r.outcome {
	case group.NotStarted:
		return "never started"
	case group.Canceled:
		return "cancelled"
	default:
		return strings.ToLower(r.outcome.String())
	}
}
