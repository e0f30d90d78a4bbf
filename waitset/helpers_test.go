package waitset_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/creche-go/creche/group"
)

// Most tests need no more than numbers for values.
type (
	intGroup = group.TaskGroup[int]
	intTask  = group.Task[int]
	intFunc  = func(context.Context) (int, error)
)

var (
	errBoom = errors.New("boom")
	errWhy  = errors.New("why")
)

// tick is a moment of a bubble's fake time: long enough for everything that can go on to have gone on.
const tick = time.Millisecond

// after returns a function that gives v after d and does not listen to its context.
func after(d time.Duration, v int) intFunc {
	return func(context.Context) (int, error) {
		time.Sleep(d)
		return v, nil
	}
}

// failing returns a function that fails after d.
func failing(d time.Duration) intFunc {
	return func(context.Context) (int, error) {
		time.Sleep(d)
		return 0, errBoom
	}
}

// obedient waits for its cancellation and returns it.
func obedient(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// start starts the functions in a group of their own, which is awaited at the end of the test, whatever comes of it.
func start(t *testing.T, fns ...intFunc) []*intTask {
	g := group.New[int](t.Context(), group.KeepGoing())
	t.Cleanup(func() { g.Wait() })
	return startIn(g, fns...)
}

func startIn(g *intGroup, fns ...intFunc) (tasks []*intTask) {
	for _, fn := range fns {
		tasks = append(tasks, g.Go(fn, group.Name(strconv.Itoa(len(tasks)))))
	}
	return tasks
}

// seconds starts tasks that sleep that many seconds, and give them.
func seconds(t *testing.T, ds ...int) []*intTask {
	var fns []intFunc
	for _, d := range ds {
		fns = append(fns, after(time.Duration(d)*time.Second, d))
	}
	return start(t, fns...)
}

// names tells tasks by their names, which start makes of their indices.
func names[H group.Handle](hs []H) []string {
	var ns []string
	for _, h := range hs {
		ns = append(ns, h.Name())
	}
	return ns
}

// values returns the values of tasks.
func values(tasks []*intTask) []int {
	var vs []int
	for _, task := range tasks {
		v, _ := task.Result()
		vs = append(vs, v)
	}
	return vs
}

// theVery compares handles: a task is itself, whatever another looks like.
var theVery = cmp.Comparer(func(a, b group.Handle) bool { return a == b })

// want compares; nothing and an empty list are the same, errors are compared with errors.Is.
func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateErrors(), theVery); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// wantPartition compares the tasks in the answer of a Wait with indices: those that are done in order, and those pending.
func wantPartition[H group.Handle](t *testing.T, done, pending []H, wantDone, wantPending string) {
	t.Helper()
	want(t, "done", fmt.Sprint(names(done)), "["+wantDone+"]")
	want(t, "pending", fmt.Sprint(names(pending)), "["+wantPending+"]")
}

// sorted is for those whose order is chance.
func sorted[H group.Handle](hs []H) []H {
	slices.SortFunc(hs, func(a, b H) int { return a.Index() - b.Index() })
	return hs
}

// wantSince compares the time that has gone by.
func wantSince(t *testing.T, start time.Time, d time.Duration) {
	t.Helper()
	want(t, "time", time.Since(start), d)
}

// over returns a context that has ended because of errWhy.
func over(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(errWhy)
	return ctx
}
