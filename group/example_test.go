package group_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/creche-go/creche/group"
)

var errBusy = errors.New("busy")

// answer returns a task function with a value, refuse one with an error.
func answer(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

func refuse(err error) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return "", err }
}

// New is for a scope that does not end with a function. Whoever opens it has to wait.
func ExampleNew() {
	g := group.New[string](context.Background(), group.Limit(2))
	g.Go(answer("red"))
	g.Go(answer("green"))
	g.Go(answer("blue"))
	fmt.Println(g.Wait())
	// Output: [red green blue] <nil>
}

// Next takes tasks as they end. With a limit of one that is the order in which they were started.
func ExampleTaskGroup_Next() {
	ctx := context.Background()
	g := group.New[string](ctx, group.Limit(1), group.KeepGoing())
	g.Go(answer("one"))
	g.Go(refuse(errBusy))
	g.Go(answer("three"))
	for task, ok := g.Next(ctx); ok; task, ok = g.Next(ctx) {
		v, err := task.Result()
		fmt.Printf("%d %v %q %v\n", task.Index(), task.State(), v, err)
	}
	fmt.Println(g.Wait()) // all of it was taken
	// Output:
	// 0 Succeeded "one" <nil>
	// 1 Failed "" busy
	// 2 Succeeded "three" <nil>
	// [] <nil>
}

// TryGo is for work that may as well be left out.
func ExampleTaskGroup_TryGo() {
	g := group.New[string](context.Background(), group.Limit(1))
	free := make(chan bool)
	g.Go(func(context.Context) (string, error) { <-free; return "main", nil })
	if _, ok := g.TryGo(answer("extra")); !ok {
		fmt.Println("no room for extra work")
	}
	close(free)
	fmt.Println(g.Wait())
	// Output:
	// no room for extra work
	// [main] <nil>
}

// Tasks of other types belong to the scope as well. Their results are in their handles.
func ExampleGo() {
	var lines *group.Task[int]
	words, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(answer("hello"))
		lines = group.Go(g, func(context.Context) (int, error) { return 42, nil })
		return nil
	})
	n, _ := lines.Result()
	fmt.Println(words, n, err)
	// Output: [hello] 42 <nil>
}

// One task alone is cancelled through its handle. That is no failure of the scope.
func ExampleTask_Cancel() {
	g := group.New[string](context.Background())
	begun := make(chan bool)
	task := g.Go(func(ctx context.Context) (string, error) {
		close(begun)
		<-ctx.Done()
		fmt.Println("asked to end:", context.Cause(ctx))
		return "", ctx.Err()
	})
	<-begun
	task.Cancel(errors.New("nobody wants it any more"))
	_, err := g.Wait()
	fmt.Println(task.State(), err)
	// Output:
	// asked to end: nobody wants it any more
	// Canceled <nil>
}

// The error of a scope has every failure, with the name of its task.
func ExampleError() {
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(refuse(errBusy), group.Name("mirror"))
		g.Go(answer("here you are"))
		g.Go(refuse(errors.New("no such file")), group.Name("archive"))
		return nil
	}, group.KeepGoing(), group.Limit(1), group.Name("download"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, errBusy))
	var all *group.Error
	if errors.As(err, &all) {
		for _, f := range all.Failures {
			fmt.Println(f.Name, f.Index, f.Err)
		}
	}
	// Output:
	// group: scope "download": 2 failures
	// 	mirror[0]: busy
	// 	archive[2]: no such file
	// true
	// mirror 0 busy
	// archive 2 no such file
}

// Up to one failure is within the budget.
func ExampleTolerate() {
	vs, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(answer("a"))
		g.Go(refuse(errBusy))
		g.Go(answer("c"))
		return nil
	}, group.Tolerate(1))
	fmt.Println(vs, err)
	// Output: [a c] <nil>
}

// Two answers are enough, whichever come first.
func ExampleUntilSuccess() {
	vs, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(refuse(errBusy))
		g.Go(answer("b"))
		g.Go(answer("c"))
		g.Go(func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() })
		return nil
	}, group.UntilSuccess(2))
	fmt.Println(vs, err)
	// Output: [b c] <nil>
}

