package group_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Every task is a handle and every group a scope.
var (
	_ group.Handle = (*intTask)(nil)
	_ group.Scope  = (*intGroup)(nil)
)

// Many wait for one task; one of them gives up, which is nobody else's business.
func TestTask_ManyWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		task := g.Go(sleeping(time.Hour, 7))
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				for range 2 { // any number of times
					if v, err := task.Wait(context.Background()); v != 7 || err != nil {
						t.Errorf("a waiter gets %v, %v", v, err)
					}
				}
			})
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errWhy)
		defer cancel()
		start := time.Now()
		v, err := task.Wait(ctx)
		if v != 0 || !errors.Is(err, errWhy) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the impatient one gets %v, %v, want its own deadline and cause", v, err)
		}
		if d := time.Since(start); d != time.Minute {
			t.Errorf("the impatient one waited %v", d)
		}
		wantState(t, task, group.Running)
		wg.Wait()
		if v, err := task.Wait(ctx); v != 7 || err != nil {
			t.Errorf("a result is there, and an ended context gets %v, %v", v, err)
		}
		_, err = g.Wait()
		testutil.WantFailures(t, err)
	})
}

func TestMI06_ResultOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(2))
		good := g.Go(sleeping(time.Second, 7))
		bad := g.Go(func(context.Context) (int, error) { time.Sleep(time.Second); return 5, errBoom })
		queued := g.Go(value(8))
		for _, task := range []*intTask{good, bad, queued} {
			v, err := task.Result()
			if v != 0 || !errors.Is(err, group.ErrPending) || !errors.Is(task.Err(), group.ErrPending) {
				t.Errorf("before its end task %d gives %v, %v (Err: %v)", task.Index(), v, err, task.Err())
			}
			select {
			case <-task.Done():
				t.Errorf("before its end task %d is done", task.Index())
			default:
			}
		}
		_, err := g.Wait()
		testutil.WantFailures(t, err, entry{bad.Name(), 1, errBoom})
		if v, err := good.Result(); v != 7 || err != nil || good.Err() != nil {
			t.Errorf("the good one gives %v, %v", v, err)
		}
		if v, err := bad.Result(); err != errBoom || bad.Err() != errBoom {
			t.Errorf("the bad one gives %v, %v, want its very error", v, err)
		}
		<-queued.Done()
	})
}

func TestTask_States(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.PanicAsError(), group.Limit(4))
		tasks := []*intTask{
			g.Go(sleeping(time.Second, 1)), g.Go(failingAfter(time.Second, errBoom)), g.Go(obedient), g.Go(panickingTask),
			g.Go(goexitingTask), g.Go(sleeping(2*time.Second, 1)), g.Go(obedient), g.Go(value(1)),
		}
		states := func() string {
			synctest.Wait()
			var all []string
			for _, task := range tasks {
				all = append(all, task.State().String())
			}
			return strings.Join(all, " ")
		}
		if got, want := states(), "Running Running Running Failed Failed Running Queued Queued"; got != want {
			t.Errorf("at first: %s\nwant      %s", got, want)
		}
		tasks[7].Cancel(nil)
		time.Sleep(time.Second + tick)
		tasks[2].Cancel(nil)
		tasks[6].Cancel(errWhy)
		if got, want := states(), "Succeeded Failed Canceled Failed Failed Running Canceled NotStarted"; got != want {
			t.Errorf("then: %s\nwant  %s", got, want)
		}
		g.Wait()
		if got, want := states(), "Succeeded Failed Canceled Failed Failed Succeeded Canceled NotStarted"; got != want {
			t.Errorf("at last: %s\nwant     %s", got, want)
		}
	})
}

func TestCA23_CancelOfAFinishedTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(1))
		good, bad := g.Go(value(7)), g.Go(failing(errBoom), group.Name("bad"))
		queued := g.Go(value(8))
		queued.Cancel(errWhy)
		synctest.Wait()
		for _, task := range []*intTask{good, bad, queued} {
			before := task.State()
			if task.Cancel(errOther) {
				t.Errorf("Cancel of a task in state %v gives true", before)
			}
			wantState(t, task, before)
			if errors.Is(task.Err(), errOther) {
				t.Errorf("a late Cancel changed the error to %v", task.Err())
			}
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err, entry{"bad", 1, errBoom})
		testutil.WantValues(t, vs, 7)
	})
}

