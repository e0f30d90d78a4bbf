package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/creche-go/creche/group"
)

// groups has three groups of sleepers below one scope. One group is cancelled, and later all of them.
var groups = play(
	act{"Three groups below one scope: group 2 is cancelled at 5, all are at 9", threeGroups},
)

var (
	errNoisy   = errors.New("group 2 snores")
	errMorning = errors.New("it is morning")
)

// threeGroups cancels a scope, and then the one above it. Cancellation goes down, never up or sideways: that of group 2 leaves the
// other groups alone, and that of all reaches each of them.
func threeGroups(ctx context.Context, s *stage) {
	luck := rand.New(rand.NewPCG(1, 2)) // a fixed seed: each night is the same

	_, err := group.Run(ctx, func(ctx context.Context, all *group.TaskGroup[string]) error {
		// A scope that is opened with the context of another lies below it. There is no more to nesting than that.
		one := openGroup(ctx, s, 1, luck, 5)
		two := openGroup(ctx, s, 2, luck, 3)
		three := openGroup(ctx, s, 3, luck, 9, group.Limit(3)) // three beds for nine

		_ = s.sleep(ctx, 5) // whatever ends it early has cancelled everything
		two.scope.Cancel(errNoisy)
		two.report(s)

		_ = s.sleep(ctx, 4)
		all.Cancel(errMorning)
		one.report(s)
		three.report(s)
		return nil
	}, group.Name("all groups"))
	s.say("all groups: error %v", err)
}

// A dormitory is a group and the tasks that were started in it.
type dormitory struct {
	name     string
	scope    *group.TaskGroup[string]
	sleepers []*group.Task[string]
}

// openGroup opens a scope and starts n sleepers. They end at even times and are cancelled at odd ones, so that there are no ties.
//
// Whoever opens a scope with New has to call its Wait. Run cannot be left without that, but has one body for one scope, and here
// three are open side by side.
func openGroup(ctx context.Context, s *stage, number int, luck *rand.Rand, n int, opts ...group.Option) *dormitory {
	d := &dormitory{name: fmt.Sprint("group ", number)}
	d.scope = group.New[string](ctx, group.Name(d.name), group.Options(opts...))
	for i := range n {
		name := fmt.Sprintf("%d.%d", number, i+1)
		units := 2 + 2*luck.IntN(5)
		d.sleepers = append(d.sleepers, d.scope.Go(sleeper(s, name, units, name), group.Name(name)))
	}
	return d
}

// report waits for the group, and tells what became of each of its sleepers.
func (d *dormitory) report(s *stage) {
	slept, err := d.scope.Wait()
	became := map[group.State][]string{}
	for _, task := range d.sleepers {
		became[task.State()] = append(became[task.State()], task.Name())
	}
	s.say("%s: slept %v, woken %v, not in bed yet %v, error %v",
		d.name, slept, became[group.Canceled], became[group.NotStarted], err)
}
