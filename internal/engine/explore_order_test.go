//go:build explore

package engine_test

import (
	"context"
	"runtime"
	"testing"

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
