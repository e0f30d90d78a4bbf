package group_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// crashVar asks the test binary to be the program that crashes, in the way that it names.
const crashVar = "GROUP_TEST_CRASH"

// slowToPrint is a panic value that gives other goroutines time while the program crashes.
type slowToPrint struct{}

func (slowToPrint) Error() string {
	for range 10_000 {
		runtime.Gosched()
	}
	return "boom"
}

func crashingTask(context.Context) (int, error) { panic(slowToPrint{}) }

// crashes are the goroutines that a panic may take away. Each function returns if nothing keeps it.
var crashes = map[string]func(g *intGroup){
	"task":    func(g *intGroup) { g.Go(crashingTask) },
	"own":     func(g *intGroup) { g.Go(crashingTask, group.OwnGoroutine()) },
	"daemon":  func(g *intGroup) { g.Go(crashingTask, group.Daemon()) },
	"foreign": func(g *intGroup) { group.Go(g, func(context.Context) (string, error) { panic(slowToPrint{}) }) },
	"tried":   func(g *intGroup) { g.TryGo(crashingTask) },
	"waited for": func(*intGroup) {
		inner := group.New[int](context.Background(), group.PanicCrash())
		inner.Go(crashingTask)
		inner.Wait()
	},
	"under a limiter":       func(*intGroup) { crashUnderLimiter(func(g *intGroup) { g.Go(crashingTask) }) },
	"tried under a limiter": func(*intGroup) { crashUnderLimiter(func(g *intGroup) { g.TryGo(crashingTask) }) },
	"adopted": func(g *intGroup) {
		group.Start(context.Background(), g, func(_ context.Context, ready func(int) bool) error {
			ready(1)
			panic(slowToPrint{})
		})
	},
	"slice":                 func(*intGroup) { crashSlice() },
	"slice under a limiter": func(*intGroup) { crashSlice(group.SharedLimit(group.NewLimiter(2))) },
	"map":                   func(*intGroup) { crashMap() },
	"map under a limiter":   func(*intGroup) { crashMap(group.SharedLimit(group.NewLimiter(2))) },
}

func crashUnderLimiter(start func(g *intGroup)) {
	group.Run(context.Background(), func(_ context.Context, g *intGroup) error {
		start(g)
		return nil
	}, group.SharedLimit(group.NewLimiter(1)), group.PanicCrash())
}

// crashSlice panics in the goroutine that is not the caller's: there nobody could recover it anyway.
func crashSlice(opts ...group.Option) {
	about := make(chan struct{})
	tell := sync.OnceFunc(func() { close(about) })
	iter.ForEachSlice(context.Background(), []int{0, 1}, func(context.Context, *int) error {
		if bytes.Contains(debug.Stack(), []byte("group_test.TestP1_PanicCrash")) {
			<-about
			return nil
		}
		tell()
		panic(slowToPrint{})
	}, append(opts, group.Limit(2), group.PanicCrash())...)
}

func crashMap(opts ...group.Option) {
	about := make(chan struct{})
	double := func(_ context.Context, n int) (int, error) {
		if n == 0 {
			<-about
			return 0, nil
		}
		close(about)
		panic(slowToPrint{})
	}
	for range iter.Map(context.Background(), slices.Values([]int{0, 1}), double, append(opts, group.Limit(2), group.PanicCrash())...) {
		break
	}
}

// A panic that nobody recovers ends the process before anybody sees the scope end (P1): the program would go on for a moment, and may end
// of itself as if it had succeeded.
func TestP1_PanicCrash(t *testing.T) {
	if way := os.Getenv(crashVar); way != "" {
		defer func() {
			if recover() != nil {
				os.Exit(0) // recovered: the parent sees a success
			}
		}()
		group.Run(context.Background(), func(_ context.Context, g *intGroup) error {
			crashes[way](g)
			return nil
		}, group.PanicCrash())
		os.Exit(0)
	}
	for way := range crashes {
		t.Run(way, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run=^TestP1_PanicCrash$")
			cmd.Env = append(os.Environ(), crashVar+"="+way)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 2 {
				t.Fatalf("the program ended with %v, want a crash:\n%s", err, out)
			}
			for _, want := range []string{"panic: ", "boom", "crash_test.go:"} {
				if !strings.Contains(string(out), want) {
					t.Errorf("the crash does not show %q:\n%s", want, out)
				}
			}
		})
	}
}