// A rule of one's own: stop when three tasks in a row have failed.
func ExampleStopWhen() {
	threeInARow := group.StopWhen(func() func(group.Completion) bool {
		row := 0
		return func(c group.Completion) bool {
			if c.Err == nil {
				row = 0
			} else if !c.Echo {
				row++
			}
			return row == 3
		}
	})
	ran := 0
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		for i := range 100 {
			g.Do(func(context.Context) error {
				ran++ // under Limit(1) tasks run one after the other
				if i%5 < 2 {
					return nil
				}
				return errBusy
			})
		}
		return nil
	}, threeInARow, group.Limit(1))
	fmt.Println(ran, errors.Is(err, errBusy))
	// Output: 5 true
}

// What is finished even if all else is cancelled.
func ExampleShield() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := group.Shield(ctx, 5*time.Second, func(ctx context.Context) error {
		fmt.Println("returning the lock:", ctx.Err())
		return nil
	})
	fmt.Println(ctx.Err(), err)
	// Output:
	// returning the lock: <nil>
	// context canceled <nil>
}

// A daemon lasts as long as the other tasks do.
func ExampleDaemon() {
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		ticks := make(chan int)
		g.Do(func(ctx context.Context) error {
			for {
				select {
				case n := <-ticks:
					fmt.Println("progress:", n, "%")
				case <-ctx.Done():
					return nil
				}
			}
		}, group.Daemon())
		g.Do(func(context.Context) error { ticks <- 50; ticks <- 100; return nil })
		return nil
	})
	fmt.Println(err)
	// Output:
	// progress: 50 %
	// progress: 100 %
	// <nil>
}

// A task that panics does so in the goroutine of the owner, or is a failure like another.
func ExamplePanicAsError() {
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(func(context.Context) (string, error) {
			var list []string
			return list[3], nil
		}, group.Name("lookup"))
		return nil
	}, group.PanicAsError())
	var p *group.PanicError
	if errors.As(err, &p) {
		fmt.Println(p.Name, "panicked:", p.Value)
	}
	// Output: lookup panicked: runtime error: index out of range [3] with length 0
}

// A time limit for one task, which says so itself.
func ExampleTimeout() {
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(func(ctx context.Context) (string, error) {
			<-ctx.Done() // a slow server
			return "", context.Cause(ctx)
		}, group.Name("server"), group.Timeout(time.Millisecond))
		return nil
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output:
	// group: task server timed out after 1ms
	// true
}

// An observer counts what becomes of the tasks of a scope and of those below it.
func ExampleObserve() {
	counts := map[group.State]int{}
	count := func(_ context.Context, e group.Event) context.Context {
		if e.Kind == group.TaskEnded {
			counts[e.State]++ // under Limit(1) one task at a time
		}
		return nil
	}
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		g.Go(answer("a"))
		g.Go(answer("b"))
		g.Go(refuse(errBusy))
		g.Go(answer("never asked for"))
		return nil
	}, group.Limit(1), group.Observe(count))
	fmt.Println(counts, err)
	// Output: map[Succeeded:2 Failed:1 NotStarted:1] busy
}

// Two scopes share four places. The inner one is opened by a task of the outer one, which lends its place as long as it waits.
func ExampleSharedLimit() {
	four := group.SharedLimit(group.NewLimiter(4))
	books, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[string]) error {
		for _, book := range []string{"iliad", "odyssey"} {
			g.Go(func(ctx context.Context) (string, error) {
				pages, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[string]) error {
					for page := range 3 {
						g.Go(answer(fmt.Sprint(book[:1], page+1)))
					}
					return nil
				}, four)
				return strings.Join(pages, " "), err
			})
		}
		return nil
	}, four)
	fmt.Println(strings.Join(books, ", "), err)
	// Output: i1 i2 i3, o1 o2 o3 <nil>
}

// A server is ready when it listens. Until then its failure is the caller's; afterwards it is the scope's.
func ExampleStart() {
	ctx := context.Background()
	g := group.New[string](ctx)
	addr, err := group.Start(ctx, g, func(ctx context.Context, ready func(string) bool) error {
		ready("127.0.0.1:8080") // it listens
		<-ctx.Done()            // and serves
		return nil
	})
	fmt.Println(addr, err)
	g.Cancel(nil)
	_, err = g.Wait()
	fmt.Println(err)
	// Output:
	// 127.0.0.1:8080 <nil>
	// <nil>
}
