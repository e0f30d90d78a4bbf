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
	"github.com/creche-go/creche/internal/testutil"
)

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
	end := testutil.EndOf(func() {
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
			e := testutil.ScopeError(t, err)
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
