package kepthandle

import (
	"context"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

var last *group.Task[int]

var history []*group.Task[int]

func global(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		last = t // want `last keeps the task's whole scope in memory`
	}
}

func globalSlice(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		history = append(history, t) // want `history keeps the task's whole scope`
	}
}

type cache struct {
	last  *group.Task[int]
	byKey map[int]*group.Task[int]
}

func (c *cache) field(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		c.last = t // want `c.last keeps the task's whole scope`
	}
}

func (c *cache) element(g *group.TaskGroup[int]) {
	for t := range waitset.Completed(g) {
		c.byKey[t.Index()] = t // want `c.byKey\[t.Index\(\)\] keeps the task's whole scope`
	}
}

func set(ctx context.Context, s *waitset.WaitSet[*group.Task[int]], m map[string]*group.Task[int]) {
	for t := range s.All(ctx) {
		m[t.Name()] = t // want `m\[t.Name\(\)\] keeps the task's whole scope`
	}
}

type entry struct{ task *group.Task[int] }

func literal(g *group.TaskGroup[int], entries []entry) {
	for t := range waitset.Completed(g) {
		entries[t.Index()] = entry{t} // want `entries\[t.Index\(\)\] keeps the task's whole scope`
	}
}
