//go:build race && !chained

package engine

import (
	"runtime"
	"unsafe"
)

// With the race detector (but for the build tag chained, by which the machine that others get is tested) each task has a goroutine of its own: tasks that run one after the other on one goroutine would look
// ordered to it, and races between them would stay hidden. For the same reason the count of live goroutines, which every task
// touches at both its ends, is kept out of its sight; what really orders tasks and those who join them is told to it here, under
// the address of words that are not used atomically, which would order more.
const raceEnabled = true

func raceAcquire[T any](p *T)      { runtime.RaceAcquire(unsafe.Pointer(p)) }
func raceReleaseMerge[T any](p *T) { runtime.RaceReleaseMerge(unsafe.Pointer(p)) }

// raceHide keeps what this goroutine does with the count of live goroutines out of the detector's sight, until raceShow. With a
// limit of 1 it stays in sight: there the tasks are ordered.
func (s *Machine) raceHide() {
	if s.limit != 1 {
		runtime.RaceDisable()
	}
}

func (s *Machine) raceShow() {
	if s.limit != 1 {
		runtime.RaceEnable()
	}
}
