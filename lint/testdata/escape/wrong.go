package escape

import (
	"context"

	"github.com/creche-go/creche/group"
)

var global *group.TaskGroup[int] // want `global has no scope`

var registry struct{ tasks *group.TaskGroup[int] }

var byName = map[string]*group.TaskGroup[int]{}

func intoAField(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		registry.tasks = g // want `registry.tasks keeps a group in a variable of the package`
		return nil
	})
	return err
}

func intoAMap(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		byName["one"] = g // want `byName\["one"\] keeps a group in a variable of the package`
		return nil
	})
	return err
}

func beyondRun(ctx context.Context) (*group.TaskGroup[int], error) {
	var kept *group.TaskGroup[int]
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		kept = g // want `kept keeps the group beyond the return of Run`
		return nil
	})
	return kept, err
}

type crew struct{ g *group.TaskGroup[int] }

func (c *crew) beyondRunInTheReceiver(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		c.g = g // want `c.g keeps the group beyond the return of Run`
		return nil
	})
	return err
}

func inASlice(ctx context.Context) ([]*group.TaskGroup[int], error) {
	var all []*group.TaskGroup[int]
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		all = append(all, g) // want `all keeps the group beyond the return of Run`
		return nil
	})
	return all, err
}

type hub struct{ tasks *group.TaskGroup[int] }

func newHub(ctx context.Context) *hub {
	return &hub{tasks: group.New[int](ctx)} // want `the field tasks keeps a group that nothing in the package waits for`
}

func (h *hub) start() { h.tasks.Do(func(context.Context) error { return nil }) }

func send(ctx context.Context, ch chan *group.TaskGroup[int]) error {
	g := group.New[int](ctx)
	ch <- g // want `a group is sent on a channel`
	_, err := g.Wait()
	return err
}

func goroutine(ctx context.Context) error {
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
		go func() {
			g.Do(func(context.Context) error { return nil }) // want `g is used by a goroutine outside of its scope`
		}()
		return nil
	})
	return err
}

func bareGo(ctx context.Context) error {
	g := group.New[int](ctx)
	go g.Do(func(context.Context) error { return nil }) // want `g is used by a goroutine outside of its scope`
	_, err := g.Wait()
	return err
}

func goroutineOfAnother(ctx context.Context) error {
	g := group.New[int](ctx)
	go feed(g) // want `g is used by a goroutine outside of its scope`
	_, err := g.Wait()
	return err
}

func goroutineOfAnotherType(ctx context.Context) error {
	g := group.New[int](ctx)
	go func() {
		group.Go(g, func(context.Context) (string, error) { return "", nil }) // want `g is used by a goroutine outside of its scope`
	}()
	_, err := g.Wait()
	return err
}

func feed(g *group.TaskGroup[int]) {
	g.Do(func(context.Context) error { return nil })
}
