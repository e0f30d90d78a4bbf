package group_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
)

// A program is one scope with all that happens in it. The library runs it, and a reference works out how it has to end.
// No two things in it may happen at the same moment.
type program struct {
	Rule           rule
	Filters        []string // see filterOf
	Panic          string   // Propagate, AsError or Crash
	Limit          int      // 0: none
	FirstError     bool
	Discard        bool
	CancelOnReturn bool
	Tasks          []plan // started by the body before anything else
	Body           plan   // what it does then
	Stop           happening
	TakeOut        happening // How is the index of the task to be cancelled
}

type rule struct {
	Kind string // FailFast, KeepGoing, Tolerate, UntilSuccess or StopWhen
	At   string // StopWhen: the Nth "end", "failure", "success" or "echo"
	N    int
}

// A happening comes from outside.
type happening struct {
	How string // "": never
	At  time.Duration
}

// A plan is what a task or the body does.
type plan struct {
	Work time.Duration
	End  string // what it makes of it, see made
	Deaf bool   // does not listen while it works
	// Of one that listens, when it is cancelled.
	CleanUp time.Duration
	Stopped string
}

// planned is a real error that says whose it is.
type planned struct {
	kind error
	who  int
}

func (e *planned) Error() string { return fmt.Sprint(e.kind, " ", e.who) }
func (e *planned) Unwrap() error { return e.kind }

func (p plan) fn(who int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		end := p.End
		if p.Deaf {
			time.Sleep(p.Work)
			return made(ctx, end, who)
		}
		select {
		case <-time.After(p.Work):
		case <-ctx.Done():
			time.Sleep(p.CleanUp)
			end = p.Stopped
		}
		return made(ctx, end, who)
	}
}

func made(ctx context.Context, end string, who int) (int, error) {
	switch end {
	case "boom":
		return 0, &planned{errBoom, who}
	case "other":
		return 0, &planned{errOther, who}
	case "stopped":
		return 0, &planned{errStopped, who}
	case "panic":
		panic(&planned{errBoom, who})
	case "goexit":
		return goexitingTask(ctx)
	case "joined":
		return 0, errors.Join(ctx.Err(), &planned{errOther, who})
	}
	if ctx.Err() != nil {
		switch end {
		case "echo":
			return 0, ctx.Err()
		case "cause":
			return 0, context.Cause(ctx)
		case "wrapped":
			return 0, fmt.Errorf("cleaning up: %w", errors.Join(ctx.Err(), context.Cause(ctx)))
		}
	}
	return who, nil
}

func filterOf(name string) group.Option {
	switch name {
	case "Ignore(boom)":
		return group.Ignore(errBoom)
	case "Ignore(mapped)":
		return group.Ignore(errMapped)
	case "IgnoreFunc(goexit)":
		return group.IgnoreFunc(func(err error) bool { return err == group.ErrGoexit })
	case "MapError(other)":
		return group.MapError(func(err error) error {
			if p := new(planned); errors.As(err, &p) && p.kind == errOther {
				return &planned{errMapped, p.who}
			}
			return err
		})
	case "Echo(stopped)":
		return group.Echo(isStopped)
	}
	panic(name)
}

func (r rule) option() group.Option {
	switch r.Kind {
	case "KeepGoing":
		return group.KeepGoing()
	case "Tolerate":
		return group.Tolerate(r.N)
	case "UntilSuccess":
		return group.UntilSuccess(r.N)
	case "StopWhen":
		return group.StopWhen(func() func(group.Completion) bool {
			seen := 0
			return func(c group.Completion) bool {
				if r.sees(c.Err != nil, c.Echo) {
					seen++
				}
				return seen == r.N
			}
		})
	}
	return group.FailFast()
}

// sees reports whether a completion is one of those that the rule of StopWhen counts.
func (r rule) sees(failed, echo bool) bool {
	switch r.At {
	case "failure":
		return failed && !echo
	case "success":
		return !failed
	case "echo":
		return echo
	}
	return true
}

func (p *program) options() []group.Option {
	opts := []group.Option{p.Rule.option()}
	for _, f := range p.Filters {
		opts = append(opts, filterOf(f))
	}
	switch p.Panic {
	case "AsError":
		opts = append(opts, group.PanicAsError())
	case "Crash":
		opts = append(opts, group.PanicCrash())
	}
	for _, o := range []struct {
		on  bool
		opt group.Option
	}{{p.FirstError, group.FirstError()}, {p.Discard, group.Discard()}, {p.CancelOnReturn, group.CancelOnReturn()}} {
		if o.on {
			opts = append(opts, o.opt)
		}
	}
	if p.Limit > 0 {
		opts = append(opts, group.Limit(p.Limit))
	}
	if p.Stop.How == "Timeout" {
		opts = append(opts, group.Timeout(p.Stop.At))
	}
	return opts
}

// A verdict is how a program ended, in texts.
type verdict struct {
	States   []string
	Values   []int
	Panic    string // whose comes out of Run
	Failures []string
}

// run runs the program, in a bubble.
func (p *program) run(t *testing.T) (v verdict) {
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	tasks := make([]*intTask, len(p.Tasks))
	var err error
	end := endOf(func() {
		v.Values, err = group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			for i, task := range p.Tasks {
				tasks[i] = g.Go(task.fn(i), group.Name(strconv.Itoa(i)))
			}
			if out := p.TakeOut; out.How != "" {
				i, _ := strconv.Atoi(out.How)
				time.AfterFunc(out.At, func() { tasks[i].Cancel(nil) })
			}
			switch p.Stop.How {
			case "Cancel":
				time.AfterFunc(p.Stop.At, func() { g.Cancel(errWhy) })
			case "Cancel(nil)":
				time.AfterFunc(p.Stop.At, func() { g.Cancel(nil) })
			case "parent":
				time.AfterFunc(p.Stop.At, func() { stop(errWhy) })
			}
			_, err := p.Body.fn(-1)(ctx)
			return err
		}, p.options()...)
	})
	failures := func(fs []*group.Failure) {
		for _, f := range fs {
			v.Failures = append(v.Failures, fmt.Sprintf("%s[%d]: %s", f.Name, f.Index, describe(f.Err)))
		}
	}
	switch x := end.Value.(type) {
	case nil:
		if err != nil {
			e := scopeError(t, err)
			failures(e.Failures)
		}
	case *group.PanicError:
		v.Panic = fmt.Sprintf("%s[%d]: %s", x.Name, x.Index, describe(x))
		failures(x.Failures)
	default:
		t.Errorf("Run %s with %v", end.How, x)
	}
	for _, task := range tasks {
		s := task.State().String()
		if s == "Failed" {
			s += ": " + describe(task.Err())
		}
		v.States = append(v.States, s)
	}
	v.Values = slices.Clip(v.Values)
	return v
}

func describe(err error) string {
	var own *planned
	var p *group.PanicError
	switch {
	case errors.As(err, &p):
		return fmt.Sprint("panic: ", p.Value)
	case errors.As(err, &own):
		return own.Error()
	case errors.Is(err, group.ErrGoexit):
		return "goexit"
	case errors.Is(err, group.ErrTooFewTasks):
		return "too few"
	case errors.Is(err, context.DeadlineExceeded):
		return "late"
	case errors.Is(err, errWhy):
		return "why"
	}
	return err.Error()
}
