package group

import (
	"fmt"
	"strings"
	"time"

	"github.com/creche-go/creche/internal/policy"
)

// Option configures a scope. An option is a value without state: it may serve many scopes, also at the same time. It prints
// as the call that made it. Of options that exclude each other, such as two limits or two stop rules, the last one wins.
//
// The interface is sealed: options are made by the functions of this package.
type Option interface {
	fmt.Stringer
	applyScope(*policy.Scope)
}

// TaskOption configures one task. What is said of [Option] holds for it too.
type TaskOption interface {
	fmt.Stringer
	applyTask(*policy.Task)
}

// CommonOption is an option that serves scopes and tasks alike.
type CommonOption interface {
	Option
	TaskOption
}

// Options makes one option of many, applied in order.
func Options(list ...Option) Option {
	checkOptions(list)
	return optionList(append([]Option(nil), list...))
}

// Limit lets at most n ≥ 1 tasks of the scope run at once. The others wait in the order in which they were started with Go, which
// does not block. With Limit(1) tasks run one after the other, and each happens before the next.
func Limit(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("group: Limit needs n ≥ 1, got %d", n))
	}
	return limitOption(n)
}

// PanicPropagate makes a task's panic go on in the owner's goroutine, as a [*PanicError] thrown by Run or Wait, after the scope
// was cancelled and all tasks have ended. This is the default.
func PanicPropagate() Option { return panicOption(policy.Propagate) }

// PanicAsError makes a task's panic a failure of that task like another, with a [*PanicError] as its error.
func PanicAsError() Option { return panicOption(policy.AsError) }

// PanicCrash does not recover panics of tasks: one ends the process at once, with the stack of the task as it is at that
// moment, and with what other goroutines do in the crash report. Nobody sees the scope end before.
func PanicCrash() Option { return panicOption(policy.Crash) }

// Discard makes the scope keep no values, and of its failures only the first hundred and a count. It is for scopes that live
// long and start many tasks that nobody collects. Handles work as ever, except that a successful task's value is zero.
// Next panics on such a scope: there is nothing to take.
func Discard() Option { return discardOption{} }

// CancelOnReturn cancels what still runs as soon as the body of Run returns, or Wait is called, as Cancel(nil) does. The tasks are
// awaited after that: what they use must not be closed by a defer of the body.
func CancelOnReturn() Option { return cancelOnReturnOption{} }

// Name names a scope or a task, for errors and for those who look at it from outside. Without it, a task is named after its
// function. It panics if s is empty.
func Name(s string) CommonOption {
	if s == "" {
		panic(`group: Name needs a name, got ""`)
	}
	return nameOption(s)
}

// Timeout limits the time of a scope, counted from its opening, or of a task, counted from when it begins to run. When it is
// over the context ends with [context.DeadlineExceeded], and context.Cause tells whose time it was. Nothing is abandoned: the scope
// still awaits its tasks. It panics if d ≤ 0.
//
// A scope whose time is over reports that, if some task or the body did not succeed because of it. A task whose time is over
// has failed if it returns an error, as with any other error of its own: best context.Cause(ctx), which names the task and its time, where
// ctx.Err() says only that some deadline was exceeded. A task that does not look at its context is not disturbed.
func Timeout(d time.Duration) CommonOption {
	if d <= 0 {
		panic(fmt.Sprintf("group: Timeout needs d > 0, got %v", d))
	}
	return timeoutOption(d)
}

// OwnGoroutine gives the task a goroutine that runs no other task, before or after. Tasks usually share goroutines, one
// after the other. A task needs its own if it leaves something on its goroutine when it returns: a thread that it locked with
// [runtime.LockOSThread] and does not unlock, or profiler labels that it set and does not restore. (The labels of who calls Go reach the
// goroutines that are started by that, and so perhaps other tasks: who wants labels sets them in the task.) It may be worth it for a
// task with a very deep stack, which the goroutine keeps otherwise.
func OwnGoroutine() TaskOption { return ownGoroutineOption{} }

// Daemon makes the task one that the scope does not wait for: when the body and all other tasks have ended, the scope is cancelled, its
// daemons are awaited, and that they were cancelled is no failure. A daemon begins at once, whatever the limit, and does not count
// in it. Loops do not wait for daemons. What a daemon starts after it was cancelled never begins, and that is no failure either.
func Daemon() TaskOption { return daemonOption{} }

type (
	daemonOption         struct{}
	optionList           []Option
	limitOption          int
	panicOption          policy.Panic
	discardOption        struct{}
	cancelOnReturnOption struct{}
	nameOption           string
	timeoutOption        time.Duration
	ownGoroutineOption   struct{}
)

func (o optionList) applyScope(p *policy.Scope) {
	for _, x := range o {
		x.applyScope(p)
	}
}
func (o limitOption) applyScope(p *policy.Scope)        { p.Limit = int(o) }
func (o panicOption) applyScope(p *policy.Scope)        { p.Panic = policy.Panic(o) }
func (discardOption) applyScope(p *policy.Scope)        { p.Discard = true }
func (cancelOnReturnOption) applyScope(p *policy.Scope) { p.CancelOnReturn = true }
func (o nameOption) applyScope(p *policy.Scope)         { p.Name = string(o) }
func (o timeoutOption) applyScope(p *policy.Scope)      { p.Timeout = time.Duration(o) }
func (o nameOption) applyTask(p *policy.Task)           { p.Name = string(o) }
func (o timeoutOption) applyTask(p *policy.Task)        { p.Timeout = time.Duration(o) }
func (ownGoroutineOption) applyTask(p *policy.Task)     { p.OwnGoroutine = true }

func (o optionList) String() string {
	s := make([]string, len(o))
	for i, x := range o {
		s[i] = x.String()
	}
	return "group.Options(" + strings.Join(s, ", ") + ")"
}
func (o limitOption) String() string { return fmt.Sprintf("group.Limit(%d)", int(o)) }
func (o panicOption) String() string {
	return [...]string{
		policy.Propagate: "group.PanicPropagate()",
		policy.AsError:   "group.PanicAsError()",
		policy.Crash:     "group.PanicCrash()",
	}[o]
}
func (discardOption) String() string          { return "group.Discard()" }
func (cancelOnReturnOption) String() string   { return "group.CancelOnReturn()" }
func (o nameOption) String() string           { return fmt.Sprintf("group.Name(%q)", string(o)) }
func (o timeoutOption) String() string        { return fmt.Sprintf("group.Timeout(%v)", time.Duration(o)) }
func (daemonOption) applyTask(p *policy.Task) { p.Daemon = true }
func (daemonOption) String() string           { return "group.Daemon()" }
func (ownGoroutineOption) String() string     { return "group.OwnGoroutine()" }

func checkOptions[O comparable](list []O) {
	var none O
	for i, o := range list {
		if o == none {
			panic(fmt.Sprintf("group: option %d is nil", i))
		}
	}
}

func scopePolicy(opts []Option) (p policy.Scope) {
	checkOptions(opts)
	for _, o := range opts {
		o.applyScope(&p)
	}
	return p
}

func taskPolicy(opts []TaskOption) *policy.Task {
	checkOptions(opts)
	p := new(policy.Task)
	for _, o := range opts {
		o.applyTask(p)
	}
	return p
}
