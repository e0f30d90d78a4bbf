package group_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

func TestLI01_NeverMoreThanTheLimit(t *testing.T) {
	for _, limit := range []int{1, 2, 7} {
		synctest.Test(t, func(t *testing.T) {
			var c crew
			g := group.New[int](t.Context(), group.Limit(limit))
			start := time.Now()
			work := c.counted(func(context.Context) (int, error) {
				time.Sleep(time.Second)
				return 0, nil
			})
			for range 42 {
				g.Go(work)
			}
			_, err := g.Wait()
			testutil.WantFailures(t, err)
			if got := int(c.Most.Load()); got != limit {
				t.Errorf("limit %d: at most %d ran at once", limit, got)
			}
			if d, want := time.Since(start), time.Duration(42/limit)*time.Second; d != want {
				t.Errorf("limit %d: took %v, want %v: a free place is taken at once", limit, d, want)
			}
		})
	}
}

func TestLI01_LimitOneIsSequential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []int // unguarded: under the race detector a second task at once is a race
		g := group.New[int](t.Context(), group.Limit(1))
		var want []int
		for i := range 100 {
			want = append(want, i)
			g.Go(func(context.Context) (int, error) {
				order = append(order, i)
				return i, nil
			})
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		testutil.WantValues(t, order, want...)
		testutil.WantValues(t, vs, want...)
	})
}

// The place of a task that panics, exits or is cancelled is free again.
func TestLI01_EveryEndGivesThePlaceBack(t *testing.T) {
	ends := []struct {
		name   string
		fn     func(context.Context) (int, error)
		reason string
	}{
		{"error", failing(errBoom), "the plain case"},
		{"panic", func(context.Context) (int, error) { panic("x") }, "a panicking task gives its place back"},
		{"goexit", func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }, "so does one whose goroutine is gone"},
	}
	for _, tt := range ends {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Limit(1), group.KeepGoing(), group.PanicAsError())
			for range 5 {
				g.Go(tt.fn)
			}
			g.Go(value(7))
			vs, err := g.Wait()
			testutil.WantValues(t, vs, 7)
			if n := len(testutil.ScopeError(t, err).Failures); n != 5 {
				t.Errorf("%d failures, want 5: %s", n, tt.reason)
			}
		})
	}
}

func TestLI03_FailureStartsNothingNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crew
		g := group.New[int](t.Context(), group.Limit(3))
		g.Go(c.straggler)
		g.Go(c.straggler)
		g.Go(c.counted(failingAfter(time.Second, errBoom)), group.Name("bad"))
		for range 10 {
			g.Go(c.straggler)
		}
		_, err := g.Wait()
		c.WantNone(t)
		testutil.WantFailures(t, err, entry{"bad", 2, errBoom})
		if n := c.Begun.Load(); n != 3 {
			t.Errorf("%d tasks began, want the first three alone", n)
		}
	})
}

// Tasks that spawn two of their kind each would go on for ever, if a failed scope started any.
func TestLI07_HydraDies(t *testing.T) {
	for _, opts := range [][]group.Option{nil, {group.Limit(1)}, {group.Limit(4)}, {group.Discard()}} {
		synctest.Test(t, func(t *testing.T) {
			g := group.New[int](t.Context(), opts...)
			var heads atomic.Int32
			var hydra func(context.Context) (int, error)
			hydra = func(context.Context) (int, error) {
				n := heads.Add(1)
				time.Sleep(tick) // a generation at a time
				g.Go(hydra)
				g.Go(hydra)
				if n == 1000 {
					return 0, errBoom
				}
				return 0, nil
			}
			g.Go(hydra, group.Name("first"))
			_, err := g.Wait()
			testutil.WantError(t, "Wait", err, errBoom)
		})
	}
}

func TestTryGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.Limit(2))
		ran := false
		full := func(context.Context) (int, error) { ran = true; return 0, nil }
		if task, ok := g.TryGo(sleeping(time.Second, 1)); !ok || task == nil {
			t.Error("TryGo refuses the first task of two")
		}
		g.Go(sleeping(2*time.Second, 2))
		if task, ok := g.TryGo(full); ok || task != nil {
			t.Error("TryGo lets a third task in, or queues it")
		}
		time.Sleep(time.Second + tick)
		if task, ok := g.TryGo(value(3)); !ok || task == nil {
			t.Error("TryGo refuses although a place is free again")
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err) // a refused task is no failure
		testutil.WantValues(t, vs, 1, 2, 3)
		if ran {
			t.Error("a refused function ran")
		}
	})
}

// Without a limit there is always room.
func TestTryGo_Unlimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		for i := range 100 {
			if _, ok := g.TryGo(sleeping(time.Second, i)); !ok {
				t.Fatalf("TryGo refuses task %d", i)
			}
		}
		vs, err := g.Wait()
		testutil.WantFailures(t, err)
		if len(vs) != 100 {
			t.Errorf("%d values, want 100", len(vs))
		}
	})
}
