package timeline

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/creche-go/creche/group"
)

// tree makes one of what the recorder knows now.
func (r *Recorder) tree() *tree {
	b := builder{openings: map[uint32]*opening{}, scopes: map[uint32]*span{}, tasks: map[taskKey]*span{}}
	for _, o := range r.scopes() { // first: one that ends meanwhile is among the events as well
		b.openings[o.number] = o
		b.to = time.Since(r.began)
	}
	events, dropped := r.ring.events()
	for i, e := range events {
		if i == 0 || e.at < b.from {
			b.from = e.at
		}
		b.to = max(b.to, e.at)
		if e.ended != nil {
			b.openings[e.scope] = e.ended
		}
	}
	for _, o := range b.openings {
		if dropped == 0 && (len(events) == 0 || o.opened < b.from) {
			b.from = o.opened
		}
	}
	b.build(events)
	t := &tree{roots: b.roots(), end: b.to - b.from, dropped: dropped}
	t.each(func(s *span, _ int) {
		s.queued, s.start, s.end = s.queued-b.from, s.start-b.from, s.end-b.from
		if s.cut && !s.scope {
			t.cut++
		}
	})
	markCritical(t.roots, t.end)
	return t
}

// builder puts together what the events tell.
type builder struct {
	from, to time.Duration // of what is in the buffer
	openings map[uint32]*opening
	scopes   map[uint32]*span
	tasks    map[taskKey]*span
}

type taskKey struct {
	scope uint32
	index int32
}

const unknown = -1 // of a time

func (b *builder) build(events []event) {
	for number, o := range b.openings {
		s := &span{name: o.name, scope: true, state: o.state, start: max(o.opened, b.from), end: o.ended, cut: o.opened < b.from}
		if !s.ended() {
			s.end = b.to
		}
		s.queued = s.start
		b.scopes[number] = s
	}
	for _, e := range events {
		if e.ended == nil && b.scopes[e.scope] != nil {
			b.add(e)
		}
	}
	for key, s := range b.tasks {
		b.complete(s)
		scope := b.scopes[key.scope]
		scope.below = append(scope.below, s)
	}
}

// add notes what e tells of a task. If it is told twice, the first time counts.
func (b *builder) add(e event) {
	key := taskKey{e.scope, e.index}
	s := b.tasks[key]
	if s == nil {
		s = &span{name: e.name, index: int(e.index), daemon: e.daemon, queued: unknown, start: unknown}
		b.tasks[key] = s
	}
	switch {
	case e.kind == group.TaskQueued && !s.timed:
		s.queued, s.timed = e.at, true
	case e.kind == group.TaskStarted && s.start == unknown:
		s.start = e.at
		s.state = max(s.state, group.Running)
	case e.kind == group.TaskEnded && !s.ended():
		s.end, s.state = e.at, e.state
	}
}

// complete fills in the times that no event has told.
func (b *builder) complete(s *span) {
	if !s.ended() {
		s.end = b.to
	}
	if s.start == unknown {
		s.start = s.end
		if s.began() {
			s.start, s.cut = b.from, true
		}
	}
	if !s.timed {
		s.queued = s.start
	}
	s.queued = min(s.queued, s.start) // a task that could run at once may begin before anybody is told that it was queued
}

// roots puts the scopes where they lie, and returns those that lie in no other.
func (b *builder) roots() (roots []*span) {
	for _, number := range slices.Sorted(maps.Keys(b.openings)) {
		s, o := b.scopes[number], b.openings[number]
		list := &roots
		if task := b.tasks[taskKey{o.parent, o.task}]; task != nil {
			list = &task.below
		} else if above := b.scopes[o.parent]; above != nil {
			list = &above.below
		}
		*list = append(*list, s)
	}
	for _, s := range b.scopes {
		slices.SortStableFunc(s.below, inOrder)
	}
	return roots
}

// inOrder compares neighbours: they are in the order in which they were asked for, and of the same moment tasks are before scopes.
func inOrder(a, b *span) int {
	rank := func(s *span) int {
		if s.scope {
			return math.MaxInt
		}
		return s.index
	}
	return cmp.Or(cmp.Compare(a.queued, b.queued), cmp.Compare(rank(a), rank(b)))
}
