//go:build explore

package engine_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/creche-go/creche/internal/engine"
	"github.com/creche-go/creche/internal/sched"
)

// always is how many preemptions there may be. A program takes a second or so.
func always(preemptions int) sched.Bound { return sched.Bound{Preemptions: preemptions} }

// within is that for larger programs: -short takes one less.
func within(preemptions int) sched.Bound {
	if testing.Short() {
		preemptions--
	}
	return sched.Bound{Preemptions: preemptions}
}

// script is a scope whose tasks do what the functions say, by their index. It counts what becomes of each.
type script struct {
	engine.Scope
	works []func(n *engine.Node)
	began []int
	ended []int
	now   int // running
	most  int
}

func (s *script) First() (*engine.Machine, *engine.Slab) { return new(engine.Machine), s.Grow(0) }
func (s *script) Grow(n int) *engine.Slab                { return new(runner).Grow(n) }

func (s *script) Run(n *engine.Node) {
	i := n.Index()
	s.began[i]++
	s.now++
	s.most = max(s.most, s.now)
	defer func() {
		s.now--
		s.ended[i]++
		n.End(engine.Succeeded, true)
	}()
	s.works[i](n)
}

func (s *script) Refuse(n *engine.Node, _ *engine.Cancellation) {
	s.ended[n.Index()]++
	n.End(engine.NotStarted, true)
}

// opened opens a scope with these tasks, none of which is submitted yet.
func opened(parent context.Context, c *engine.Conditions, works ...func(n *engine.Node)) *script {
	s := &script{works: works, began: make([]int, len(works)), ended: make([]int, len(works))}
	s.Open(parent, s, c)
	return s
}

func (s *script) submit(flags ...engine.Flags) *engine.Node {
	m := s.Lock(context.Background())
	if m == nil {
		return nil
	}
	n := m.New()
	for _, f := range flags {
		n.Set(f)
		if f == engine.Daemon {
			m.SubmitDaemon(n)
			return n
		}
	}
	m.Submit()
	return n
}

func (s *script) cancel() bool {
	return s.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled, From: engine.ByCaller})
}

// finish joins the scope and takes what nobody took.
func (s *script) finish() (taken int) {
	s.Join()
	s.Close()
	taken = s.Seal()
	s.All(func(*engine.Node) { taken++ })
	return taken
}

// once checks that the first n tasks ended once each, and were taken once each, and that nothing is left of the scope.
func (s *script) once(n, taken int) {
	for i := range n {
		if s.ended[i] != 1 || s.began[i] > 1 {
			sched.Fail("task %d began %d times and ended %d times", i, s.began[i], s.ended[i])
		}
	}
	if taken != n {
		sched.Fail("%d of %d tasks were taken", taken, n)
	}
	if left := s.Residue(); left != nil {
		sched.Fail("left: %v", left)
	}
}

func nothing(*engine.Node) {}

func repeat(n int, f func(*engine.Node)) (fs []func(*engine.Node)) {
	for range n {
		fs = append(fs, f)
	}
	return fs
}

// waiting returns a task that waits for the channel, and closing one that closes it.
func waiting(c <-chan struct{}) func(*engine.Node) { return func(*engine.Node) { sched.Receive(c) } }
func closing(c chan<- struct{}) func(*engine.Node) { return func(*engine.Node) { close(c) } }

// The chain rule: a task that blocks holds nobody back, whatever else goes on.
func TestExplore_S4_Chain(t *testing.T) {
	t.Run("the first waits for the last", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			c := make(chan struct{})
			s := opened(context.Background(), nil, waiting(c), nothing, closing(c))
			for range 3 {
				s.submit()
			}
			n := s.finish()
			return func() { s.once(3, n) }
		})
	})
	t.Run("two producers", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			c := make(chan struct{})
			s := opened(context.Background(), nil, waiting(c), waiting(c), waiting(c))
			var producers sched.WaitGroup
			producers.Add(1)
			sched.Go(func() { s.submit(); producers.Done() })
			s.submit()
			producers.Wait()
			close(c)
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
	t.Run("a task submits what it waits for", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			c := make(chan struct{})
			var s *script
			s = opened(context.Background(), nil, func(*engine.Node) { s.submit(); sched.Receive(c) }, closing(c))
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
	t.Run("a task leaves by Goexit", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), nil, func(*engine.Node) { runtime.Goexit() }, nothing, nothing)
			for range 3 {
				s.submit()
			}
			n := s.finish()
			return func() { s.once(3, n) }
		})
	})
	t.Run("a goroutine of its own", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			c := make(chan struct{})
			s := opened(context.Background(), nil, waiting(c), closing(c))
			s.submit(engine.OwnGoroutine)
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
}

