package group_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// A scale adds up the weights of what runs at a time, and notes what begins and when.
type scale struct {
	mu        sync.Mutex
	start     time.Time
	now, most int
	order     []string
	begun     map[string]time.Duration
}

func newScale() *scale { return &scale{start: time.Now(), begun: make(map[string]time.Duration)} }

func (s *scale) add(weight int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now += weight
	s.most = max(s.most, s.now)
}

// work is a task that lies on the scale for d.
func (s *scale) work(name string, weight int, d time.Duration) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		s.add(weight)
		defer s.add(-weight)
		s.mu.Lock()
		s.order = append(s.order, name)
		s.begun[name] = time.Since(s.start)
		s.mu.Unlock()
		time.Sleep(d)
		return weight, nil
	}
}

// wantBegun compares when tasks began, in seconds.
func (s *scale) wantBegun(t *testing.T, want map[string]int) {
	t.Helper()
	for name, seconds := range want {
		if d, ok := s.begun[name]; !ok || d != time.Duration(seconds)*time.Second {
			t.Errorf("%s began after %v (%v), want %d s; the order was %v", name, d, ok, seconds, s.order)
		}
	}
}

// waitAll waits for several scopes at once.
func waitAll(t *testing.T, gs ...*intGroup) {
	t.Helper()
	var wg sync.WaitGroup
	for _, g := range gs {
		wg.Go(func() {
			_, err := g.Wait()
			testutil.WantFailures(t, err)
		})
	}
	wg.Wait()
}

func TestS3_SharedLimitHoldsForAllScopesTogether(t *testing.T) {
	tests := []struct {
		size, weight int
		opts         []group.Option
		most         int // at once
		took         time.Duration
		reason       string
	}{
		{1, 1, nil, 1, 24 * time.Second, "one at a time, wherever it belongs"},
		{3, 1, nil, 3, 8 * time.Second, "the plain case"},
		{4, 2, nil, 4, 12 * time.Second, "weights are what counts"},
		{5, 2, nil, 4, 12 * time.Second, "what does not fit waits"},
		{3, 3, nil, 3, 24 * time.Second, "one may be as heavy as all"},
		{100, 1, nil, 24, time.Second, "room for all"},
		{3, 1, []group.Option{group.Limit(1)}, 2, 12 * time.Second, "a scope's own limit holds too"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, fmt.Sprint(tt.size, " ", tt.weight, " ", tt.opts), func(t *testing.T) {
			s := newScale()
			shared := group.Options(append(tt.opts, group.SharedLimit(group.NewLimiter(tt.size)))...)
			a, b := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
			for range 12 {
				a.Go(s.work("a", tt.weight, time.Second), group.Weight(tt.weight))
				b.Go(s.work("b", tt.weight, time.Second), group.Weight(tt.weight))
			}
			waitAll(t, a, b)
			if d := time.Since(s.start); s.most != tt.most || d != tt.took {
				t.Errorf("a weight of %d at once, %v; want %d and %v: %s", s.most, d, tt.most, tt.took, tt.reason)
			}
		})
	}
}

// Whatever ends a task gives its whole weight back.
func TestS3_EveryEndGivesTheWeightBack(t *testing.T) {
	ends := map[string]func(context.Context) (int, error){
		"value": value(1), "error": failing(errBoom), "panic": panickingTask, "goexit": goexitingTask,
	}
	for name, fn := range ends {
		testutil.Bubble(t, name, func(t *testing.T) {
			shared := group.SharedLimit(group.NewLimiter(3))
			g := group.New[int](t.Context(), shared, group.KeepGoing(), group.PanicAsError())
			for range 5 {
				g.Go(fn, group.Weight(2))
				g.Go(fn)
			}
			g.Wait()
			other := group.New[int](t.Context(), shared)
			if _, ok := other.TryGo(value(7), group.Weight(3)); !ok {
				t.Error("the limiter is not empty")
			}
			waitAll(t, other)
		})
	}
}
