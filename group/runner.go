package group

import (
	"errors"
	"runtime"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/policy"
)

// runner is a TaskGroup as the machine sees it: it runs the tasks of the group's type.
type runner[T any] TaskGroup[T]

// Run implements engine.Runner.
func (r *runner[T]) Run(n *engine.Node) { taskOf[T](n).run(&r.s) }

func (r *runner[T]) handleOf(n *engine.Node) Handle { return taskOf[T](n) }

// Refuse implements engine.Runner.
func (r *runner[T]) Refuse(n *engine.Node, c *engine.Cancellation) { taskOf[T](n).refuse(&r.s, c) }

// First implements engine.Host. The first few tasks lie beside the machine.
func (r *runner[T]) First() (*engine.Machine, *engine.Slab) {
	if tooLarge[T]() {
		return new(engine.Machine), new(slab1[T]).init()
	}
	f := r.first
	if f == nil {
		f = new(firstTasks[T])
	}
	return &f.machine, f.init()
}

// Grow implements engine.Host. The second slab is not yet a large one.
func (r *runner[T]) Grow(n int) *engine.Slab {
	switch {
	case tooLarge[T]():
		return new(slab1[T]).init()
	case n <= 4:
		return new(slab16[T]).init()
	}
	return new(slab64[T]).init()
}

// largeSlab is where slabs end: one handle, or one task that runs long, keeps its whole slab in memory.
const largeSlab = 16 << 10

func tooLarge[T any]() bool { return unsafe.Sizeof(slab64[T]{}) > largeSlab }

// firstTasks is what a scope needs once it has tasks.
type firstTasks[T any] struct {
	machine engine.Machine
	slab4[T]
}

// newFull allocates a group and its first tasks at once.
func newFull[T any]() *TaskGroup[T] {
	if tooLarge[T]() {
		return new(TaskGroup[T])
	}
	x := new(struct {
		g     TaskGroup[T]
		first firstTasks[T]
	})
	x.g.first = &x.first
	return &x.g
}

type (
	slab1[T any] struct {
		engine.Slab
		tasks [1]Task[T]
	}
	slab4[T any] struct {
		engine.Slab
		tasks [4]Task[T]
	}
	slab16[T any] struct {
		engine.Slab
		tasks [16]Task[T]
	}
	slab64[T any] struct {
		engine.Slab
		tasks [64]Task[T]
	}
)

func (s *slab1[T]) init() *engine.Slab  { return initSlab(&s.Slab, s.tasks[:]) }
func (s *slab4[T]) init() *engine.Slab  { return initSlab(&s.Slab, s.tasks[:]) }
func (s *slab16[T]) init() *engine.Slab { return initSlab(&s.Slab, s.tasks[:]) }
func (s *slab64[T]) init() *engine.Slab { return initSlab(&s.Slab, s.tasks[:]) }

func initSlab[T any](s *engine.Slab, tasks []Task[T]) *engine.Slab {
	s.Init(&tasks[0].node, unsafe.Sizeof(tasks[0]), len(tasks))
	return s
}

// foreignTask is a task in a scope of another type, and its own runner.
type foreignTask[U any] struct {
	slab engine.Slab
	task Task[U]
	s    *scope
}

// Run implements engine.Runner.
func (f *foreignTask[U]) Run(*engine.Node) { f.task.run(f.s) }

func (f *foreignTask[U]) handleOf(*engine.Node) Handle { return &f.task }

// Refuse implements engine.Runner.
func (f *foreignTask[U]) Refuse(_ *engine.Node, c *engine.Cancellation) { f.task.refuse(f.s, c) }

func (t *Task[T]) run(s *scope) {
	err := errLeft
	defer t.end(s, &err)
	ctx := t.node.Context()
	if s.heard.has(TaskStarted) {
		ctx = s.begin(t)
	}
	work := t.work
	t.work = nil // a handle keeps nothing that the function has captured
	if t.node.Has(engine.NoValue) {
		err = plain(work)(ctx)
		return
	}
	t.value, err = work(ctx)
}

// errLeft stands for the error of a function that did not return.
var errLeft = errors.New("group: the function did not return")

// end is deferred by run, so that it sees a panic and a Goexit too.
func (t *Task[T]) end(s *scope, errp *error) {
	err, how := *errp, returned
	if err == errLeft {
		switch {
		case s.policy.Panic != policy.Crash:
			how, err = t.left(recover())
		case goexiting():
			how, err = t.left(nil)
		default:
			t.node.Hold()
			return // the panic goes on, and ends the process
		}
	}
	t.finish(s, err, how)
}

// left returns the error of a task that did not return; v is what it panicked with, if it did.
func (t *Task[T]) left(v any) (leaving, error) {
	if v == nil {
		return exited, ErrGoexit
	}
	return panicked, newPanicError(t.Name(), t.Index(), v)
}

// finish takes the task to its end, with the error of its function.
func (t *Task[T]) finish(s *scope, err error, how leaving) {
	if s.heard.has(TaskEnded) {
		s.ledger().watcher.end(t)
	}
	if t.node.HasOpen() {
		how, err = s.leftOpen(t, err, how)
	}
	if err == nil && s.quiet {
		if s.heard.has(TaskEnded) {
			s.succeed(t)
		} else {
			t.node.End(engine.Succeeded, true)
		}
		return
	}
	if how == returned && !s.heard.has(TaskEnded) && s.isPlainEcho(&t.node, err) {
		t.node.SetNote(err)
		s.ledger().unfinish()
		t.node.End(engine.Canceled, !s.policy.Discard)
		return
	}
	o := &outcome{task: t, state: engine.Failed, err: err, how: how}
	if err == nil {
		o.state = engine.Succeeded
		if s.policy.Discard {
			var none T
			t.value = none
		}
	}
	s.settle(o)
}

// refuse ends a task that never began.
func (t *Task[T]) refuse(s *scope, c *engine.Cancellation) {
	t.work = nil
	err := &notStarted{engine.EndError(c.Err, c.Cause)}
	t.node.SetNote(err)
	if c == s.core.Canceled() {
		s.ledger().unfinish()
	}
	s.settle(&outcome{task: t, state: engine.NotStarted, err: err, echo: true})
}

// goexiting reports whether the deferred function that calls it, not from deep, was called by runtime.Goexit rather than by a panic.
// recover could tell too, but not without ending the panic.
func goexiting() bool { return whyDeferred() == "runtime.Goexit" }

// panicking is goexiting for a panic.
func panicking() bool { return whyDeferred() == "runtime.gopanic" }

// whyDeferred returns the function of the runtime that calls deferred functions, or "" if the function that deferred them does.
func whyDeferred() string {
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for more := true; more; {
		var f runtime.Frame
		switch f, more = frames.Next(); f.Function {
		case "runtime.Goexit", "runtime.gopanic":
			return f.Function
		}
	}
	return ""
}