// The same while tasks are so short that one goroutine runs them and another stands by.
func TestExplore_S4_Relay(t *testing.T) {
	for name, works := range map[string]func() []func(*engine.Node){
		"short tasks": func() []func(*engine.Node) { return repeat(5, nothing) },
		"one of them waits for the last": func() []func(*engine.Node) {
			c := make(chan struct{})
			return append(repeat(3, nothing), waiting(c), closing(c))
		},
		"one of them leaves by Goexit": func() []func(*engine.Node) {
			return append(repeat(3, nothing), func(*engine.Node) { runtime.Goexit() }, nothing)
		},
	} {
		t.Run(name, func(t *testing.T) {
			sched.Explore(t, within(2), func() func() {
				s := opened(context.Background(), nil, works()...)
				for range s.works {
					s.submit()
				}
				n := s.finish()
				return func() { s.once(5, n) }
			})
		})
	}
}

// Never more than the limit at once, and nobody is left behind.
func TestExplore_S1_Limit(t *testing.T) {
	for _, limit := range []int{1, 2} {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: limit}, repeat(3, func(*engine.Node) { sched.Gosched() })...)
			for range 3 {
				s.submit()
			}
			n := s.finish()
			return func() {
				s.once(3, n)
				if s.most > limit {
					sched.Fail("%d at once under a limit of %d", s.most, limit)
				}
			}
		})
	}
	t.Run("TrySubmit", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1}, repeat(3, nothing)...)
			c := 0
			try := func() {
				if s.Lock(engine.Impatient).TrySubmit(1, func(*engine.Node) {}) {
					c++
				}
			}
			try()
			try()
			n := s.finish()
			return func() {
				s.once(c, n)
				if c < 1 || s.most > 1 {
					sched.Fail("%d started, %d at once", c, s.most)
				}
			}
		})
	})
	t.Run("TrySubmit at a limiter", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1, Limiter: engine.NewLimiter(2)}, repeat(3, func(*engine.Node) { sched.Gosched() })...)
			c := 2
			s.submit().Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled})
			var other sched.WaitGroup
			other.Add(1)
			sched.Go(func() {
				if s.Lock(context.Background()).TrySubmit(1, func(*engine.Node) {}) {
					c++
				}
				other.Done()
			})
			s.submit()
			other.Wait()
			n := s.finish()
			return func() {
				s.once(c, n)
				if s.most > 1 {
					sched.Fail("%d at once under a limit of 1", s.most)
				}
			}
		})
	})
	t.Run("Queue", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1, Queue: 1}, repeat(3, nothing)...)
			for range 3 {
				s.submit()
			}
			n := s.finish()
			return func() { s.once(3, n) }
		})
	})
	t.Run("Queue and a cancellation", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1, Queue: 1}, repeat(3, func(n *engine.Node) { sched.Receive(n.Context().Done()) })...)
			sched.Go(func() { s.cancel() })
			for range 3 {
				s.submit()
			}
			n := s.finish()
			return func() { s.once(3, n) }
		})
	})
}

// Each completion is taken once, and whoever sleeps for one is woken, or told that there will be none.
func TestExplore_W1_Completions(t *testing.T) {
	t.Run("one taker", func(t *testing.T) {
		sched.Explore(t, within(3), func() func() {
			s := opened(context.Background(), nil, repeat(2, nothing)...)
			s.submit()
			s.submit()
			taken := 0
			for s.Take(context.Background()) != nil {
				taken++
			}
			n := s.finish()
			return func() {
				s.once(2, n)
				if taken != 2 {
					sched.Fail("the loop ended after %d", taken)
				}
			}
		})
	})
	t.Run("two takers", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), nil, repeat(2, nothing)...)
			s.submit()
			s.submit()
			var taken sched.Int32
			take := func() {
				for s.Take(context.Background()) != nil {
					taken.Add(1)
				}
			}
			var other sched.WaitGroup
			other.Add(1)
			sched.Go(func() { take(); other.Done() })
			take()
			other.Wait()
			n := s.finish()
			return func() {
				s.once(2, n)
				if taken.Load() != 2 {
					sched.Fail("%d were taken", taken.Load())
				}
			}
		})
	})
	t.Run("a taker who gives up, and another", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), nil, nothing)
			outer := opened(context.Background(), nil)
			var taken sched.Int32
			var takers sched.WaitGroup
			takers.Add(2)
			for _, ctx := range []context.Context{context.Background(), outer.Context()} {
				sched.Go(func() {
					if s.Take(ctx) != nil {
						taken.Add(1)
					}
					takers.Done()
				})
			}
			s.submit()
			outer.cancel()
			takers.Wait()
			n := s.finish()
			outer.finish()
			return func() { s.once(1, n) }
		})
	})
	t.Run("sealed meanwhile", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, nothing)
			s.submit()
			var taker sched.WaitGroup
			taker.Add(1)
			sched.Go(func() { s.Take(context.Background()); s.Take(context.Background()); taker.Done() })
			n := s.finish()
			taker.Wait()
			return func() { s.once(1, n) }
		})
	})
}

