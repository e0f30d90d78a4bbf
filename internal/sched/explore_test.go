//go:build explore

package sched_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/creche-go/creche/internal/sched"
)

type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Fatalf(format string, args ...any) {
	r.said = fmt.Sprintf(format, args...)
	panic(r) // ends the goroutine
}

// Two goroutines of three operations each can take turns in 20 ways. With fewer preemptions there are fewer, and none comes twice.
func TestExplore_HasEverySchedule(t *testing.T) {
	for preemptions, want := range []int{2, 6, 14, 18, 20, 20} {
		seen := map[string]bool{}
		n := sched.Explore(t, sched.Bound{Preemptions: preemptions}, func() func() {
			var order []string
			var word sched.Int32
			go3 := func(name string) func() {
				return func() {
					for range 3 {
						word.Add(1)
						order = append(order, name)
					}
				}
			}
			sched.Go(go3("a"))
			sched.Go(go3("b"))
			return func() { seen[strings.Join(order, "")] = true }
		})
		if got := len(seen); got != want {
			t.Errorf("%d orders with %d preemptions, in %d schedules, want %d", got, preemptions, n, want)
		}
	}
}

// The mistakes that an exploration is for.
func TestExplore_Finds(t *testing.T) {
	tests := []struct {
		name        string
		preemptions int // that it takes
		program     func() func()
		want        string
	}{
		{"lost update", 1, func() func() {
			var n sched.Int32
			add := func() { n.Store(n.Load() + 1) }
			sched.Go(add)
			sched.Go(add)
			return func() {
				if n.Load() != 2 {
					sched.Fail("an update was lost")
				}
			}
		}, "an update was lost"},
		{"locks in two orders", 1, func() func() {
			var a, b sched.Mutex
			held := 0
			both := func(x, y *sched.Mutex) func() {
				return func() { x.Lock(); y.Lock(); held++; y.Unlock(); x.Unlock() }
			}
			sched.Go(both(&a, &b))
			sched.Go(both(&b, &a))
			return nil
		}, "deadlock"},
		{"wake-up before the sleep", 1, func() func() {
			var flag sched.Bool
			var mu sched.Mutex
			cond := sched.Cond{L: &mu}
			sched.Go(func() {
				if !flag.Load() {
					mu.Lock()
					cond.Wait()
					mu.Unlock()
				}
			})
			sched.Go(func() { flag.Store(true); cond.Broadcast() })
			return nil
		}, "waits for a broadcast"},
		{"spinning without a yield", 0, func() func() {
			var flag sched.Bool
			sched.Go(func() {
				for !flag.Load() {
				}
			})
			return nil
		}, "no end after"},
		{"token that is lost", 0, func() func() {
			c := make(chan struct{}, 1)
			sched.Go(func() { sched.Offer(c); sched.Offer(c) })
			sched.Go(func() { sched.Receive(c); sched.Receive(c) })
			return nil
		}, "waits for a channel"},
		{"timer that fires early", 0, func() func() {
			early := false
			stop := sched.AfterFunc(1, func() { early = true })
			done := make(chan struct{})
			sched.Go(func() { close(done) })
			sched.Receive(done)
			return func() {
				if early && stop() {
					sched.Fail("stopped what has run")
				}
				if early {
					sched.Fail("early")
				}
			}
		}, "early"},
		{"panic", 0, func() func() { panic("boom") }, "panic: boom"},
		{"program that depends on more than the schedule", 1, func() func() {
			runs++
			var n sched.Int32
			for range runs {
				sched.Go(func() { n.Add(1) })
			}
			n.Add(1)
			return nil
		}, "does not do the same each time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			runs = 0
			said := explored(t, tt.preemptions, tt.program)
			if !strings.Contains(said, tt.want) {
				t.Errorf("it says %q, want something with %q", said, tt.want)
			}
			if tt.preemptions > 0 && runs == 0 {
				if less := explored(t, tt.preemptions-1, tt.program); less != "" {
					t.Errorf("with one preemption less: %q, want nothing: the bound has no meaning", less)
				}
			}
		})
	}
}

var runs int

func explored(t *testing.T, preemptions int, program func() func()) (said string) {
	defer func() {
		if r, ok := recover().(*recorder); ok {
			said = r.said
		}
	}()
	sched.Explore(&recorder{TB: t}, sched.Bound{Preemptions: preemptions, Steps: 1000}, program)
	return ""
}
