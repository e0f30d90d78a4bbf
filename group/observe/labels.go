package observe

import (
	"context"
	"runtime/pprof"
	"sync/atomic"
	"unsafe"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/site"
)

// Labels labels the goroutines that run tasks of the scope, and of those below it, for the profiler: one that runs a task has the labels creche.scope and
// creche.task, which are the names of the two, beside those of the context that the scope was opened with. So has a goroutine that the
// task starts. What follows a task on its goroutine, such as a filter of the scope, still has the labels of the task; nothing but another
// task follows for long.
//
//	go tool pprof -tagfocus creche.task=resize cpu.pprof
//
// The labels are the goroutine's; the task's context does not have them. So a task that calls [pprof.Do] itself has its own labels instead of
// these for that long, and none of these afterwards.
func Labels() group.Option {
	return group.Observe(label, group.ScopeOpened, group.TaskStarted)
}

// labeled is the context of a scope whose tasks are labelled.
type labeled struct {
	context.Context
	scope group.ScopeInfo
	title string
	// tasks has the labels of tasks by their names. Where two of these meet, the later one stays.
	tasks [16]atomic.Pointer[taskLabels]
}

type taskLabels struct {
	name   string
	labels *labels
}

var labeledKey byte

func (s *labeled) Value(key any) any {
	if key == &labeledKey {
		return s
	}
	return s.Context.Value(key)
}

func label(ctx context.Context, e group.Event) context.Context {
	switch e.Kind {
	case group.ScopeOpened:
		if s := labeledOf(ctx); s == nil || s.scope != e.Scope {
			return &labeled{Context: ctx, scope: e.Scope, title: site.Title(e.Scope)}
		}
	case group.TaskStarted:
		if s := labeledOf(ctx); s != nil && s.scope == e.Scope {
			pprof.SetGoroutineLabels(s.inside(e.Task.Name()))
		}
	}
	return nil
}

func labeledOf(ctx context.Context) *labeled {
	s, _ := ctx.Value(&labeledKey).(*labeled)
	return s
}

// inside returns the labels of a task.
func (s *labeled) inside(name string) *labels {
	// Tasks of one name mostly have the very same string, so its address serves as its hash.
	slot := &s.tasks[uintptr(unsafe.Pointer(unsafe.StringData(name)))>>4%uintptr(len(s.tasks))]
	l := slot.Load()
	if l == nil || l.name != name {
		l = &taskLabels{name, labelsOf(pprof.WithLabels(s.Context, pprof.Labels("creche.scope", s.title, "creche.task", name)))}
		slot.Store(l)
	}
	return l.labels
}

// labels is a context for SetGoroutineLabels, which finds labels there in half the time that it takes in another. There is nothing else in it.
type labels struct {
	context.Context
	value any
	found bool
}

// Value is only ever asked for labels.
func (l *labels) Value(key any) any {
	if !l.found {
		l.value, l.found = l.Context.Value(key), true
	}
	return l.value
}

func labelsOf(ctx context.Context) *labels {
	l := &labels{Context: ctx}
	pprof.ForLabels(l, func(string, string) bool { return false }) // so that they are found before anybody else has l
	l.Context = context.Background()
	return l
}