// A join returns when all has ended and not before; nothing is let in afterwards.
func TestExplore_L1_L2_Join(t *testing.T) {
	t.Run("two who join, and a late submission", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), nil, repeat(2, nothing)...)
			s.submit()
			late := false
			join := func() {
				s.Join()
				for i := range s.Submitted() {
					if s.ended[i] != 1 {
						sched.Fail("joined before task %d had ended", i)
					}
				}
			}
			var others sched.WaitGroup
			others.Add(2)
			sched.Go(func() { join(); others.Done() })
			sched.Go(func() { late = s.submit() != nil; others.Done() })
			join()
			others.Wait()
			n := s.finish()
			return func() {
				want := 1
				if late {
					want = 2
				}
				s.once(want, n)
			}
		})
	})
	t.Run("before the first task", func(t *testing.T) {
		sched.Explore(t, always(3), func() func() {
			s := opened(context.Background(), nil, nothing)
			in := false
			var other sched.WaitGroup
			other.Add(1)
			sched.Go(func() { in = s.submit() != nil; other.Done() })
			s.Join()
			other.Wait()
			n := s.finish()
			return func() {
				if in {
					s.once(1, n)
				} else if s.began[0]+n > 0 {
					sched.Fail("a task that was not let in began")
				}
			}
		})
	})
	t.Run("daemons", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			untilCanceled := func(n *engine.Node) { sched.Receive(n.Context().Done()) }
			s := opened(context.Background(), nil, untilCanceled, nothing)
			s.submit(engine.Daemon)
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
	t.Run("goroutines that are no tasks", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil, nothing)
			ended := false
			s.Go(func(context.Context) { s.submit(); ended = true })
			n := s.finish()
			return func() {
				s.once(1, n)
				if !ended {
					sched.Fail("joined before")
				}
			}
		})
	})
}

// A task begins or is refused, and never both; a cancelled scope ends.
func TestExplore_L5_S2_Cancel(t *testing.T) {
	obedient := func(n *engine.Node) { sched.Receive(n.Context().Done()) }
	for _, limit := range []int{0, 1} {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: limit}, obedient, nothing)
			sched.Go(func() { s.cancel() })
			s.submit()
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	}
	t.Run("of one task", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Limit: 1}, nothing, obedient)
			s.submit()
			task := s.submit()
			sched.Go(func() { task.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled}) })
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
	t.Run("by time", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			s := opened(context.Background(), &engine.Conditions{Timeout: engine.Timeout{After: 1, Cause: context.DeadlineExceeded}}, obedient, nothing)
			s.submit()
			s.submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
	t.Run("by the end of the parent", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			outer := opened(context.Background(), nil)
			inner := opened(outer.Context(), nil, obedient)
			sched.Go(func() { outer.cancel() })
			inner.submit()
			n := inner.finish()
			outer.finish()
			return func() { inner.once(1, n) }
		})
	})
	t.Run("by the end of the parent, while nobody waits", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			outer := opened(context.Background(), nil)
			inner := opened(outer.Context(), nil, nothing)
			var canceler sched.WaitGroup
			canceler.Add(1)
			sched.Go(func() { outer.cancel(); canceler.Done() })
			inner.submit()
			n := inner.finish()
			canceler.Wait()
			outer.finish()
			return func() { inner.once(1, n) }
		})
	})
}

