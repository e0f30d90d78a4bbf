package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

const year = 365 * 24 * time.Hour

// A scope is open for a simulated year. It runs a billion short tasks, which one loop takes as they end, and it has no more memory in the
// last month than in the first.
func TestYear(t *testing.T) {
	n := 2_000_000
	if *full {
		n = 1_000_000_000
	}
	synctest.Test(t, func(t *testing.T) {
		w := &longRun{t: t, tasks: n}
		began, before := time.Now(), measure()
		vs, err := group.Run(t.Context(), w.run, group.KeepGoing())
		took, after := time.Since(began), measure()
		if err != nil || len(vs) > 0 {
			t.Errorf("%d values and the error %v are left, although the loop took all", len(vs), err)
		}
		if w.begun != n || w.taken != n || w.failed != w.toFail || w.cancelled != w.toCancel || took < year || took > year+2*time.Hour {
			t.Errorf("%d of %d tasks were taken in %v; %d failed, not %d; %d were cancelled, not %d", w.taken, n, took, w.failed, w.toFail,
				w.cancelled, w.toCancel)
		}
		if after.goroutines > before.goroutines {
			t.Errorf("before %v, after %v", before, after)
		}
	})
}

// longRun is the run of a year. All of it is the goroutine of the body's.
type longRun struct {
	t     *testing.T
	tasks int
	g     *group.TaskGroup[bool]

	minutes, begun, taken int
	failed, toFail        int
	cancelled, toCancel   int
	first                 state // after the first month
}

const (
	minutes = int(year / time.Minute)
	month   = minutes / 12
)

// run starts some tasks in each minute. The value true is that of the task that ends with the minute.
func (w *longRun) run(_ context.Context, g *group.TaskGroup[bool]) error {
	w.g = g
	w.minute()
	for tick, err := range waitset.Results(g) {
		w.taken++
		switch {
		case errors.Is(err, errTask):
			w.failed++
		case errors.Is(err, errStop):
			w.cancelled++
		case err != nil:
			return err
		}
		if !tick {
			continue
		}
		if w.minutes%month == 0 {
			w.look()
		}
		if w.minutes < minutes {
			w.minute()
		}
	}
	return nil
}

func (w *longRun) minute() {
	w.minutes++
	w.start(func(context.Context) (bool, error) {
		time.Sleep(time.Minute)
		return true, nil
	})
	for w.begun < int(int64(w.tasks)*int64(w.minutes)/int64(minutes)) {
		switch i := w.begun; {
		case i%1009 == 0:
			w.toFail++
			w.start(failing)
		case i%2003 == 0:
			w.toCancel++
			w.start(waiting).Cancel(errStop)
		case i%4001 == 0:
			w.start(nested)
		case i%8009 == 0:
			w.start(func(context.Context) (bool, error) {
				time.Sleep(time.Duration(i) * time.Second % time.Hour)
				return false, nil
			})
		default:
			w.start(short)
		}
	}
}

func (w *longRun) start(f func(context.Context) (bool, error)) *group.Task[bool] {
	w.begun++
	return w.g.Go(f)
}

func short(context.Context) (bool, error)   { return false, nil }
func failing(context.Context) (bool, error) { return false, errTask }

func waiting(ctx context.Context) (bool, error) {
	<-ctx.Done()
	return false, context.Cause(ctx)
}

func nested(ctx context.Context) (bool, error) {
	_, err := group.Gather(ctx, short, short, short)
	return false, err
}

// look checks that memory is flat.
func (w *longRun) look() {
	now := measure()
	if w.minutes == month {
		w.first = now
	}
	w.t.Logf("%2d months, %d tasks: %v", w.minutes/month, w.taken, now)
	if now.heap > w.first.heap+tolerance || now.stacks > w.first.stacks+spareStacks() {
		w.t.Errorf("after %d months there are %v, and after the first there were %v", w.minutes/month, now, w.first)
	}
}
