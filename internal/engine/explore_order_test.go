//go:build explore

package engine_test

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/sched"
)

// tight is a script whose slabs have one task each, so that every task is in another slab than the one before.
type tight struct{ script }

type slab1 struct {
	engine.Slab
	nodes [2]engine.Node
}

func (s *tight) First() (*engine.Machine, *engine.Slab) { return new(engine.Machine), s.Grow(0) }
func (s *tight) Grow(int) *engine.Slab {
	x := new(slab1)
	x.Init(&x.nodes[0], 0, 1)
	return &x.Slab
}

func openedTight(c *engine.Conditions, works ...func(n *engine.Node)) *tight {
	s := &tight{script{works: works, began: make([]int, len(works)), ended: make([]int, len(works))}}
	s.Open(context.Background(), s, c)
	return s
}

// S4: the same from slab to slab.
func TestExplore_S4_Slabs(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		c := make(chan struct{})
		s := openedTight(nil, waiting(c), closing(c))
		s.submit()
		s.submit()
		n := s.finish()
		return func() { s.once(2, n) }
	})
}

// pairs is a script whose slabs have two tasks each.
type pairs struct{ script }

type slab2 struct {
	engine.Slab
	nodes [2]engine.Node
}

func (s *pairs) First() (*engine.Machine, *engine.Slab) { return new(engine.Machine), s.Grow(0) }
func (s *pairs) Grow(int) *engine.Slab {
	x := new(slab2)
	x.Init(&x.nodes[0], unsafe.Sizeof(x.nodes[0]), len(x.nodes))
	return &x.Slab
}

// S4: each task is claimed once, though who is late finds that others have gone on to another slab. A task that has begun without its turn
// may be taken out of the queue by those who look for the oldest.
func TestExplore_S4_Claims(t *testing.T) {
	const n = 5
	for name, tt := range map[string]struct {
		begun []int
		skips bool
	}{
		"two claim":                        {},
		"the first has begun":              {[]int{0}, true},
		"the last of a slab has begun":     {[]int{1}, true},
		"the first of a slab has begun":    {[]int{2}, true},
		"the first of two slabs has begun": {[]int{0, 2}, true},
		"more than a slab has begun":       {[]int{0, 1, 2}, true},
		"all have begun":                   {[]int{0, 1, 2, 3, 4}, true},
	} {
		t.Run(name, func(t *testing.T) {
			sched.Explore(t, always(3), func() func() {
				s := &pairs{}
				s.Open(context.Background(), s, nil)
				q := engine.QueueOf(&s.Scope)
				times := map[*engine.Node]int{}
				var tasks []*engine.Node
				for range n {
					tasks = append(tasks, q.Put())
				}
				claimAll := func() {
					last := -1
					for task := q.Pop(); task != nil; task = q.Pop() {
						times[task]++
						i := slices.Index(tasks, task)
						if i <= last {
							sched.Fail("task %d is claimed after task %d", i, last)
						}
						last = i
					}
				}
				together(claimAll, func() {
					for _, i := range tt.begun {
						tasks[i].Begin()
					}
					if tt.skips {
						q.SkipBegun()
					} else {
						claimAll()
					}
				})
				return func() {
					for i, task := range tasks {
						if got := times[task]; got > 1 || got == 0 && !slices.Contains(tt.begun, i) {
							sched.Fail("task %d was claimed %d times", i, got)
						}
					}
					if task := q.Pop(); task != nil {
						sched.Fail("a task is left")
					}
				}
			})
		})
	}
}

// S4: as many goroutines as the tasks need, though two are called for at the same time.
func TestExplore_S4_AllButOneWait(t *testing.T) {
	for _, limit := range []int{0, 2} {
		sched.Explore(t, always(1), func() func() {
			c := make(chan struct{})
			s := opened(context.Background(), &engine.Conditions{Limit: limit}, waiting(c), nothing, nothing)
			s.submit()
			together(func() { s.submit() }, func() { s.submit(); close(c) })
			n := s.finish()
			return func() { s.once(3, n) }
		})
	}
}

