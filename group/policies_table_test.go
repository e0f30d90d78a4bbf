package group_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// planOf makes plans of their ends: "boom" ends so after a second, "deaf boom" too but does not listen; "value/echo" works for an
// hour and says the second thing if it is cancelled.
func planOf(ends ...string) (plans []plan) {
	for i, end := range ends {
		p := plan{Work: time.Second + time.Duration(i+1)*time.Millisecond, Stopped: "echo", CleanUp: time.Second + 1<<i}
		end, p.Deaf = strings.CutPrefix(end, "deaf ")
		if first, second, ok := strings.Cut(end, "/"); ok {
			end, p.Stopped, p.Work = first, second, time.Hour+time.Duration(i)
		}
		p.End = end
		plans = append(plans, p)
	}
	return plans
}

// What one scope may be told, in every combination.
var (
	tableRules = []rule{
		{Kind: "FailFast"}, {Kind: "KeepGoing"}, {Kind: "Tolerate", N: 1}, {Kind: "UntilSuccess", N: 2}, {Kind: "StopWhen", At: "failure", N: 2},
	}
	tableFilters = []string{"", "Ignore(boom)", "MapError(other)", "Echo(stopped)"}
	tablePanics  = []string{"Propagate", "AsError", "Crash"}
)

func TestE4_EveryCombinationOfPolicies(t *testing.T) {
	nothing := plan{Work: 1, End: "value"}
	in := func(d time.Duration, how string) happening { return happening{how, d + 5} }
	tests := []struct {
		name   string
		limit  int
		tasks  []string
		body   plan
		stop   happening
		reason string
	}{
		{"idle", 0, nil, nothing, happening{}, "no policy makes something of nothing, but for the goal"},
		{"all well", 1, []string{"value", "value", "value"}, nothing, happening{}, "a goal may leave some undone"},
		{"one fails", 1, []string{"value", "boom", "value", "value"}, nothing, happening{}, "who stops, and who goes on"},
		{"three fail", 1, []string{"other", "boom", "value", "stopped", "value"}, nothing, happening{}, "what a filter leaves is what a rule counts"},
		{"all fail", 1, []string{"boom", "other", "stopped", "goexit"}, nothing, happening{}, "a goal out of reach"},
		{"failures joined", 1, []string{"joined", "joined", "value"}, nothing, happening{}, "in a live scope there is no echo to take out"},
		{"cleaning up", 0, []string{"other", "value/echo", "value/cause", "value/wrapped", "value/joined", "value/stopped", "value/boom"}, nothing,
			happening{}, "one failure, and all that may come of it"},
		{"too late to stop", 0, []string{"boom", "deaf other", "deaf value", "deaf stopped", "deaf joined"}, nothing, happening{},
			"those that do not listen end as they would have"},
		{"panic", 1, []string{"other", "panic", "value", "value"}, nothing, happening{}, "stops every scope, unless it is an error"},
		{"two panics", 0, []string{"panic", "deaf panic", "value/other"}, nothing, happening{}, "the first comes out, the second is in it"},
		{"panic in cleaning up", 0, []string{"boom", "other", "value/panic", "value/echo"}, nothing, happening{}, "a scope that is over already"},
		{"goexit", 1, []string{"goexit", "value", "value"}, nothing, happening{}, "a failure like any"},
		{"Cancel", 0, []string{"boom", "value/echo", "value/other"}, nothing, in(2*time.Second, "Cancel"), "the cause is reported"},
		{"Cancel(nil)", 0, []string{"boom", "value/echo", "value/stopped"}, nothing, in(2*time.Second, "Cancel(nil)"), "a clean stop"},
		{"parent", 0, []string{"boom", "value/echo", "value/other"}, nothing, in(2*time.Second, "parent"), "somebody minded"},
		{"parent, nobody minds", 0, []string{"value/value", "value/value"}, nothing, in(time.Second, "parent"), "nothing was lost"},
		{"parent, some undone", 1, []string{"deaf value", "value", "value"}, nothing, in(tick, "parent"), "those that never began minded"},
		{"time", 0, []string{"value/echo", "value/value"}, nothing, in(2*time.Second, "Timeout"), "somebody minded"},
		{"body", 0, []string{"boom", "value/echo", "value/joined"}, plan{Work: 3 * time.Second, End: "other", Deaf: true}, happening{},
			"the body's failure stops every scope, and an ignored one none"},
		{"body, ignored", 0, []string{"value"}, plan{Work: 5, End: "boom"}, happening{}, "so the task goes on"},
		{"body, mapped", 0, []string{"value/echo"}, plan{Work: 5, End: "other"}, happening{}, "the body's is mapped too"},
		{"body's echo", 0, []string{"boom", "value/echo"}, plan{Work: time.Hour + 9, Stopped: "stopped", CleanUp: 9}, in(3*time.Second, "Cancel(nil)"),
			"a body has echoes of its own"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Log(tt.reason)
			ran, sure := 0, 0
			for i := range len(tableRules) * len(tableFilters) * len(tablePanics) * 2 {
				p := &program{Limit: tt.limit, Tasks: planOf(tt.tasks...), Body: tt.body, Stop: tt.stop}
				p.FirstError, i = i%2 == 1, i/2
				p.Rule, i = tableRules[i%len(tableRules)], i/len(tableRules)
				if f := tableFilters[i%len(tableFilters)]; f != "" {
					p.Filters = []string{f}
				}
				p.Panic = tablePanics[i/len(tableFilters)]
				if p.Panic == "Crash" && strings.Contains(fmt.Sprint(tt.tasks), "panic") {
					continue // the process would be gone
				}
				ran++
				if check(t, p, "program") {
					sure++
				}
				if t.Failed() {
					return
				}
			}
			if sure < ran*8/10 {
				t.Errorf("the reference was sure of %d of %d combinations: too few to mean much", sure, ran)
			}
		})
	}
}
