//go:build explore

package engine_test

import (
	"context"
	"testing"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/sched"
)

// S3: who asks for places is given some as soon as they are free, whatever goes on at the limiter.
func TestExplore_S3_NobodyIsForgotten(t *testing.T) {
	under := func(places int, works ...func(n *engine.Node)) (l *engine.Limiter, s *script) {
		l = engine.NewLimiter(places)
		return l, opened(context.Background(), &engine.Conditions{Limiter: l}, works...)
	}
	beside := func(l *engine.Limiter, works ...func(n *engine.Node)) *script {
		return opened(context.Background(), &engine.Conditions{Limiter: l}, works...)
	}
	t.Run("one place, two scopes", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			l, a := under(1, nothing)
			b := beside(l, nothing)
			a.submit()
			b.submit()
			n, m := a.finish(), b.finish()
			return func() { a.once(1, n); b.once(1, m) }
		})
	})
	t.Run("two producers", func(t *testing.T) {
		sched.Explore(t, always(1), func() func() {
			c := make(chan struct{})
			l, a := under(1, waiting(c))
			b := beside(l, nothing, nothing)
			a.submit()
			together(func() { b.submit() }, func() { b.submit() })
			close(c)
			n, m := a.finish(), b.finish()
			return func() { a.once(1, n); b.once(2, m) }
		})
	})
	t.Run("with a limit of its own", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1, Limiter: engine.NewLimiter(2)}, nothing, nothing)
			together(func() { s.submit() }, func() { s.submit() })
			n := s.finish()
			return func() {
				s.once(2, n)
				if s.most > 1 {
					sched.Fail("%d at once under a limit of one", s.most)
				}
			}
		})
	})
	t.Run("cancelled in the line, and awaited by who is ahead", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			var b *script
			m := 0
			l, a := under(1, func(*engine.Node) {
				b.submit()
				m = b.finish()
			})
			b = beside(l, nothing)
			a.submit()
			together(func() { b.cancel() })
			n := a.finish()
			return func() { a.once(1, n); b.once(1, m) }
		})
	})
	t.Run("in the line without need, and awaited by who is ahead", func(t *testing.T) {
		sched.Explore(t, always(1), func() func() {
			var b *script
			m := 0
			l, a := under(2, func(*engine.Node) {
				b.submit()
				b.submit()
				m = b.finish()
			})
			b = beside(l, nothing, nothing)
			a.submit()
			n := a.finish()
			return func() { a.once(1, n); b.once(2, m) }
		})
	})
	t.Run("a light one takes the places of a heavy one", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			_, s := under(4, nothing, nothing)
			m := s.Lock(context.Background())
			m.New().SetWeight(2)
			m.Submit()
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
}

// S3: a task that has lent its place goes on only when it has it back.
func TestExplore_S3_PlaceIsTakenBack(t *testing.T) {
	sched.Explore(t, always(2), func() func() {
		l := engine.NewLimiter(1)
		now := 0
		work := func(*engine.Node) {
			if now++; now > 1 {
				sched.Fail("two under a limiter of one")
			}
			sched.Gosched()
			now--
		}
		m := 0
		var inner *script
		outer := opened(context.Background(), &engine.Conditions{Limiter: l}, func(n *engine.Node) {
			inner = opened(n.Context(), &engine.Conditions{Limiter: l}, nothing)
			inner.submit()
			m = inner.finish()
			work(n)
		}, work)
		outer.submit()
		outer.submit()
		n := outer.finish()
		return func() { outer.once(2, n); inner.once(1, m) }
	})
}
