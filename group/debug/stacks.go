package debug

import (
	"bytes"
	"reflect"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
)

// A task costs nothing for its stack's sake. To set profiler labels for each would cost more than all else here. Instead, the profile tells
// which goroutine runs which task: the machine calls a method of the task, and the trace of a call has the address of its receiver.
// Where that is not certain a trace has a question mark behind it; then it is not used.

const library = "github.com/creche-go/creche/"

// calls are the methods by which the machine runs a task.
var calls = []string{library + "internal/engine.(*Node).run(", library + "internal/engine.(*Node).proceed("}

// locate finds where the running tasks are.
func (l *looker) locate() {
	at := make(map[uint64]place, len(l.running))
	for _, p := range l.running {
		at[uint64(reflect.ValueOf(p.task).Pointer())] = p
	}
	var profile bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&profile, 2)
	for trace := range bytes.SplitSeq(profile.Bytes(), []byte("\n\n")) {
		head, trace, _ := strings.Cut(string(trace), "\n")
		if p, ok := runs(trace, at); ok {
			l.tree.Scopes[p.scope].Tasks[p.item].Blocked = blocked(head, trace)
		}
	}
}

// runs returns the task that the goroutine runs.
func runs(trace string, at map[uint64]place) (place, bool) {
	for line := range strings.Lines(trace) {
		for _, call := range calls {
			if args, ok := strings.CutPrefix(line, call); ok {
				receiver, _, _ := strings.Cut(strings.TrimSuffix(args, ")\n"), ",")
				address, err := strconv.ParseUint(receiver, 0, 64)
				if p, ok := at[address]; err == nil && ok {
					return p, true
				}
			}
		}
	}
	return place{}, false
}

// blocked reads a trace: a line "goroutine 7 [chan receive, 2 minutes]:", and two for each call, the innermost first.
func blocked(head, trace string) *Blocked {
	_, on, _ := strings.Cut(head, "[")
	on, _, _ = strings.Cut(on, "]")
	on, _, _ = strings.Cut(on, ",")
	on = strings.TrimSuffix(on, " (durable)") // in a bubble of testing/synctest
	var function string
	for line := range strings.Lines(trace) {
		if place, ok := strings.CutPrefix(line, "\t"); ok {
			if isUsers(function) {
				place, _, _ = strings.Cut(strings.TrimSpace(place), " ")
				return &Blocked{Function: function, Line: place, On: on}
			}
			continue
		}
		function = line[:max(0, strings.LastIndexByte(line, '('))]
	}
	return nil
}

// isUsers reports whether a function belongs neither to the standard library nor to Creche.
func isUsers(function string) bool {
	if function == "" || strings.HasPrefix(function, "created by ") {
		return false
	}
	slash := strings.LastIndexByte(function, '/') + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	pkg := function[:slash] + name
	switch pkg {
	case library + "group", library + "iter", library + "waitset", library + "group/debug", library + "internal/engine", library + "internal/sched":
		return false
	case "main":
		return true
	}
	first, _, _ := strings.Cut(pkg, "/")
	return strings.Contains(first, ".") || strings.HasPrefix(pkg+"/", mainModule()+"/")
}

// mainModule returns the path of the program's module, which need not have a dot in it.
var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path != "" {
		return info.Main.Path
	}
	return "command-line-arguments"
})
