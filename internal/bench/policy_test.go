package main

import (
	"context"
	"errors"
	"testing"

	"github.com/creche-go/creche/group"
)

// BenchmarkPolicy starts empty tasks that all succeed in a scope with options about failures, and compares it with one without. No peer
// has such options, so the reference is creche itself.
func BenchmarkPolicy(b *testing.B) {
	const n = 100_000
	benign := errors.New("benign")
	never := func(error) bool { return false }
	keep := func(err error) error { return err }
	for _, c := range []struct {
		variant string
		opts    []group.Option
	}{
		{"three", []group.Option{group.KeepGoing(), group.Name("scope"), group.Ignore(benign)}},
		{"failfast", []group.Option{group.FailFast()}},
		{"keepgoing", []group.Option{group.KeepGoing()}},
		{"tolerate", []group.Option{group.Tolerate(1)}},
		{"untilsuccess", []group.Option{group.UntilSuccess(n)}}, // the goal is met when all have run
		{"stopwhen", []group.Option{group.StopWhen(func() func(group.Completion) bool {
			return func(group.Completion) bool { return false }
		})}},
		{"ignore", []group.Option{group.Ignore(benign)}},
		{"ignorefunc", []group.Option{group.IgnoreFunc(never)}},
		{"maperror", []group.Option{group.MapError(keep)}},
		{"echo", []group.Option{group.Echo(never)}},
		{"firsterror", []group.Option{group.FirstError()}},
	} {
		compare(b, c.variant, n,
			peer{"plain", func(n int) { empties(n) }},
			peer{"creche", func(n int) { empties(n, c.opts...) }})
	}
}

// empties runs n empty tasks in a scope with these options.
func empties(n int, opts ...group.Option) {
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[struct{}]) error {
		for range n {
			g.Do(func(context.Context) error { return nil })
		}
		return nil
	}, opts...)
	must(err == nil)
}