// It is settled at once, although the task before it goes on for an hour.
func TestTask_CancelOfAQueuedTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(1))
		g.Go(sleeping(time.Hour, 7))
		queued := g.Go(func(context.Context) (int, error) { t.Error("a cancelled task has begun"); return 0, nil })
		time.Sleep(tick)
		start := time.Now()
		if !queued.Cancel(errWhy) {
			t.Error("Cancel gives false")
		}
		wantState(t, queued, group.NotStarted)
		_, err := queued.Wait(t.Context())
		if !errors.Is(err, group.ErrNotStarted) || !errors.Is(err, errWhy) || time.Since(start) != 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

func TestTask_SiblingsDoNotNoticeATaskCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		one := g.Go(obedient)
		g.Go(func(ctx context.Context) (int, error) {
			select {
			case <-ctx.Done():
				return 0, fmt.Errorf("noticed: %w", ctx.Err())
			case <-time.After(time.Hour):
				return 7, nil
			}
		})
		time.Sleep(tick)
		one.Cancel(errWhy)
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}

// Submission order, whatever the order of completion; and only tasks that have a value.
func TestWait_ValuesInSubmissionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range 20 {
			g.Go(sleeping(time.Duration(20-i)*time.Second, i))
			g.Do(func(context.Context) error { return nil })
			group.Go(g, func(context.Context) (string, error) { return "x", nil })
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
	})
}

func namedTask(context.Context) (int, error) { return 0, errBoom }

func namedAction(context.Context) error { return errBoom }

func TestNE13_TaskNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(1))
		tasks := []*intTask{
			g.Go(namedTask),
			g.Do(namedAction),
			g.Go(namedTask, group.Name("custom")),
			g.Go(namedTask, group.Name("first"), group.Name("last one wins")),
			group.Go(g, namedTask),
			g.Go(func(context.Context) (int, error) { return 0, errBoom }),
		}
		want := []string{
			"group_test.namedTask", "group_test.namedAction", "custom", "last one wins", "group_test.namedTask",
			"group_test.TestNE13_TaskNames.func1.1",
		}
		_, err := g.Wait()
		for i, f := range testutil.ScopeError(t, err).Failures {
			if f.Name != want[i] || tasks[i].Name() != want[i] || f.Index != i || tasks[i].Index() != i {
				t.Errorf("task %d is %q, %d; its failure %q, %d; want %q", i, tasks[i].Name(), tasks[i].Index(), f.Name, f.Index, want[i])
			}
		}
	})
}

// The name of a task's function is looked up once, for observers who ask for it often.
func TestName_CostsNothingTheSecondTime(t *testing.T) {
	g := group.New[int](t.Context())
	a, b := g.Go(obedient), g.Go(value(1))
	g.Cancel(nil)
	g.Wait()
	names := [2]string{a.Name(), b.Name()}
	if names[0] == names[1] || names[0] != "group_test.obedient" {
		t.Errorf("the names are %q", names)
	}
	if n := testing.AllocsPerRun(100, func() { a.Name() }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
	if again := [2]string{a.Name(), b.Name()}; again != names {
		t.Errorf("%q were %q before", again, names)
	}
}

func TestIsDaemon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		daemons := []group.Handle{g.Go(obedient, group.Daemon()), group.Go(g, value("of another type"), group.Daemon())}
		others := []group.Handle{g.Go(value(1)), group.Go(g, value("x"), group.OwnGoroutine())}
		for range 2 { // while they run, and afterwards
			for _, h := range daemons {
				if !h.IsDaemon() {
					t.Errorf("%s is said not to be a daemon", h.Name())
				}
			}
			for _, h := range others {
				if h.IsDaemon() {
					t.Errorf("%s is said to be a daemon", h.Name())
				}
			}
			g.Wait()
		}
	})
}
