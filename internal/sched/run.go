//go:build explore

package sched

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// running is the execution that is under way, or nil. It changes only while no goroutine of one runs.
var running *run

// run is one execution of a program under one schedule. Only one of its goroutines runs at a time; it has all of the fields below.
type run struct {
	bound   Bound
	threads []*thread
	current *thread
	path    []choice // what was chosen so far, and what to choose first
	at      int      // in path
	spent   int      // preemptions
	steps   int
	clock   int64
	tracing bool
	trace   []step
	failure string
	over    chan struct{}
}

// thread is one goroutine.
type thread struct {
	id     int
	resume chan struct{}
	waits  string      // for what, while it does
	ready  func() bool // whether it has come; nil if it can go on
	ended  bool
}

// step is an operation in a trace.
type step struct {
	thread int
	where  string
}

// choice is a place where several could go on. The first of them is what happens if nobody interferes.
type choice struct {
	of, taken int
	spent     int // preemptions before
	costs     bool
}

// start adds a goroutine, which begins when it is first chosen.
func (r *run) start(f func()) {
	t := &thread{id: len(r.threads), resume: make(chan struct{}, 1)}
	r.threads = append(r.threads, t)
	go func() {
		<-t.resume
		defer r.end(t)
		f()
	}()
}

// end lets others go on after the last step of t, however it has left.
func (r *run) end(t *thread) {
	if v := recover(); v != nil {
		stack := make([]byte, 4096)
		r.fail(fmt.Sprintf("panic: %v\n%s", v, stack[:runtime.Stack(stack, false)]))
	}
	t.ended, t.ready = true, func() bool { return false }
	if next := r.pick(r.others(), false); next != nil {
		r.current = next
		next.resume <- struct{}{}
		return
	}
	if slices.ContainsFunc(r.threads, func(t *thread) bool { return !t.ended }) {
		r.fail("deadlock: " + r.standing())
	}
	close(r.over)
}

// point is a place where another goroutine may go on instead.
func point() {
	if r := running; r != nil {
		r.point()
	}
}

func (r *run) point() {
	r.count()
	if r.bound.Preemptions > r.spent {
		r.switchTo(r.pick(append([]*thread{r.current}, r.others()...), true))
	}
}

// yield lets the next one go on that can. To go on oneself, or to let another go first, counts as a preemption.
func (r *run) yield() {
	r.count()
	r.switchTo(r.pick(append(r.others(), r.current), true))
}

// block waits until ready.
func (r *run) block(what string, ready func() bool) {
	if ready() {
		return
	}
	t := r.current
	t.waits, t.ready = what, ready
	next := r.pick(r.others(), false)
	if next == nil {
		r.fail("deadlock: " + r.standing())
	}
	r.switchTo(next)
	t.waits, t.ready = "", nil
}

// others returns who can go on beside the current one, in turn.
func (r *run) others() (ts []*thread) {
	n := len(r.threads)
	for i := 1; i < n; i++ {
		if t := r.threads[(r.current.id+i)%n]; t.ready == nil || t.ready() {
			ts = append(ts, t)
		}
	}
	return ts
}

func (r *run) pick(ts []*thread, costs bool) *thread {
	if len(ts) == 0 {
		return nil
	}
	return ts[r.choose(len(ts), costs)]
}

// choose returns which of n goes on. If it costs, all but the first are preemptions.
func (r *run) choose(n int, costs bool) int {
	if n == 1 || costs && r.spent >= r.bound.Preemptions {
		return 0
	}
	if r.at == len(r.path) {
		r.path = append(r.path, choice{of: n, spent: r.spent, costs: costs})
	}
	c := r.path[r.at]
	if c.of != n {
		panic(fmt.Sprintf("sched: the program does not do the same each time: %d could go on, now %d", c.of, n))
	}
	r.at++
	if costs && c.taken > 0 {
		r.spent++
	}
	return c.taken
}

func (r *run) switchTo(next *thread) {
	t := r.current
	if next == t {
		return
	}
	r.current = next
	next.resume <- struct{}{}
	<-t.resume
}

// count counts a step, and notes it when somebody wants to see the schedule.
func (r *run) count() {
	if r.steps++; r.steps > r.bound.Steps {
		r.fail(fmt.Sprintf("no end after %d steps: %s", r.bound.Steps, r.standing()))
	}
	if r.tracing {
		r.trace = append(r.trace, step{r.current.id, caller()})
	}
}

// caller returns the first line of the stack outside this package.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "/internal/sched.") {
			file := f.File[strings.LastIndexByte(f.File, '/')+1:]
			return fmt.Sprintf("%s:%d %s", file, f.Line, f.Function[strings.LastIndexByte(f.Function, '/')+1:])
		}
		if !more {
			return "?"
		}
	}
}

// standing tells who waits for what.
func (r *run) standing() string {
	var b strings.Builder
	for _, t := range r.threads {
		switch {
		case t.ended:
			fmt.Fprintf(&b, "\n\tgoroutine %d has ended", t.id)
		case t.ready == nil:
			fmt.Fprintf(&b, "\n\tgoroutine %d can go on", t.id)
		default:
			fmt.Fprintf(&b, "\n\tgoroutine %d waits for %s", t.id, t.waits)
		}
	}
	return b.String()
}

// fail ends the run where it is. Its goroutines are left: nobody wants anything of them any more.
func (r *run) fail(what string) {
	if r.failure == "" {
		r.failure = what
		close(r.over)
	}
	select {}
}
