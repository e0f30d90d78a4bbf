package main

import (
	"strconv"
	"strings"
)

// A row is one case of the table and what it may cost.
type row struct {
	bench, variant, n string // n is how many tasks, or other units, an op has; the benchmark is BenchmarkBENCH/case=VARIANT/n=N/peer=…
	what              string

	// The budget is creche's share of what the reference takes. With no reference it is the amount itself.
	budget float64
	ref    string
	metric string // the unit of the benchmark's line; none is ns/op

	benchtime string // other than the usual: where one op takes long, or each gives but one sample
	apart     bool   // each peer in a process of its own
}

// rows has the budgets, and nothing else does. Of the chain of scopes, and of rules that are told of each success, nothing was promised: their
// budgets are what they cost, so that a change for the worse is seen.
var rows = []row{
	{bench: "Spawn", variant: "empty", n: "1", what: "1 empty task", budget: 1.2, ref: "errgroup"},
	{bench: "Spawn", variant: "empty", n: "10", what: "10 empty tasks", budget: 0.95, ref: "errgroup"},
	{bench: "Spawn", variant: "empty", n: "1000", what: "1,000 empty tasks", budget: 0.25, ref: "go"},
	{bench: "Spawn", variant: "empty", n: "100000", what: "100,000 empty tasks", budget: 0.25, ref: "go"},

	{bench: "Work", variant: "1us", n: "100000", what: "100,000 tasks of 1 µs", budget: 0.55, ref: "go", benchtime: "300ms"},
	{bench: "Work", variant: "10us", n: "10000", what: "10,000 tasks of 10 µs", budget: 0.95, ref: "go", benchtime: "300ms"},
	{bench: "Work", variant: "sleep1ms", n: "10000", what: "10,000 that sleep 1 ms", budget: 0.95, ref: "go", benchtime: "200ms"},
	{bench: "Work", variant: "gosched", n: "100000", what: "100,000 that Gosched", budget: 0.95, ref: "go", benchtime: "200ms"},

	{bench: "Results", variant: "int", n: "1000", what: "1,000 ordered results", budget: 0.35, ref: "go"},
	{bench: "Results", variant: "int", n: "100000", what: "100,000 ordered results", budget: 0.35, ref: "go"},

	{bench: "Limit", variant: "2", n: "100000", what: "100,000 empty, Limit(2)", budget: 0.20, ref: "errgroup", benchtime: "200ms"},
	{bench: "Limit", variant: "100", n: "100000", what: "100,000 empty, Limit(100)", budget: 0.20, ref: "errgroup", benchtime: "200ms"},

	{bench: "Loop", variant: "empty", n: "100000", what: "loop over 100,000 empty", budget: 0.38, ref: "go"},
	{bench: "Loop", variant: "1us", n: "100000", what: "loop over 100,000 of 1 µs", budget: 0.55, ref: "go", benchtime: "300ms"},
	{bench: "Loop", variant: "limit100", n: "100000", what: "loop over 100,000 empty, Limit(100)", budget: 0.36, ref: "errgroup", benchtime: "200ms"},

	{bench: "Handles", variant: "wait", n: "1000", what: "1,000 handles, waited for", budget: 0.35, ref: "go"},
	{bench: "Handles", variant: "wait", n: "10000", what: "10,000 handles, waited for", budget: 0.35, ref: "go"},
	{bench: "Window", variant: "16", n: "100000", what: "a window of 16 kept full", budget: 0.35, ref: "channel", benchtime: "200ms"},
	{bench: "WaitSet", variant: "next", n: "1000", what: "a set of 1,000, ns per task", budget: 1000, metric: "ns/task"},
	{bench: "WaitSet", variant: "next", n: "10000", what: "a set of 10,000, ns per task", budget: 1000, metric: "ns/task"},
	{bench: "WaitSet", variant: "next", n: "100000", what: "a set of 100,000, ns per task", budget: 1000, metric: "ns/task", benchtime: "200ms"},

	{bench: "Shared", variant: "one", n: "100000", what: "100,000 empty, SharedLimit of 100", budget: 1.5, ref: "limit", benchtime: "200ms"},
	{bench: "Shared", variant: "contended", n: "100000", what: "16 scopes under a limiter of 4", budget: 0.5, ref: "semaphore", benchtime: "200ms"},
	{bench: "Nested", variant: "idle", n: "10000", what: "100 × 100 nested scopes", budget: 0.35, ref: "context", benchtime: "200ms"},
	{bench: "Nested", variant: "blocked", n: "10000", what: "100 × 100, a task blocked on each", budget: 1.5, ref: "context", benchtime: "300ms"},

	{bench: "MapSlice", variant: "3ns", n: "1000000", what: "MapSlice, 1,000,000 × 3 ns", budget: 1.05, ref: "hand", benchtime: "200ms"},
	{bench: "MapSlice", variant: "98ns", n: "1000000", what: "MapSlice, 1,000,000 × 98 ns", budget: 1.05, ref: "hand", benchtime: "300ms"},
	{bench: "MapSlice", variant: "front", n: "100000", what: "MapSlice, front-heavy", budget: 0.55, ref: "hand", benchtime: "300ms"},
	{bench: "MapSlice", variant: "tail", n: "100000", what: "MapSlice, tail-heavy", budget: 0.55, ref: "hand", benchtime: "300ms"},
	{bench: "MapSlice", variant: "98ns", n: "1", what: "MapSlice, 1 element", budget: 2, ref: "serial"},
	{bench: "MapSlice", variant: "98ns", n: "16", what: "MapSlice, 16 elements", budget: 1, ref: "conc"},
	{bench: "MapSeq", variant: "empty", n: "100000", what: "Map over a sequence, empty", budget: 0.30, ref: "conc", benchtime: "200ms"},
	{bench: "ForEach", variant: "empty", n: "100000", what: "ForEach over a sequence, empty", budget: 1, ref: "hand", benchtime: "200ms"},

	{bench: "Context", variant: "block", n: "10000", what: "10,000 blocked on their ctx.Done", budget: 1.6, ref: "errgroup", benchtime: "200ms"},
	{bench: "Context", variant: "poll", n: "100000", what: "100,000 that poll their ctx.Done", budget: 1.6, ref: "errgroup", benchtime: "200ms"},
	{bench: "Cancel", variant: "blocked", n: "10000", what: "cancel 10,000 blocked tasks", budget: 1.1, ref: "errgroup", benchtime: "300ms"},
	{bench: "Chain", variant: "1000", n: "1000", what: "cancel a chain of 1,000 scopes", budget: 5, ref: "errgroup", benchtime: "200ms"},

	{bench: "Policy", variant: "three", n: "100000", what: "KeepGoing, Name and Ignore", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "failfast", n: "100000", what: "FailFast", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "keepgoing", n: "100000", what: "KeepGoing", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "tolerate", n: "100000", what: "Tolerate", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "untilsuccess", n: "100000", what: "UntilSuccess", budget: 3, ref: "plain"},
	{bench: "Policy", variant: "stopwhen", n: "100000", what: "StopWhen", budget: 4.5, ref: "plain"},
	{bench: "Policy", variant: "ignore", n: "100000", what: "Ignore", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "ignorefunc", n: "100000", what: "IgnoreFunc", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "maperror", n: "100000", what: "MapError", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "echo", n: "100000", what: "Echo", budget: 1.05, ref: "plain"},
	{bench: "Policy", variant: "firsterror", n: "100000", what: "FirstError", budget: 1.05, ref: "plain"},

	{bench: "Tree", variant: "empty", n: "10000", what: "the live tree, ns more per task", budget: 100, metric: "more-ns/task", benchtime: "300ms"},

	{bench: "Memory", variant: "blocked", n: "100000", what: "memory of a blocked task", budget: 1.05, ref: "go", metric: "B/task", benchtime: "1x", apart: true},
	{bench: "Fairness", variant: "1us", n: "100000", what: "a bystander's wake-up, p99", budget: 1.2, ref: "go", metric: "p99-ns", benchtime: "1s"},
	{bench: "Allocs", variant: "shared", n: "100000", what: "allocations per task", budget: 0.05, metric: "allocs/task", benchtime: "5x"},
}

// name is the benchmark's, less the peer.
func (r row) name() string { return r.bench + "/case=" + r.variant + "/n=" + r.n }

// pattern selects that benchmark and no other, for -test.bench.
func (r row) pattern() string {
	return "^Benchmark" + strings.ReplaceAll(r.name(), "/", "$/^") + "$"
}

// tasks is n as a number.
func (r row) tasks() int {
	n, err := strconv.Atoi(r.n)
	if err != nil {
		panic("bench: " + r.name() + " has no number of tasks")
	}
	return n
}

func (r row) unit() string {
	if r.metric == "" {
		return "ns/op"
	}
	return r.metric
}