// A scope within one that has been cancelled knows, whatever is being done with it at the moment.
func TestExplore_S2_CancelledAbove(t *testing.T) {
	for depth := 1; depth <= 2; depth++ {
		sched.Explore(t, within(2), func() func() {
			scopes := []*script{opened(context.Background(), nil)}
			for range depth {
				scopes = append(scopes, opened(scopes[len(scopes)-1].Context(), nil, nothing))
			}
			inner := scopes[depth]
			sched.Go(func() { inner.Context().Done() })
			scopes[0].cancel()
			if inner.Context().Err() == nil {
				sched.Fail("it has no error")
			}
			inner.submit()
			n := inner.finish()
			for _, s := range scopes[:depth] {
				s.finish()
			}
			return func() {
				inner.once(1, n)
				if inner.began[0] > 0 {
					sched.Fail("a task began")
				}
			}
		})
	}
}

// Also while the inner one is closed, which takes it off those that are told: once the cancellation has returned, there is an error.
func TestExplore_L5_CancelledAboveAtTheEnd(t *testing.T) {
	sched.Explore(t, within(2), func() func() {
		outer := opened(context.Background(), nil)
		inner := opened(outer.Context(), nil)
		inner.Context().Done()
		sched.Go(func() { inner.finish() })
		outer.cancel()
		if inner.Context().Err() == nil {
			sched.Fail("it has no error")
		}
		inner.finish()
		outer.finish()
		return nil
	})
}

// The channel is closed when the context has ended, and not before; it is when its error says so.
func TestExplore_L4_Context(t *testing.T) {
	isClosed := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	agrees := func(ctx context.Context) {
		done := ctx.Done()
		if ctx.Err() != nil && !isClosed(done) {
			sched.Fail("the error is there, and the channel is open")
		}
		if isClosed(done) && ctx.Err() == nil {
			sched.Fail("the channel is closed, and there is no error")
		}
	}
	t.Run("of a scope", func(t *testing.T) {
		sched.Explore(t, always(3), func() func() {
			s := opened(context.Background(), nil)
			sched.Go(func() { s.cancel() })
			agrees(s.Context())
			sched.Receive(s.Context().Done())
			s.finish()
			return nil
		})
	})
	t.Run("of a task that is cancelled alone, or with its scope, or ends", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			var seen sched.WaitGroup
			seen.Add(1)
			s := opened(context.Background(), nil, nothing)
			task := s.submit()
			sched.Go(func() {
				agrees(task.Context())
				sched.Receive(task.Context().Done())
				agrees(task.Context())
				seen.Done()
			})
			sched.Go(func() { task.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled}) })
			s.cancel()
			seen.Wait()
			n := s.finish()
			return func() { s.once(1, n) }
		})
	})
	t.Run("of a task that is cancelled alone", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			c := make(chan struct{})
			s := opened(context.Background(), nil, waiting(c))
			task := s.submit()
			sched.Go(func() { task.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled}) })
			agrees(task.Context())
			close(c)
			n := s.finish()
			return func() { s.once(1, n) }
		})
	})
	t.Run("of a scope within one that is cancelled", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			outer := opened(context.Background(), nil)
			inner := opened(outer.Context(), nil)
			sched.Go(func() { outer.cancel() })
			agrees(inner.Context())
			inner.finish()
			if !isClosed(inner.Context().Done()) {
				sched.Fail("open after the end")
			}
			outer.finish()
			return nil
		})
	})
	t.Run("functions called after the end", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			s := opened(context.Background(), nil)
			called := 0
			var calls sched.WaitGroup
			calls.Add(1)
			sched.Go(func() { s.cancel() })
			stop := s.AfterFunc(func() { called++; calls.Done() })
			stopped := stop()
			if stopped {
				calls.Done()
			}
			calls.Wait()
			s.finish()
			return func() {
				if stopped == (called > 0) || called > 1 {
					sched.Fail("stopped: %v, called %d times", stopped, called)
				}
			}
		})
	})
	t.Run("the handle of a task", func(t *testing.T) {
		sched.Explore(t, always(3), func() func() {
			s := opened(context.Background(), nil, nothing)
			task := s.submit()
			sched.Receive(task.Ended())
			if s.ended[0] != 1 {
				sched.Fail("told of an end that has not come")
			}
			n := s.finish()
			return func() { s.once(1, n) }
		})
	})
}

type bell struct{ rung int }

func (b *bell) Ended() { b.rung++ }

