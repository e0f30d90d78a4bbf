package programs

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/creche-go/creche/group"
)

// An Option is one of package group, of a scope or of a task.
type Option struct {
	Name string
	N    int // its argument: a number, units of time, the number of a limiter, or what StopWhen counts
	M    int // StopWhen: how many of them
}

// What a rule of StopWhen counts.
var countable = []string{"end", "failure", "success"}

func countsAs(what int, c group.Completion) bool {
	switch countable[what] {
	case "failure":
		return c.Err != nil && !c.Echo
	case "success":
		return c.Err == nil
	}
	return true
}

// stopWhen is a rule that stops at the nth completion of a kind.
func stopWhen(what, nth int) func() func(group.Completion) bool {
	return func() func(group.Completion) bool {
		seen := 0
		return func(c group.Completion) bool {
			if countsAs(what, c) {
				seen++
			}
			return seen == nth
		}
	}
}

func isEchoing(err error) bool { return errors.Is(err, kinds[echoing]) }

func mapError(err error) error {
	if errors.Is(err, kinds[mappable]) {
		return fmt.Errorf("mapped: %w", err)
	}
	return err
}

func forget(err error) error {
	if errors.Is(err, kinds[forgettable]) {
		return nil
	}
	return err
}

// An optionMaker knows an option: what it is in Go, and how it is made.
type optionMaker struct {
	text  string // with one verb for each argument
	scope func(o Option, unit time.Duration) group.Option
	task  func(o Option, unit time.Duration) group.TaskOption
}

func plainOption(text string, opt func() group.Option) optionMaker {
	return optionMaker{text: text, scope: func(Option, time.Duration) group.Option { return opt() }}
}

func counted(text string, opt func(n int) group.Option) optionMaker {
	return optionMaker{text: text, scope: func(o Option, _ time.Duration) group.Option { return opt(o.N) }}
}

var optionMakers = map[string]optionMaker{
	"FailFast":       plainOption("group.FailFast()", group.FailFast),
	"KeepGoing":      plainOption("group.KeepGoing()", group.KeepGoing),
	"FirstError":     plainOption("group.FirstError()", group.FirstError),
	"PanicPropagate": plainOption("group.PanicPropagate()", group.PanicPropagate),
	"PanicAsError":   plainOption("group.PanicAsError()", group.PanicAsError),
	"PanicCrash":     plainOption("group.PanicCrash()", group.PanicCrash),
	"CancelOnReturn": plainOption("group.CancelOnReturn()", group.CancelOnReturn),
	"Discard":        plainOption("group.Discard()", group.Discard),
	"Ignore":         plainOption("group.Ignore(errIgnorable)", func() group.Option { return group.Ignore(kinds[ignorable]) }),
	"IgnoreFunc": plainOption("group.IgnoreFunc(isIgnorable)", func() group.Option {
		return group.IgnoreFunc(func(err error) bool { return errors.Is(err, kinds[ignorable]) })
	}),
	"MapError":     plainOption("group.MapError(mapError)", func() group.Option { return group.MapError(mapError) }),
	"Forget":       plainOption("group.MapError(forget)", func() group.Option { return group.MapError(forget) }),
	"Echo":         plainOption("group.Echo(isEchoing)", func() group.Option { return group.Echo(isEchoing) }),
	"Tolerate":     counted("group.Tolerate(%d)", group.Tolerate),
	"UntilSuccess": counted("group.UntilSuccess(%d)", group.UntilSuccess),
	"Limit":        counted("group.Limit(%d)", group.Limit),
	"Queue":        counted("group.Queue(%d)", group.Queue),
	"StopWhen": {text: "group.StopWhen(stopWhen(%d, %d))", scope: func(o Option, _ time.Duration) group.Option {
		return group.StopWhen(stopWhen(o.N, o.M))
	}},
	"OnStuck": {text: "group.OnStuck(%d*unit, func([]group.StuckTask) {})", scope: func(o Option, unit time.Duration) group.Option {
		return group.OnStuck(time.Duration(o.N)*unit, func([]group.StuckTask) {})
	}},
	"Timeout": {
		text:  "group.Timeout(%d * unit)",
		scope: func(o Option, unit time.Duration) group.Option { return group.Timeout(time.Duration(o.N) * unit) },
		task:  func(o Option, unit time.Duration) group.TaskOption { return group.Timeout(time.Duration(o.N) * unit) },
	},
	"Name": {
		text:  `group.Name("%d")`,
		scope: func(o Option, _ time.Duration) group.Option { return group.Name(fmt.Sprint(o.N)) },
		task:  func(o Option, _ time.Duration) group.TaskOption { return group.Name(fmt.Sprint(o.N)) },
	},
	"Weight": {text: "group.Weight(%d)", task: func(o Option, _ time.Duration) group.TaskOption { return group.Weight(o.N) }},
	"Daemon": {text: "group.Daemon()", task: func(Option, time.Duration) group.TaskOption { return group.Daemon() }},
	"OwnGoroutine": {text: "group.OwnGoroutine()", task: func(Option, time.Duration) group.TaskOption {
		return group.OwnGoroutine()
	}},
}

// These are made anew for each program.
const (
	sharedLimit = "SharedLimit"
	observe     = "Observe"
)

// text is the option in Go.
func (o Option) text() string {
	switch o.Name {
	case sharedLimit:
		return fmt.Sprintf("group.SharedLimit(l%d)", o.N)
	case observe:
		return fmt.Sprintf("group.Observe(observer(t, %v))", o.N > 0)
	}
	text := optionMakers[o.Name].text
	return fmt.Sprintf(text, []any{o.N, o.M}[:strings.Count(text, "%d")]...)
}

// made has the options that were made: one value serves all programs that run at a time, for options have no state (E4).
var made sync.Map

type optionKey struct {
	Option
	unit time.Duration
	task bool
}

func (r *runner) scopeOptions(s *Scope) []group.Option {
	var opts []group.Option
	for _, o := range s.Options {
		switch o.Name {
		case sharedLimit:
			opts = append(opts, group.SharedLimit(r.limiters[o.N]))
			continue
		case observe:
			opts = append(opts, group.Observe(r.observer(s.ID, o.N > 0)))
			continue
		}
		key := optionKey{o, r.Unit, false}
		v, ok := made.Load(key)
		if !ok {
			v, _ = made.LoadOrStore(key, optionMakers[o.Name].scope(o, r.Unit))
		}
		opts = append(opts, v.(group.Option))
	}
	return opts
}

func (r *runner) taskOptions(list []Option) []group.TaskOption {
	var opts []group.TaskOption
	for _, o := range list {
		key := optionKey{o, r.Unit, true}
		v, ok := made.Load(key)
		if !ok {
			v, _ = made.LoadOrStore(key, optionMakers[o.Name].task(o, r.Unit))
		}
		opts = append(opts, v.(group.TaskOption))
	}
	return opts
}
