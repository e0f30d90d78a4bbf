package group_test

import (
	"context"
	"errors"
	"fmt"
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