// W1: who subscribes to the end of a task is told of it once, or that it has ended.
func TestExplore_W1_Subscribe(t *testing.T) {
	sched.Explore(t, within(3), func() func() {
		s := opened(context.Background(), nil, nothing)
		task := s.submit()
		var bells [2]bell
		var xs [2]engine.Subscription
		first := task.Subscribe(&xs[0], &bells[0])
		second := task.Subscribe(&xs[1], &bells[1])
		kept := !second || !task.Unsubscribe(&xs[1])
		s.finish()
		return func() {
			for i, told := range []bool{first, second && kept} {
				if want := map[bool]int{true: 1}[told]; bells[i].rung != want {
					sched.Fail("subscriber %d was told %d times, want %d", i, bells[i].rung, want)
				}
			}
		}
	})
}

// S3: places are never exceeded nor lost, and a task that waits lends its own.
func TestExplore_S3_Limiter(t *testing.T) {
	t.Run("two scopes", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			l := engine.NewLimiter(1)
			now := 0
			work := func(*engine.Node) {
				if now++; now > 1 {
					sched.Fail("two under a limiter of one")
				}
				sched.Gosched()
				now--
			}
			a := opened(context.Background(), &engine.Conditions{Limiter: l}, work, work)
			b := opened(context.Background(), &engine.Conditions{Limiter: l}, work)
			a.submit()
			b.submit()
			a.submit()
			n, m := a.finish(), b.finish()
			return func() { a.once(2, n); b.once(1, m) }
		})
	})
	t.Run("a scope within a task", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			l := engine.NewLimiter(1)
			var inner *script
			var m int
			outer := opened(context.Background(), &engine.Conditions{Limiter: l}, func(n *engine.Node) {
				inner = opened(n.Context(), &engine.Conditions{Limiter: l}, nothing)
				inner.submit()
				m = inner.finish()
			}, nothing)
			outer.submit()
			outer.submit()
			n := outer.finish()
			return func() { outer.once(2, n); inner.once(1, m) }
		})
	})
	t.Run("waits of a task, and one for it by a task that has the only place", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			l := engine.NewLimiter(1)
			var inner *script
			var m int
			outer := opened(context.Background(), &engine.Conditions{Limiter: l}, func(n *engine.Node) {
				inner = opened(n.Context(), &engine.Conditions{Limiter: l}, func(*engine.Node) { n.Lend(sched.Gosched) })
				inner.submit()
				n.Lend(sched.Gosched)
				m = inner.finish()
			}, nothing)
			outer.submit()
			outer.submit()
			n := outer.finish()
			return func() {
				outer.once(2, n)
				inner.once(1, m)
				if free := l.Free(); free != 1 {
					sched.Fail("%d places are free in the end, want 1", free)
				}
			}
		})
	})
	t.Run("a task of TrySubmit lends its place", func(t *testing.T) {
		sched.Explore(t, within(1), func() func() {
			c, d := make(chan struct{}), make(chan struct{})
			var s *script
			s = opened(context.Background(), &engine.Conditions{Limiter: engine.NewLimiter(2)},
				func(*engine.Node) { sched.Receive(d); s.submit() },
				func(*engine.Node) { sched.Receive(c) },
				func(n *engine.Node) { n.Lend(func() { sched.Receive(c) }) },
				closing(c))
			s.submit()
			s.submit()
			if !s.Lock(context.Background()).TrySubmit(1, func(*engine.Node) {}) {
				s.submit()
			}
			close(d)
			n := s.finish()
			return func() { s.once(4, n) }
		})
	})
	t.Run("cancelled in the line", func(t *testing.T) {
		sched.Explore(t, within(2), func() func() {
			l := engine.NewLimiter(1)
			a := opened(context.Background(), &engine.Conditions{Limiter: l}, nothing)
			b := opened(context.Background(), &engine.Conditions{Limiter: l}, nothing)
			sched.Go(func() { b.cancel() })
			a.submit()
			b.submit()
			n, m := a.finish(), b.finish()
			return func() { a.once(1, n); b.once(1, m) }
		})
	})
	t.Run("heavy and light", func(t *testing.T) {
		sched.Explore(t, always(2), func() func() {
			l := engine.NewLimiter(2)
			s := opened(context.Background(), &engine.Conditions{Limiter: l}, repeat(2, nothing)...)
			s.submit()
			m := s.Lock(context.Background())
			heavy := m.New()
			heavy.SetWeight(2)
			m.Submit()
			n := s.finish()
			return func() { s.once(2, n) }
		})
	})
}
