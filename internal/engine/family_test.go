package engine_test

import (
	"context"
	"sync"
	"testing"

	"github.com/creche-go/creche/internal/engine"
)

// L3: what is opened with the context of a task, or of a scope, that has ended is nobody's.
func TestL3_OpenedAfterTheEnd(t *testing.T) {
	var s engine.Scope
	release := make(chan struct{})
	s.Open(context.Background(), &runner{work: func(*engine.Node) { <-release }}, nil)
	task := submit(&s)
	for of, parent := range map[string]context.Context{"task": task.Context(), "scope": s.Context()} {
		var early engine.Scope
		early.Open(parent, idle(), nil)
		if early.Within() != &s {
			t.Errorf("a scope that was opened with the context of the %s does not lie within", of)
		}
		early.Join()
		early.Close()
	}
	close(release)
	s.Join()
	if left := append(task.Open(), s.OpenBelow()...); len(left) > 0 {
		t.Errorf("left open: %v, want nothing", left)
	}
	s.Close()
	for of, parent := range map[string]context.Context{"task": task.Context(), "scope": s.Context()} {
		var late engine.Scope
		late.Open(parent, idle(), nil)
		if in := late.Within(); in != nil {
			t.Errorf("a scope that was opened after the end of the %s lies within %v", of, in)
		}
		late.Join()
		late.Close()
	}
	if left := append(task.Open(), s.OpenBelow()...); len(left) > 0 {
		t.Errorf("left open after the end: %v, want nothing", left)
	}
}

// L3: a task may open scopes from several goroutines at once, and close them in any order.
func TestStress_L3_Families(t *testing.T) {
	rounds := 20_000
	if testing.Short() {
		rounds = 10_000
	}
	var s engine.Scope
	s.Open(context.Background(), &runner{work: func(n *engine.Node) {
		var kept [4]engine.Scope
		var wg sync.WaitGroup
		for i := range kept {
			wg.Go(func() {
				for round := range rounds {
					var mine [8]engine.Scope
					for j := range mine {
						mine[j].Open(n.Context(), idle(), nil)
					}
					for j := range mine {
						x := &mine[(j*3+round)%len(mine)] // in another order
						if x.Within() != &s {
							t.Error("a scope does not lie within the task's")
						}
						x.Join()
						x.Close()
						x.Close() // again
					}
				}
				kept[i].Open(n.Context(), idle(), nil)
			})
		}
		wg.Wait()
		left := map[*engine.Scope]int{}
		for _, x := range n.Open() {
			left[x]++
			x.Join()
			x.Close()
		}
		for i := range kept {
			if left[&kept[i]] != 1 || len(left) != len(kept) {
				t.Errorf("left open: %v, want scope %d once", left, i)
			}
		}
	}}, nil)
	submit(&s)
	s.Join()
	s.Close()
}
