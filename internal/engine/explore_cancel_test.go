//go:build explore

package engine_test

import (
	"context"
	"testing"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/sched"
)

// together calls the functions at the same time and returns when they have returned. Who begins is anybody's choice, and no preemption, as
// the caller waits.
func together(fs ...func()) {
	var all sched.WaitGroup
	all.Add(len(fs))
	for _, f := range fs {
		sched.Go(func() { f(); all.Done() })
	}
	all.Wait()
}

// join joins the scope, and checks that it has ended.
func (s *script) join() {
	s.Join()
	for i := range s.Submitted() {
		if s.ended[i] != 1 {
			sched.Fail("joined before task %d had ended", i)
		}
	}
}

// Only the first cancellation counts, of a scope and of a task, and who is the first knows.
func TestExplore_L5_OnlyTheFirstCancellationCounts(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		s := opened(context.Background(), nil)
		var mine [2]*engine.Cancellation
		var first [2]bool
		cancel := func(i int) func() {
			mine[i] = &engine.Cancellation{Err: context.Canceled, Cause: context.Canceled, From: engine.ByCaller}
			return func() { first[i] = s.Cancel(mine[i]) }
		}
		together(cancel(0), cancel(1))
		s.finish()
		return func() {
			if first[0] == first[1] || first[0] != (s.Canceled() == mine[0]) {
				sched.Fail("first: %v, and the first is what counts: %v", first, s.Canceled() == mine[0])
			}
		}
	})
}

// S2: what is submitted to a cancelled scope is refused, and the scope ends, though somebody joins it at the same time.
func TestExplore_S2_SubmitToTheCancelled(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, nothing, nothing)
			s.submit()
			s.cancel()
			in := 1
			together(func() {
				if s.submit() != nil {
					in++
				}
			}, s.join)
			taken := s.finish()
			return func() { s.once(in, taken) }
		})
	})
	t.Run("before, and nobody else is there", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, nothing)
			s.cancel()
			if n := s.submit(); n.State() != engine.NotStarted {
				sched.Fail("it is %v when its submission has returned", n.State())
			}
			taken := s.finish()
			return func() { s.once(1, taken) }
		})
	})
	t.Run("meanwhile", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, nothing)
			taken := 0
			together(func() { s.cancel() }, func() { s.submit(); taken = s.finish() })
			return func() { s.once(1, taken) }
		})
	})
}

// L1: a task that is cancelled alone has ended when its scope is joined, whoever ends it.
func TestExplore_L1_CancelledTaskIsJoined(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		s := opened(context.Background(), nil, func(n *engine.Node) { sched.Receive(n.Context().Done()) })
		n := s.submit()
		taken := 0
		together(func() { n.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled}) }, func() { taken = s.finish() })
		return func() { s.once(1, taken) }
	})
}

// M1: who cancels a scope with tasks has done all that is to be done when it is joined.
func TestExplore_M1_CancellerIsJoined(t *testing.T) {
	for _, daemon := range []bool{false, true} {
		sched.Explore(t, always(2), func() func() {
			told := false
			until := func(n *engine.Node) {
				for n.Context().Err() == nil {
					sched.Gosched()
				}
			}
			s := opened(context.Background(), nil, until)
			s.AfterFunc(func() { told = true })
			taken := 0
			finish := func() {
				if taken = s.finish(); !told {
					sched.Fail("joined before everybody was told")
				}
			}
			if daemon {
				s.submit(engine.Daemon)
				finish()
			} else {
				s.submit()
				together(func() { s.cancel() }, finish)
			}
			return func() { s.once(1, taken) }
		})
	}
}

// M1: a scope is attached once, whoever wants to be told of its end, and nothing is left at its parent.
func TestExplore_M1_AttachedOnce(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		outer := opened(context.Background(), nil)
		inner := opened(outer.Context(), nil, nothing)
		done := func() { inner.Context().Done() }
		together(done, done)
		inner.submit()
		n := inner.finish()
		outer.finish()
		return func() { inner.once(1, n); outer.once(0, 0) }
	})
}
