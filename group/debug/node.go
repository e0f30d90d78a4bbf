package debug

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// node is a scope in the tree. It is also the context that the scope is opened with: so it lives as long as the scope does, and everybody
// who has a context of the scope or of one of its tasks finds it.
type node struct {
	context.Context
	info   group.ScopeInfo
	id     int64
	opened time.Duration
	around group.Handle // the task within which the scope was opened, of whatever scope; or nil
	parent *node        // of the scope around; nil if that is not in the tree
	sibling
	below   family
	tasks   tasks
	history history
}

// nodeKey is the key for which a node's context has the node.
var nodeKey byte

func (n *node) Value(key any) any {
	if key == &nodeKey {
		return n
	}
	return n.Context.Value(key)
}

// AfterFunc is how the context package attaches a derived context without a goroutine. Where the context that we stand for lets it, so do we.
func (n *node) AfterFunc(f func()) (stop func() bool) {
	if c, ok := n.Context.(interface {
		AfterFunc(func()) (stop func() bool)
	}); ok {
		return c.AfterFunc(f)
	}
	return context.AfterFunc(n.Context, f)
}

// owner returns the task of the parent within which the scope was opened, or nil if that was no task but its body.
func (n *node) owner() group.Handle {
	if n.parent == nil || n.around == n.parent.around {
		return nil
	}
	return n.around
}

// leave takes a scope that has ended out of the tree.
func (n *node) leave() {
	if n.parent == nil || !n.parent.below.remove(n) {
		roots.remove(n)
	}
	n.below.close()
	n.tasks.close()
}

var lastID atomic.Int64

// epoch is what moments are counted from. To read the clock like that costs half of what time.Now does.
var epoch = time.Now()

// now returns the present moment, which is positive even in a bubble of testing/synctest, where it always is about the year 2000.
func now() time.Duration { return time.Since(epoch) + 150*365*24*time.Hour }
