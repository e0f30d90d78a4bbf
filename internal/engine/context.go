package engine

import (
	"context"
	"fmt"
	"reflect"
	"time"
)

// A scope and a node are contexts that cost nothing until somebody waits on them: Err looks at a few words, and only Done
// and AfterFunc make a signal. The method AfterFunc is how the context package attaches derived contexts to a type that is
// not its own, without a goroutine.

// scopeContext and nodeContext are a scope and a node with no other methods than those of a context, for they come into users' hands.
type (
	scopeContext Scope
	nodeContext  Node
)

// Context returns the scope's context.
func (s *Scope) Context() context.Context { return (*scopeContext)(s) }

// Context returns the task's context.
func (n *Node) Context() context.Context { return (*nodeContext)(n) }

func (c *scopeContext) Deadline() (time.Time, bool) {
	if w := (*Scope)(c).wait.Load(); w != nil {
		return earliest(c.parent, w.deadline)
	}
	return c.parent.Deadline()
}

func (c *scopeContext) Done() <-chan struct{} {
	s := (*Scope)(c)
	ctx := &s.waits().ctx
	return s.channel(&ctx.signal, ctx, s.over)
}

func (c *scopeContext) Err() error { return (*Scope)(c).err() }

func (s *Scope) err() error {
	c := s.Poll()
	if c == nil {
		return nil
	}
	if w := s.wait.Load(); w != nil {
		s.seen(&w.ctx)
	}
	return c.Err
}

func (c *scopeContext) Value(key any) any {
	s := (*Scope)(c)
	if key == (ownerKey{}) {
		return &s.waits().family
	}
	if c := s.canceled.Load(); c != nil {
		return c.value(s.parent, key)
	}
	return s.parent.Value(key)
}

func (c *scopeContext) AfterFunc(f func()) (stop func() bool) { return (*Scope)(c).AfterFunc(f) }

// AfterFunc calls f once the scope's context has ended, on the goroutine that ends it; stop reports whether it prevented that.
func (s *Scope) AfterFunc(f func()) (stop func() bool) {
	ctx := &s.waits().ctx
	return s.after(ctx, s.over, f)
}

func (s *Scope) over() bool { return s.canceled.Load() != nil }

// String names the context, as the contexts of the standard library do.
func (c *scopeContext) String() string { return contextName(c.parent) + ".scope" }

func (c *nodeContext) Deadline() (time.Time, bool) {
	n := (*Node)(c)
	if a := n.asked(); a != nil {
		return earliest(n.scope().Context(), a.deadline)
	}
	return n.scope().Context().Deadline()
}

// Done returns a channel that is closed when the task is cancelled, or ends.
func (c *nodeContext) Done() <-chan struct{} {
	n := (*Node)(c)
	ctx := &n.extra().ctx
	return n.scope().channel(&ctx.signal, ctx, n.over)
}

func (c *nodeContext) Err() error {
	n := (*Node)(c)
	err := n.err()
	if e := n.ext.Load(); e != nil && err != nil {
		n.scope().seen(&e.ctx)
	}
	return err
}

func (n *Node) err() error {
	if c := n.Canceled(); c != nil {
		return c.Err
	}
	if c := n.scope().Poll(); c != nil {
		return c.Err
	}
	if n.stage().ended() {
		return context.Canceled
	}
	return nil
}

func (c *nodeContext) Value(key any) any {
	n := (*Node)(c)
	switch key {
	case nodeKey{}:
		return n
	case ownerKey{}:
		return n.family()
	}
	if c := n.Canceled(); c != nil {
		return c.value(n.scope().Context(), key)
	}
	return n.scope().Context().Value(key)
}

// AfterFunc is as that of a scope's context.
func (c *nodeContext) AfterFunc(f func()) (stop func() bool) {
	n := (*Node)(c)
	ctx := &n.extra().ctx
	return n.scope().after(ctx, n.over, f)
}

func (n *Node) over() bool { return n.scope().over() || n.Canceled() != nil || n.stage().ended() }

// String names the context, as the contexts of the standard library do.
func (c *nodeContext) String() string {
	n := (*Node)(c)
	return fmt.Sprintf("%v.task(%d)", n.scope().Context(), n.Index())
}

// contextName does not print the fields of a foreign context, which others may write.
func contextName(ctx context.Context) string {
	if s, ok := ctx.(fmt.Stringer); ok {
		return s.String()
	}
	return reflect.TypeOf(ctx).String()
}

// earliest returns the deadline of ctx or t, whichever is first; the zero t is none.
func earliest(ctx context.Context, t time.Time) (time.Time, bool) {
	if d, ok := ctx.Deadline(); ok && (t.IsZero() || d.Before(t)) {
		return d, true
	}
	return t, !t.IsZero()
}
