package engine_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/creche-go/creche/internal/engine"
)

// told counts how often it was told of an end.
type told struct{ atomic.Int32 }

func (n *told) Ended() { n.Add(1) }

func counts(bells []told) (n []int32) {
	for i := range bells {
		n = append(n, bells[i].Load())
	}
	return n
}

// W1: whoever takes a subscription back is not told, and the others are, wherever in the list it is.
func TestW1_UnsubscribeFromAnyPlace(t *testing.T) {
	for gone := range 4 {
		var s engine.Scope
		release := make(chan struct{})
		s.Open(context.Background(), &runner{work: func(*engine.Node) { <-release }}, nil)
		task, other := submit(&s), submit(&s)
		var xs [4]engine.Subscription
		var bells [4]told
		for i := range xs {
			if !task.Subscribe(&xs[i], &bells[i]) {
				t.Fatal("Subscribe: false, though the task runs")
			}
		}
		if !task.Unsubscribe(&xs[gone]) {
			t.Errorf("Unsubscribe of subscription %d: false, though the task runs", gone)
		}
		if task.Unsubscribe(&xs[gone]) {
			t.Errorf("Unsubscribe of subscription %d again: true", gone)
		}
		// Which may be used for another task now.
		var bell told
		if !other.Subscribe(&xs[gone], &bell) {
			t.Fatal("Subscribe to another task: false, though it runs")
		}
		close(release)
		s.Join()
		s.Close()
		want := []int32{1, 1, 1, 1}
		want[gone] = 0
		if got := counts(bells[:]); !slices.Equal(got, want) || bell.Load() != 1 {
			t.Errorf("without subscription %d: told %v times, and %d times of the other task, want %v and 1", gone, got, bell.Load(), want)
		}
		if task.Subscribe(&xs[0], &bell) || task.Unsubscribe(&xs[1]) || bell.Load() != 1 {
			t.Errorf("after the end: told %d times, want false, false and 1", bell.Load())
		}
	}
}

// W1: several goroutines may subscribe to a task, and take it back, at the same time.
func TestStress_W1_Subscribers(t *testing.T) {
	rounds := 20_000
	if testing.Short() {
		rounds = 5_000
	}
	var s engine.Scope
	release := make(chan struct{})
	s.Open(context.Background(), &runner{work: func(*engine.Node) { <-release }}, nil)
	task := submit(&s)
	bells := make([]told, 4)
	var wg sync.WaitGroup
	for i := range bells {
		wg.Go(func() {
			var mine [16]engine.Subscription // many, so that who takes one back has a long list to go through
			var bell told
			for range rounds {
				for j := range mine {
					task.Subscribe(&mine[j], &bell)
				}
				for j := range mine {
					if !task.Unsubscribe(&mine[j]) {
						t.Error("Unsubscribe: false, though the task runs")
						return
					}
				}
			}
			task.Subscribe(&mine[0], &bells[i])
		})
	}
	wg.Wait()
	close(release)
	s.Join()
	s.Close()
	if got := counts(bells); !slices.Equal(got, []int32{1, 1, 1, 1}) {
		t.Errorf("told %v times, want once each", got)
	}
}
