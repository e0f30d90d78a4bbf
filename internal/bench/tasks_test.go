package main

import (
	"context"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// A spawner starts n tasks that all call task, then calls owner, then joins the tasks.
type spawner struct {
	name string
	run  func(n int, task, owner func())
}

// lo is not among them: its functions return when all tasks have ended, with no room for an owner.
var spawners = []spawner{
	{"go", func(n int, task, owner func()) {
		var wg sync.WaitGroup
		for range n {
			wg.Add(1)
			go func() {
				defer wg.Done()
				task()
			}()
		}
		owner()
		wg.Wait()
	}},
	{"errgroup", func(n int, task, owner func()) {
		g, _ := errgroup.WithContext(context.Background())
		f := func() error { task(); return nil }
		for range n {
			g.Go(f)
		}
		owner()
		must(g.Wait() == nil)
	}},
	{"conc", func(n int, task, owner func()) {
		p := pool.New()
		for range n {
			p.Go(task)
		}
		owner()
		p.Wait()
	}},
	{"pond", func(n int, task, owner func()) {
		g := pondOf(unlimited, pond.Unbounded).NewGroup()
		for range n {
			g.Submit(task)
		}
		owner()
		must(g.Wait() == nil)
	}},
	{"ants", func(n int, task, owner func()) {
		p := antsOf(unlimited)
		var wg sync.WaitGroup
		f := func() { defer wg.Done(); task() }
		for range n {
			wg.Add(1)
			must(p.Submit(f) == nil)
		}
		owner()
		wg.Wait()
	}},
	{"creche", func(n int, task, owner func()) {
		_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[struct{}]) error {
			f := func(context.Context) error { task(); return nil }
			for range n {
				g.Do(f)
			}
			owner()
			return nil
		})
		must(err == nil)
	}},
}

// peersOf returns the spawners as peers whose tasks all call task.
func peersOf(task func()) []peer {
	var ps []peer
	for _, s := range spawners {
		ps = append(ps, peer{s.name, func(n int) { s.run(n, task, func() {}) }})
	}
	return ps
}
