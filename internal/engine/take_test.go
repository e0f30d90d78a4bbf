package engine_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/internal/engine"
)

// A lingerer is a runner whose tasks come back some time after their end.
type lingerer struct {
	runner
	after func(n *engine.Node)
}

func (l *lingerer) Run(n *engine.Node) {
	l.work(n)
	n.End(engine.Succeeded, true)
	l.after(n)
}

func submitDaemon(s *engine.Scope) {
	m := s.Lock(engine.Impatient)
	n := m.New()
	n.Set(engine.Daemon)
	m.SubmitDaemon(n)
}

// L6: a daemon that has ended, and was taken, is one of the tasks that a loop yields, although its goroutine is not done yet.
func TestW1_L6_DaemonThatWasTakenIsNotCountedAsOneThatRuns(t *testing.T) {
	for _, daemons := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			hold, release := make(chan struct{}), make(chan struct{})
			r := &lingerer{}
			r.work = func(n *engine.Node) {
				if !n.Has(engine.Daemon) {
					<-release
				}
			}
			r.after = func(n *engine.Node) {
				if n.Has(engine.Daemon) {
					<-hold
				}
			}
			var s engine.Scope
			s.Open(context.Background(), r, nil)
			for range daemons {
				submitDaemon(&s)
			}
			last := submit(&s)
			for range daemons {
				if n := s.Take(t.Context()); n == nil || !n.Has(engine.Daemon) {
					t.Fatalf("taken: %v, want a daemon", n)
				}
			}
			taken := make(chan *engine.Node, 2)
			go func() { taken <- s.Take(t.Context()); taken <- s.Take(t.Context()) }()
			synctest.Wait()
			if len(taken) > 0 {
				t.Errorf("Take returned %v while a task runs", <-taken)
			}
			close(release)
			synctest.Wait()
			if n := <-taken; n != last {
				t.Errorf("taken: %v, want the last task", n)
			}
			if n := <-taken; n != nil {
				t.Errorf("taken: %v, want nothing to be left", n)
			}
			close(hold)
			s.Join()
			s.Close()
		})
	}
}

// W1: whoever takes the last completion tells those that sleep that there is nothing left.
func TestW1_LastTakeWakesTheSleepers(t *testing.T) {
	for _, foreign := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var s engine.Scope
			s.Open(context.Background(), &runner{work: func(*engine.Node) { time.Sleep(time.Second) }}, nil)
			if foreign { // one that nobody takes does not keep them
				var x struct {
					engine.Slab
					node engine.Node
				}
				x.Init(&x.node, 0, 1)
				s.Lock(engine.Impatient).SubmitForeign(&x.Slab, &runner{work: func(*engine.Node) { time.Sleep(time.Hour) }})
			}
			for range 3 {
				submit(&s)
			}
			var got atomic.Int32
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if s.Take(t.Context()) != nil {
						got.Add(1)
					}
				})
			}
			start := time.Now()
			wg.Wait()
			if d := time.Since(start); got.Load() != 3 || d != time.Second {
				t.Errorf("%d were taken after %v, want 3 after a second", got.Load(), d)
			}
			s.Join()
			s.Close()
		})
	}
}

// Those that sleep when all is sealed are woken as well.
func TestSeal_WakesTheSleepers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s engine.Scope
		s.Open(context.Background(), &runner{work: func(*engine.Node) { time.Sleep(time.Second) }}, nil)
		var wg sync.WaitGroup
		for range 4 {
			submit(&s)
			wg.Go(func() { s.Take(t.Context()) })
			wg.Go(func() { s.Take(t.Context()) })
		}
		s.Join()
		s.Close()
		s.Seal()
		wg.Wait()
		if n := s.Take(t.Context()); n != nil {
			t.Errorf("taken: %v, want nothing after Seal", n)
		}
	})
}
