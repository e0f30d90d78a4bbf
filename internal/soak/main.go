// Command soak runs Creche for a long time on the real clock, and looks for what breaks a law, hangs or stays behind.
//
// Some goroutines run random programs (see internal/programs), and others streams: scopes with up to a million tasks, loops over them,
// nested scopes, shared limiters and cancellation at random, each of which knows what has to come of it. A line tells every ten seconds
// how far it is. At the end, when everything has been waited for, there must be as many goroutines as before, and no more memory than
// the tolerance allows. It exits with status 1 if something is wrong, and prints what, with the program as Go source.
//
//	go run -C internal/soak . -for 10m
//	go run -C internal/soak -race . -for 10m
//
// Its tests go to the limits: tasks that are blocked at the same time, scopes that are open side by side, and a scope that is open for a
// simulated year. With -full those are a million tasks, ten thousand scopes, and a billion tasks in the year.
//
//	go test -C internal/soak -full -timeout 1h
//	GOGC=1 go test -C internal/soak -cpu 1,2,8,64 -gcflags all=-d=checkptr
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

func main() {
	long := flag.Duration("for", time.Minute, "how long to run")
	procs := flag.Int("procs", 0, "GOMAXPROCS; 0 leaves it as it is")
	gogc := flag.Int("gogc", 100, "GOGC; low values collect more often")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "the first seed; each program has the next")
	flag.Parse()
	if flag.NArg() > 0 || *long <= 0 || *procs < 0 || *gogc < 1 {
		fmt.Fprintln(os.Stderr, "soak: needs a time above 0, procs of 0 or more, gogc of 1 or more, and no arguments")
		flag.Usage()
		os.Exit(2)
	}
	if *procs > 0 {
		runtime.GOMAXPROCS(*procs)
	}
	debug.SetGCPercent(*gogc)
	fmt.Printf("%s, GOMAXPROCS=%d, GOGC=%d, -seed=%d\n", runtime.Version(), runtime.GOMAXPROCS(0), *gogc, *seed)
	s := &soak{}
	s.seed.Store(*seed)
	if !s.run(*long) {
		os.Exit(1)
	}
}

// run runs everything for the time d, and reports whether all is well.
func (s *soak) run(d time.Duration) bool {
	// What is made once and stays, such as options that programs share, is not to be taken for a leak: a short run comes first.
	populate(crowd * runtime.GOMAXPROCS(0))
	s.everything(min(d/5, 5*time.Second))
	before := measure()
	fmt.Printf("begins with %v\n", before)
	s.began = time.Now()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.everything(d)
	}()
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-ticker.C:
			s.progress()
		}
	}
	after := measure()
	s.compare(before, after)
	fmt.Printf("%d programs, %d tasks in %d streams, ends with %v\n", s.programs.Load(), s.tasks.Load(), s.streams.Load(), after)
	if s.failed.Load() {
		fmt.Println("FAILED")
		return false
	}
	fmt.Println("ok")
	return true
}

// everything runs programs and streams, two goroutines of each kind for each processor, and waits for them.
func (s *soak) everything(d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	defer s.watch()()
	var all sync.WaitGroup // not one of ours
	for range runtime.GOMAXPROCS(0) {
		for _, work := range []func(context.Context){s.runPrograms, s.runPrograms, s.runStreams} {
			all.Add(1)
			go func() {
				defer all.Done()
				work(ctx)
			}()
		}
	}
	all.Add(1)
	go func() {
		defer all.Done()
		s.runForever(ctx)
	}()
	all.Wait()
}
