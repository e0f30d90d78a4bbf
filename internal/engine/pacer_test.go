//go:build !explore

package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/internal/engine"
)

// A worker reads the clock so often that it yields in good time, and so seldom that short tasks do not pay for it.
func TestPacer(t *testing.T) {
	const us = time.Microsecond
	for _, tt := range []struct {
		why      string
		task     time.Duration // how long each takes
		readings []int         // tasks from one reading to the next
		yields   []int         // the readings that ask for one
		brisk    bool
	}{
		{"tasks that last nothing: as seldom as there may be", 100 * time.Nanosecond,
			[]int{8, 4, 8, 16, 32, 64, 64, 64, 64, 64, 64, 64, 64, 64}, []int{11}, true},
		{"10 to 20 µs apart", us, []int{8, 4, 8, 16, 16, 16, 16, 16, 16, 16}, []int{5, 9}, false},
		{"a bit less than 10 µs is too often", 2375 * time.Nanosecond, []int{8, 4, 8, 8, 8}, []int{4}, false},
		{"10 µs is not, and 50 µs is enough", 2500 * time.Nanosecond, []int{8, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, []int{5, 10}, false},
		{"49 µs is not", 49 * us / 16, []int{8, 4, 4, 4, 4, 4, 4}, []int{5}, false},
		{"20 µs is not too seldom", 5 * us, []int{8, 4, 4, 4, 4, 4, 4}, []int{3, 6}, false},
		{"a bit more than 20 µs is", 5200 * time.Nanosecond, []int{8, 4, 2, 2, 2, 2}, []int{4}, false},
		{"after each task, if it is long", time.Millisecond, []int{8, 4, 2, 1, 1, 1}, []int{1, 2, 3, 4, 5}, false},
	} {
		t.Run(tt.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := engine.NewPacer()
				var readings, yields []int
				for tasks := 0; len(readings) < len(tt.readings) && tasks < 1000; {
					time.Sleep(tt.task)
					tasks++
					if !p.Tick() {
						continue
					}
					if p.Read() {
						yields = append(yields, len(readings))
						p.Yielded()
					}
					readings = append(readings, tasks)
					tasks = 0
				}
				if diff := cmp.Diff(tt.readings, readings); diff != "" {
					t.Errorf("tasks between readings (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.yields, yields); diff != "" {
					t.Errorf("readings that ask for a yield (-want +got):\n%s", diff)
				}
				if p.IsBrisk() != tt.brisk {
					t.Errorf("brisk: %v, want %v", p.IsBrisk(), tt.brisk)
				}
			})
		})
	}
}
