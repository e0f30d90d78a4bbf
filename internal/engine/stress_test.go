package engine_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
)

// runner runs the same work for all tasks, and counts what becomes of them.
type runner struct {
	work           func(n *engine.Node)
	began, refused atomic.Int64
	running, most  atomic.Int32
}

type slab struct {
	engine.Slab
	nodes [8]engine.Node
}

func (r *runner) First() (*engine.Machine, *engine.Slab) { return new(engine.Machine), r.Grow(0) }

func (r *runner) Grow(int) *engine.Slab {
	s := new(slab)
	s.Init(&s.nodes[0], unsafe.Sizeof(s.nodes[0]), len(s.nodes))
	return &s.Slab
}

func (r *runner) Run(n *engine.Node) {
	r.began.Add(1)
	now := r.running.Add(1)
	for m := r.most.Load(); now > m && !r.most.CompareAndSwap(m, now); m = r.most.Load() {
	}
	defer n.End(engine.Succeeded, true)
	defer r.running.Add(-1)
	r.work(n)
}

func (r *runner) Refuse(n *engine.Node, _ *engine.Cancellation) {
	r.refused.Add(1)
	n.End(engine.NotStarted, true)
}

func submit(s *engine.Scope) *engine.Node {
	m := s.Lock(context.Background())
	if m == nil {
		return nil
	}
	n := m.New()
	m.Submit()
	return n
}

// Every task that is submitted is run or refused, exactly once, and taken exactly once, whatever producers, a limit, a canceller and takers
// do at the same time; never do more run than the limit allows.
func TestStress_EveryTaskEndsOnce(t *testing.T) {
	rounds := 300
	if testing.Short() {
		rounds = 30
	}
	limiter := engine.NewLimiter(3)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range rounds {
		c := engine.Conditions{Limit: rnd.IntN(5), Queue: rnd.IntN(3) * 20}
		shared := rnd.IntN(3) == 0
		if shared {
			c.Limiter = limiter
		}
		producers, each := 1+rnd.IntN(4), rnd.IntN(200)
		cancelAt := int64(rnd.IntN(2 * (producers*each + 1)))
		var s engine.Scope
		r := &runner{}
		r.work = func(*engine.Node) {
			switch n := r.began.Load(); {
			case n == cancelAt:
				s.Cancel(&engine.Cancellation{Err: context.Canceled, Cause: context.Canceled, From: engine.ByCaller})
			case n%7 == 0:
				runtime.Gosched()
			case n%31 == 0 && c.Queue == 0:
				submit(&s)
			}
		}
		s.Open(context.Background(), r, &c)
		var submitted, taken atomic.Int64
		var producing, taking sync.WaitGroup
		for range producers {
			producing.Go(func() {
				for range each {
					submit(&s)
				}
			})
		}
		ctx, stop := context.WithCancel(context.Background())
		for range 2 {
			taking.Go(func() {
				for ctx.Err() == nil || s.Canceled() == nil {
					n := s.Take(ctx)
					if n == nil && ctx.Err() != nil {
						return
					}
					if n == nil {
						runtime.Gosched()
						continue
					}
					taken.Add(1)
				}
			})
		}
		producing.Wait()
		s.Join()
		stop()
		taking.Wait()
		s.Close()
		s.Seal()
		s.All(func(*engine.Node) { taken.Add(1) })
		submitted.Store(int64(s.Submitted()))
		if got := r.began.Load() + r.refused.Load(); got != submitted.Load() || taken.Load() != submitted.Load() {
			t.Fatalf("seed %d: %d submitted, %d began, %d refused, %d taken (%+v)", seed, submitted.Load(), r.began.Load(),
				r.refused.Load(), taken.Load(), c)
		}
		if most := int(r.most.Load()); c.Limit > 0 && most > c.Limit || shared && most > limiter.Size() {
			t.Fatalf("seed %d: %d ran at once (%+v)", seed, most, c)
		}
	}
}

// S3: three levels of scopes under one small limiter, each task waiting for the scope that it opened.
func TestStress_NestedScopesUnderOneLimiterEnd(t *testing.T) {
	for range 50 {
		limiter := engine.NewLimiter(2)
		var running, most, leaves atomic.Int32
		var open func(parent context.Context, depth int)
		open = func(parent context.Context, depth int) {
			var s engine.Scope
			r := &runner{work: func(n *engine.Node) {
				if depth > 0 {
					open(n.Context(), depth-1)
					return
				}
				if now := running.Add(1); now > most.Load() {
					most.Store(now)
				}
				runtime.Gosched()
				running.Add(-1)
				leaves.Add(1)
			}}
			s.Open(parent, r, &engine.Conditions{Limiter: limiter})
			for range 4 {
				submit(&s)
			}
			s.Join()
			s.Close()
		}
		open(context.Background(), 3)
		if leaves.Load() != 256 || most.Load() > 2 {
			t.Fatalf("%d leaves ran, %d at once, want 256 and at most 2", leaves.Load(), most.Load())
		}
	}
}
