package iter_test

import (
	"context"
	stditer "iter"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// Each loop over an iterator calls anew, after one that came to its end and after one that was left, and inside another.
func TestResume_EachLoopCallsAnew(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			var c crew
			seq := l.loop(t.Context(), count(10), c.counted(same), group.Limit(1))
			for range seq {
				break
			}
			c.Begun.Store(0)
			for i := range 3 {
				vs, errs := collect(seq)
				testutil.WantValues(t, errs)
				testutil.WantValues(t, vs, upTo(10)...)
				if n := int(c.Begun.Load()); n != 10*(i+1) {
					t.Errorf("%d calls after %d loops of 10", n, i+1)
				}
			}
			for range seq {
				vs, _ := collect(seq)
				testutil.WantValues(t, vs, upTo(10)...)
			}
		})
	}
}

func TestResume_LoopsAtTheSameTime(t *testing.T) {
	for _, l := range lazyLoops {
		seq := l.loop(t.Context(), count(500), same, group.Limit(1))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				vs, errs := collect(seq)
				testutil.WantValues(t, errs)
				testutil.WantValues(t, vs, upTo(500)...)
			})
		}
		wg.Wait()
	}
}

// CI-24: with iter.Pull the clean-up is that of stop, which returns when all is over.
func TestPull_StopAwaitsAll(t *testing.T) {
	for _, l := range lazyLoops {
		testutil.Bubble(t, l.name, func(t *testing.T) {
			var c crew
			next, stop := stditer.Pull2(l.loop(t.Context(), c.watch(endless(new(atomic.Int64))), func(ctx context.Context, v int) (int, error) {
				if v < 3 {
					return v, nil
				}
				return c.straggler(ctx, v)
			}, group.Limit(4)))
			for range 3 {
				if _, err, ok := next(); err != nil || !ok {
					t.Errorf("next: %v, %v", err, ok)
				}
			}
			synctest.Wait()
			if n := c.Alive.Load(); n != 5 {
				t.Errorf("%d are alive between calls of next, want 4 calls and the source", n)
			}
			stop()
			c.WantNone(t)
			if _, _, ok := next(); ok {
				t.Errorf("next yields after stop")
			}
		})
	}
}

func TestPull_MergeAndBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		next, stop := stditer.Pull2(iter.Merge(t.Context(), c.watch(endless(new(atomic.Int64))), c.watch(count(3))))
		next()
		stop()
		c.WantNone(t)
		nextBatch, stop := stditer.Pull2(iter.Batch(t.Context(), c.watch(endless(new(atomic.Int64))), 3, 0))
		if b, err, ok := nextBatch(); len(b) != 3 || err != nil || !ok {
			t.Errorf("next: %v, %v, %v", b, err, ok)
		}
		stop()
		c.WantNone(t)
	})
}

// A panic of the function comes out of next.
func TestPull_Panics(t *testing.T) {
	for _, l := range lazyLoops {
		p := testutil.Propagated(t, func() {
			next, stop := stditer.Pull2(l.loop(t.Context(), count(3), func(context.Context, int) (int, error) { panic(errBoom) }))
			defer stop()
			next()
		})
		if p.Value != errBoom {
			t.Errorf("%s: the panic is %v, want boom", l.name, p.Value)
		}
	}
}
