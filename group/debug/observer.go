package debug

import (
	"context"

	"github.com/creche-go/creche/group"
)

// Observe enters the scope, those below it and their tasks into the live tree, of which a program has one. Put it at the scopes where
// the tree is to begin.
//
//	group.Run(ctx, body, debug.Observe())
//
// A scope leaves the tree when it ends, or when the program cannot reach it any more. The tree keeps no scope in memory.
func Observe() group.Option {
	return group.Observe(observe, group.ScopeOpened, group.TaskQueued, group.TaskStarted, group.ScopeEnded)
}

// observe has no state: what is known of a scope lies in its context. So it does not matter how often a scope is told of.
func observe(ctx context.Context, e group.Event) context.Context {
	switch e.Kind {
	case group.ScopeOpened:
		return enter(ctx, e)
	case group.TaskQueued:
		if n := nodeOf(ctx, e.Scope); n != nil {
			n.tasks.add(e.Task)
		}
	case group.TaskStarted:
		if n := nodeOf(ctx, e.Scope); n != nil {
			n.tasks.begin(e.Task)
		}
	case group.ScopeEnded:
		if n := nodeOf(ctx, e.Scope); n != nil {
			n.leave()
		}
	}
	return nil
}

// enter puts a scope that is being opened into the tree, and returns the context for it.
func enter(ctx context.Context, e group.Event) context.Context {
	above := nearest(ctx)
	if above != nil && above.info == e.Scope {
		return nil
	}
	n := &node{Context: ctx, info: e.Scope, id: lastID.Add(1), opened: now(), around: e.Task, parent: above}
	// What is opened with the context of a task or scope that has ended belongs to nobody.
	orphan := above == nil || e.Task != nil && e.Task.State() >= group.Succeeded
	if orphan || !above.below.add(n) {
		roots.add(n)
	}
	return n
}

// nodeOf returns the node of s, whose context ctx is or derives from, or nil if another observer has left ours out.
func nodeOf(ctx context.Context, s group.ScopeInfo) *node {
	if n := nearest(ctx); n != nil && n.info == s {
		return n
	}
	return nil
}

// nearest returns the node of the innermost scope around.
func nearest(ctx context.Context) *node {
	n, ok := ctx.(*node) // as often, and to ask for a value takes longer
	if !ok {
		n, _ = ctx.Value(&nodeKey).(*node)
	}
	return n
}
