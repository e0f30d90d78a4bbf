//go:build explore

package sched

import (
	"fmt"
	"strings"
	"testing"
)

// Bound says how much is tried.
type Bound struct {
	// Preemptions is how often at most a goroutine has to give way although it could go on.
	Preemptions int
	// Steps is after how many operations one run is taken for endless; 0 is 20,000.
	Steps int
	// Schedules is how many there may be; 0 is 5,000,000. A program with more fails: it should be smaller.
	Schedules int
}

// Explore calls program, which may start goroutines with Go, once for each schedule within the bound. What it returns is called at
// the end of each, when all goroutines have ended, and looks at the result; it may be nil. Fail ends a run. The program must do nothing that depends on
// anything but the schedule. Explore returns the number of schedules.
func Explore(t testing.TB, b Bound, program func() (check func())) int {
	t.Helper()
	if b.Steps == 0 {
		b.Steps = 20_000
	}
	if b.Schedules == 0 {
		b.Schedules = 5_000_000
	}
	var path []choice
	for n := 1; ; n++ {
		r := execute(b, path, false, program)
		if r.failure != "" {
			again := execute(b, r.path, true, program)
			t.Fatalf("schedule %d: %s\n%s", n, r.failure, again.story())
		}
		if path = next(r.path, b); path == nil {
			t.Logf("%d schedules with at most %d preemptions, the last of %d steps", n, b.Preemptions, r.steps)
			return n
		}
		if n == b.Schedules {
			t.Fatalf("more than %d schedules", n)
		}
	}
}

// Fail tells that the program is wrong.
func Fail(format string, args ...any) { running.fail(fmt.Sprintf(format, args...)) }

func execute(b Bound, path []choice, tracing bool, program func() (check func())) *run {
	r := &run{bound: b, path: path, tracing: tracing, over: make(chan struct{})}
	var check func()
	r.start(func() { check = program() })
	r.current = r.threads[0]
	running = r
	r.current.resume <- struct{}{}
	<-r.over
	running = nil
	if r.failure == "" && check != nil {
		running = &run{bound: Bound{Steps: b.Steps}, over: make(chan struct{})}
		checked := running
		checked.start(check)
		checked.current = checked.threads[0]
		checked.current.resume <- struct{}{}
		<-checked.over
		running = nil
		r.failure = checked.failure
	}
	return r
}

// next returns the path of the schedule that comes after: the last choice that can be taken another way is.
func next(path []choice, b Bound) []choice {
	for i := len(path) - 1; i >= 0; i-- {
		if c := path[i]; c.taken+1 < c.of && (!c.costs || c.spent < b.Preemptions) {
			after := append([]choice(nil), path[:i+1]...)
			after[i].taken++
			return after
		}
	}
	return nil
}

// story is the schedule, a line for each operation.
func (r *run) story() string {
	var b strings.Builder
	last := -1
	for _, s := range r.trace {
		if s.thread != last {
			fmt.Fprintf(&b, "goroutine %d\n", s.thread)
			last = s.thread
		}
		fmt.Fprintf(&b, "\t%s\n", s.where)
	}
	return b.String()
}
