package timeline

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
)

// outline writes a tree as name(below below).
func outline(list []*span) string {
	var parts []string
	for _, s := range list {
		text := s.name
		if len(s.below) > 0 {
			text += "(" + outline(s.below) + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// A scope lies in the task, or in the body, that opened it.
func TestTree(t *testing.T) {
	type tasks = group.TaskGroup[struct{}]
	scope := func(ctx context.Context, name string, body func(ctx context.Context, g *tasks), opts ...group.Option) {
		group.Run(ctx, func(ctx context.Context, g *tasks) error { body(ctx, g); return nil }, append(opts, group.Name(name))...)
	}
	leaf := func(_ context.Context, g *tasks) {
		g.Do(func(context.Context) error { return nil }, group.Name("leaf"))
	}
	synctest.Test(t, func(t *testing.T) {
		r := New(100)
		scope(t.Context(), "a", func(ctx context.Context, g *tasks) {
			scope(ctx, "b", leaf)
			g.Do(func(ctx context.Context) error {
				scope(ctx, "c", func(ctx context.Context, g *tasks) {
					leaf(ctx, g)
					time.Sleep(time.Nanosecond)
					scope(ctx, "d", leaf)
				})
				scope(context.WithValue(ctx, taskKey{}, 1), "e", leaf)
				return nil
			}, group.Name("task"))
		}, r.Observe())
		if got, want := outline(r.tree().roots), "a(task(c(leaf d(leaf)) e(leaf)) b(leaf))"; got != want {
			t.Errorf("the tree is %s, want %s", got, want)
		}
	})
}

// Events come late, twice, and not at all.
func TestBuild(t *testing.T) {
	tests := []struct {
		name   string
		events []event
		want   string
	}{
		{"in order", []event{{at: 1, kind: group.TaskQueued}, {at: 3, kind: group.TaskStarted}, {at: 7, kind: group.TaskEnded, state: group.Failed}}, "1 3 7 Failed timed"},
		{"queued late", []event{{at: 3, kind: group.TaskStarted}, {at: 4, kind: group.TaskQueued}, {at: 7, kind: group.TaskEnded, state: group.Succeeded}}, "3 3 7 Succeeded timed"},
		{"queued last", []event{{at: 3, kind: group.TaskStarted}, {at: 4, kind: group.TaskEnded, state: group.Succeeded}, {at: 7, kind: group.TaskQueued}}, "3 3 4 Succeeded timed"},
		{"all twice", []event{{at: 1, kind: group.TaskQueued}, {at: 2, kind: group.TaskQueued}, {at: 3, kind: group.TaskStarted}, {at: 4, kind: group.TaskStarted},
			{at: 5, kind: group.TaskEnded, state: group.Succeeded}, {at: 6, kind: group.TaskEnded, state: group.Failed}}, "1 3 5 Succeeded timed"},
		{"runs", []event{{at: 1, kind: group.TaskQueued}, {at: 3, kind: group.TaskStarted}}, "1 3 9 Running timed"},
		{"waits", []event{{at: 1, kind: group.TaskQueued}}, "1 9 9 Queued timed"},
		{"never began", []event{{at: 1, kind: group.TaskQueued}, {at: 4, kind: group.TaskEnded, state: group.NotStarted}}, "1 4 4 NotStarted timed"},
		{"only the end", []event{{at: 5, kind: group.TaskEnded, state: group.Succeeded}}, "0 0 5 Succeeded cut"},
		{"only the end of one that never began", []event{{at: 5, kind: group.TaskEnded, state: group.NotStarted}}, "5 5 5 NotStarted"},
		{"no longer known when it was queued", []event{{at: 3, kind: group.TaskStarted}, {at: 5, kind: group.TaskEnded, state: group.Succeeded}}, "3 3 5 Succeeded"},
	}
	for _, tt := range tests {
		b := builder{to: 9, openings: map[uint32]*opening{0: {task: -1, state: group.Running}}, scopes: map[uint32]*span{}, tasks: map[taskKey]*span{}}
		b.build(tt.events)
		s := b.tasks[taskKey{}]
		got := fmt.Sprintf("%d %d %d %v", s.queued, s.start, s.end, s.state)
		if s.timed {
			got += " timed"
		}
		if s.cut {
			got += " cut"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Who was overtaken by a whole round loses the event, not the later one.
func TestRing_Overtaken(t *testing.T) {
	r := ring{slots: make([]slot, 1)}
	r.slots[0] = slot{number: 2, event: event{name: "later"}}
	r.put(event{name: "overtaken"})
	if events, _ := r.events(); len(events) != 1 || events[0].name != "later" {
		t.Errorf("there is %+v", events)
	}
}