// S4, S1: when task after task blocks the pending goroutine starts others for those that are left, but no more than the limit allows.
func TestExplore_S4_FanOut(t *testing.T) {
	exiting := func(*engine.Node) { runtime.Goexit() }
	for name, tt := range map[string]struct {
		limit    int
		third    func(*engine.Node) // nil: waits, as do the others
		canceled bool
	}{
		"all wait":                {0, nil, false},
		"the limit is in the way": {3, nil, false},
		"one calls Goexit":        {0, exiting, false},
		"cancelled meanwhile":     {0, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			sched.Explore(t, always(1), func() func() {
				c, begun := make(chan struct{}), make(chan struct{})
				wait, third := waiting(c), tt.third
				if third == nil {
					third = wait
				}
				s := opened(context.Background(), &engine.Conditions{Limit: tt.limit},
					wait, func(n *engine.Node) { close(begun); wait(n) }, third, wait)
				for range 4 {
					s.submit()
				}
				sched.Receive(begun)
				if tt.canceled {
					s.cancel()
				}
				close(c)
				n := s.finish()
				return func() {
					s.once(4, n)
					if tt.limit > 0 && s.most > tt.limit {
						sched.Fail("%d at once, limit %d", s.most, tt.limit)
					}
				}
			})
		})
	}
}

// S4, S1: a worker that steps back under a limit leaves its place to a task that waits for it.
func TestExplore_S4_RelayUnderALimit(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		c := make(chan struct{})
		s := opened(context.Background(), &engine.Conditions{Limit: 2}, nothing, nothing, nothing, waiting(c), closing(c))
		for range 5 {
			s.submit()
		}
		n := s.finish()
		return func() { s.once(5, n) }
	})
}

// L3: of two that open the first scope of a task, neither is forgotten.
func TestExplore_L3_TwoOpen(t *testing.T) {
	sched.Explore(t, always(3), func() func() {
		s := opened(context.Background(), nil, nothing)
		task := engine.QueueOf(&s.Scope).Put()
		var below [2]engine.Scope
		together(func() { below[0].Open(task.Context(), s, nil) }, func() { below[1].Open(task.Context(), s, nil) })
		return func() {
			if open := task.Open(); len(open) != 2 {
				sched.Fail("%d scopes are open, want 2", len(open))
			}
		}
	})
}

// W1: of two that take one each, both get one.
func TestExplore_W1_OneEach(t *testing.T) {
	sched.Explore(t, always(1), func() func() {
		s := opened(context.Background(), nil, nothing, nothing)
		taken := 0
		take := func() {
			if s.Take(context.Background()) != nil {
				taken++
			}
		}
		together(take, take, func() { s.submit(); s.submit() })
		n := s.finish()
		return func() { s.once(2, n) }
	})
}

// W4: a completion that is there is taken, also by a taker whose context has ended since.
func TestExplore_W4_LastLook(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		c := make(chan struct{})
		s := opened(context.Background(), nil, waiting(c))
		outer := opened(context.Background(), nil)
		s.submit()
		var n *engine.Node
		together(func() { n = s.Take(outer.Context()) }, func() {
			close(c)
			s.Join() // now it is in the list
			outer.cancel()
		})
		taken := s.finish()
		outer.finish()
		return func() {
			s.once(1, taken)
			if n == nil {
				sched.Fail("the taker has missed it")
			}
		}
	})
}

// L1: a task that is let in while others join has ended when they return.
func TestExplore_L1_SubmittedWhileOthersJoin(t *testing.T) {
	for _, flags := range [][]engine.Flags{nil, {engine.Daemon}} {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, func(*engine.Node) { sched.Gosched() })
			s.Prepare()
			in := 0
			together(func() {
				if s.submit(flags...) != nil {
					in++
				}
			}, s.join)
			n := s.finish()
			return func() { s.once(in, n) }
		})
	}
}

// L2: after a join nothing is let in, even if there never was a task.
func TestExplore_L2_NothingAfterTheJoin(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		s := opened(context.Background(), nil, nothing, nothing)
		n, joined := 0, false
		submit := func() {
			was := joined
			if s.submit() != nil {
				if n++; was {
					sched.Fail("let in after the join")
				}
			}
		}
		together(func() { s.Join(); joined = true; submit() }, submit)
		taken := s.finish()
		return func() { s.once(n, taken) }
	})
}
