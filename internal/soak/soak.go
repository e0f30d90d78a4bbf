package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// soak is one run.
type soak struct {
	seed   atomic.Uint64 // the next
	began  time.Time
	failed atomic.Bool

	programs, streams, tasks atomic.Int64
}

func (s *soak) violated(format string, args ...any) {
	s.failed.Store(true)
	fmt.Printf("VIOLATION: "+format+"\n", args...)
}

func (s *soak) progress() {
	fmt.Printf("%4.0f s: %d programs, %d tasks in %d streams, %v\n", time.Since(s.began).Seconds(), s.programs.Load(), s.tasks.Load(),
		s.streams.Load(), look())
}

// watch ends the process if nothing has come to an end for two minutes.
func (s *soak) watch() (stop func()) {
	stopped := make(chan struct{})
	go func() {
		for last := int64(-1); ; {
			select {
			case <-stopped:
				return
			case <-time.After(2 * time.Minute):
			}
			now := s.programs.Load() + s.streams.Load()
			if now == last {
				s.violated("nothing has ended for two minutes")
				pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
				os.Exit(1)
			}
			last = now
		}
	}()
	return func() { close(stopped) }
}

// A state is what the process has.
type state struct {
	heap, stacks uint64 // bytes in use
	goroutines   int
}

func (s state) String() string {
	return fmt.Sprintf("%.1f MB on the heap, %.1f MB of stacks, %d goroutines", float64(s.heap)/1e6, float64(s.stacks)/1e6, s.goroutines)
}

// look returns the state as it is, garbage and all.
func look() state {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return state{m.HeapAlloc, m.StackInuse, runtime.NumGoroutine()}
}

// measure returns the state when what has ended is gone: goroutines that are about to exit, and garbage. What is in a sync.Pool survives
// one collection, and the stacks of goroutines another.
func measure() state {
	for range 3 {
		time.Sleep(20 * time.Millisecond)
		runtime.GC()
	}
	return look()
}

// crowd is more goroutines than the work of one processor may have at a time.
const crowd = 10_000

// populate has n goroutines at a time. The runtime keeps the descriptor of each for ever, to use it again.
func populate(n int) {
	var all sync.WaitGroup
	all.Add(n)
	for range n {
		go func() {
			all.Done()
			all.Wait()
		}()
	}
	all.Wait()
}

// tolerance is how much more memory there may be at the end: what the runtime keeps for itself varies by a few hundred kilobytes.
const tolerance = 2 << 20

// spareStacks is the tolerance for stacks: of those that nobody uses the runtime keeps 32 kB of each of four sizes for each processor.
func spareStacks() uint64 { return uint64(tolerance + runtime.GOMAXPROCS(0)*4*32<<10) }

func (s *soak) compare(before, after state) {
	if after.goroutines > before.goroutines {
		s.violated("%d goroutines at the end, %d at the beginning", after.goroutines, before.goroutines)
		pprof.Lookup("goroutine").WriteTo(os.Stdout, 1)
	}
	if after.heap > before.heap+tolerance {
		s.violated("%d bytes on the heap at the end, %d at the beginning, the tolerance is %d", after.heap, before.heap, tolerance)
	}
	if after.stacks > before.stacks+spareStacks() {
		s.violated("%d bytes of stacks at the end, %d at the beginning, the tolerance is %d", after.stacks, before.stacks, spareStacks())
	}
}
