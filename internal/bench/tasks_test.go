package main

import (
	"context"
	"sync"

	"github.com/creche-go/creche/group"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// A spawner starts n tasks that all call task, then calls owner, then joins the tasks.
type spawner struct {
	name string
	run  func(n int, task, owner func())
}

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
