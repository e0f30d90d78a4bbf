package kepthandle

import (
	"context"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

var values []int

func result(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		v, err := t.Result()
		if err == nil {
			values = append(values, v)
		}
	}
}

func local(g *group.TaskGroup[int]) *group.Task[int] {
	var slowest *group.Task[int]
	for t := range waitset.Completed(g) {
		slowest = t
	}
	return slowest
}

func localSlice(g *group.TaskGroup[int]) int {
	var all []*group.Task[int]
	for t := range waitset.Completed(g) {
		all = append(all, t)
	}
	return len(all)
}

func localMap(g *group.TaskGroup[int]) int {
	byName := map[string]*group.Task[int]{}
	for t := range waitset.Completed(g) {
		byName[t.Name()] = t
	}
	return len(byName)
}

var urls = map[*group.Task[int]]string{}

func asKey(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		delete(urls, t)
	}
}

func name(c *struct{ name string }, g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		c.name = t.Name()
	}
}

func passed(ctx context.Context, s *waitset.WaitSet[*group.Task[int]], f func(*group.Task[int])) {
	for t := range s.All(ctx) {
		f(t)
	}
}
