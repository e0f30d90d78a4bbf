//go:build race && !chained

package group_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"

	"github.com/creche-go/creche/group"
)

// racyPrograms have a data race between two tasks, which the detector has to see however the tasks happened to run: side by
// side, or the one long after the other on what would be the same goroutine.
var racyPrograms = map[string]func(x *int){
	"two tasks": func(x *int) {
		g := group.New[int](context.Background())
		for range 2 {
			g.Do(func(context.Context) error { countUp(x); return nil })
		}
		g.Wait()
	},
	"the second is started after the first has ended": func(x *int) {
		g := group.New[int](context.Background())
		g.Do(func(context.Context) error { *x++; return nil })
		letOthersRun()
		g.Do(func(context.Context) error { *x++; return nil })
		g.Wait()
	},
	"with values": func(x *int) {
		group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[int]) error {
			g.Go(func(context.Context) (int, error) { *x++; return *x, nil })
			letOthersRun()
			g.Go(func(context.Context) (int, error) { *x++; return *x, nil })
			return nil
		})
	},
	"of another type": func(x *int) {
		g := group.New[int](context.Background())
		group.Go(g, func(context.Context) (string, error) { *x++; return "", nil })
		letOthersRun()
		group.Go(g, func(context.Context) (string, error) { *x++; return "", nil })
		g.Wait()
	},
	"a task and the body": func(x *int) {
		g := group.New[int](context.Background())
		g.Do(func(context.Context) error { *x++; return nil })
		letOthersRun()
		*x++
		g.Wait()
	},
	"scopes without tasks, which share nothing": func(x *int) {
		var both sync.WaitGroup
		again := func() {
			g := group.New[int](context.Background())
			g.Wait()
			g.Wait()
		}
		both.Go(func() { *x++; again() })
		letOthersRun()
		both.Go(func() { again(); *x++ })
		both.Wait()
	},
	"under a limit": func(x *int) {
		g := group.New[int](context.Background(), group.Limit(2))
		for range 2 {
			g.Do(func(context.Context) error { countUp(x); return nil })
		}
		g.Wait()
	},
}

// countUp is many accesses, as the detector may miss two that come at the very same moment.
func countUp(x *int) {
	for range 10_000 {
		*x++
	}
}

// orderedPrograms have none: the library orders what they do, and the detector has to know.
var orderedPrograms = map[string]func(x *int){
	"task, then Wait": func(x *int) {
		g := group.New[int](context.Background())
		g.Do(func(context.Context) error { *x++; return nil })
		g.Wait()
		*x++
	},
	"task, then Next": func(x *int) {
		g := group.New[int](context.Background())
		g.Do(func(context.Context) error { *x++; return nil })
		g.Next(context.Background())
		*x++
		g.Wait()
	},
	"task, then its handle": func(x *int) {
		g := group.New[int](context.Background())
		h := g.Do(func(context.Context) error { *x++; return nil })
		for h.State() != group.Succeeded {
			runtime.Gosched()
		}
		*x++
		g.Wait()
	},
	"task, then a task that waits for it": func(x *int) {
		g := group.New[int](context.Background())
		h := g.Do(func(context.Context) error { *x++; return nil })
		g.Do(func(ctx context.Context) error { h.Wait(ctx); *x++; return nil })
		g.Wait()
	},
	"one after the other": func(x *int) {
		g := group.New[int](context.Background(), group.Limit(1))
		for range 100 {
			g.Do(func(context.Context) error { *x++; return nil })
		}
		g.Wait()
	},
}

// letOthersRun gives them ample time without ordering anything.
func letOthersRun() {
	for range 20_000 {
		runtime.Gosched()
	}
}

func TestL4_DataRacesBetweenTasksAreReported(t *testing.T) {
	if name := os.Getenv("CRECHE_RACY_PROGRAM"); name != "" {
		x := 0
		racyPrograms[name](&x)
		return
	}
	for name := range racyPrograms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^"+"TestL4_DataRacesBetweenTasksAreReported"+"$")
			cmd.Env = append(os.Environ(), "CRECHE_RACY_PROGRAM="+name, "GORACE=halt_on_error=0")
			out, err := cmd.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte("DATA RACE")) {
				t.Errorf("no race reported: %v\n%s", err, out)
			}
		})
	}
}

func TestL4_WhatTasksDidHappensBefore(t *testing.T) {
	for name, program := range orderedPrograms {
		t.Run(name, func(t *testing.T) {
			x := 0
			program(&x) // the detector fails the test if it sees a race
			if x < 2 {
				t.Errorf("x = %d, want at least 2", x)
			}
		})
	}
}
