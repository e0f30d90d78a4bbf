package debug

import (
	"fmt"
	"time"
)

// Tree is what there is at one moment. Encoded as JSON it is what [Dump] and [Handler] give as [JSON]; fields are added to that format, but
// none is renamed or removed.
type Tree struct {
	Time     time.Time `json:"time"`
	Counts   Counts    `json:"counts"`   // of all scopes
	Warnings []Warning `json:"warnings"` // the gravest kind first
	Scopes   []Scope   `json:"scopes"`   // each after the one that it was opened in
}

// Scope is a scope that has not ended.
type Scope struct {
	ID     int64  `json:"id"`               // counts the scopes that were ever in the tree, from 1
	Parent int64  `json:"parent,omitempty"` // the scope in which it was opened, if that is in the tree
	Task   *int   `json:"task,omitempty"`   // the index of the parent's task within which it was opened, if it was in a task
	Name   string `json:"name"`
	Opened string `json:"opened"` // file:line; for Run, where its body begins
	Age    Age    `json:"age"`
	State  string `json:"state"` // "open" or "cancelled"
	Cause  string `json:"cause,omitempty"`
	Counts Counts `json:"counts"`
	Tasks  []Task `json:"tasks"` // that have not ended, by index
}

// Task is a task that has not ended.
type Task struct {
	Name    string   `json:"name"`
	Index   int      `json:"index"`
	Age     Age      `json:"age"`               // since it began or, if it did not, since it was queued
	State   string   `json:"state"`             // "queued" or "running"
	Blocked *Blocked `json:"blocked,omitempty"` // with Stacks, of a task that runs
}

// Blocked tells where a task is: its innermost function that belongs neither to the standard library nor to Creche.
type Blocked struct {
	Function string `json:"function"`
	Line     string `json:"line"` // file:line
	On       string `json:"on"`   // what the goroutine waits for, in the words of the runtime, such as "chan receive"; or "running"
}

// Counts has the number of tasks in each state.
type Counts struct {
	Queued     int `json:"queued"`
	Running    int `json:"running"`
	Succeeded  int `json:"succeeded"`
	Failed     int `json:"failed"`
	Cancelled  int `json:"cancelled"`
	NotStarted int `json:"notStarted"`
}

func (c *Counts) add(d Counts) {
	c.Queued += d.Queued
	c.Running += d.Running
	c.Succeeded += d.Succeeded
	c.Failed += d.Failed
	c.Cancelled += d.Cancelled
	c.NotStarted += d.NotStarted
}

// states yields the counts that are not 0 under their names, those of living tasks first.
func (c Counts) states(yield func(name string, n int) bool) {
	for _, s := range []struct {
		name string
		n    int
	}{
		{"running", c.Running}, {"queued", c.Queued}, {"succeeded", c.Succeeded}, {"failed", c.Failed}, {"cancelled", c.Cancelled},
		{"not started", c.NotStarted},
	} {
		if s.n > 0 && !yield(s.name, s.n) {
			return
		}
	}
}

// Age is a length of time in seconds.
type Age float64

func ageOf(d time.Duration) Age { return Age(max(0, d).Seconds()) }

// String rounds it to what a reader can take in.
func (a Age) String() string {
	d := time.Duration(float64(a) * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d/time.Minute%60)
	}
	return fmt.Sprintf("%dd%02dh", d/(24*time.Hour), d/time.Hour%24)
}
