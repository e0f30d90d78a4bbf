package engine

import (
	"context"
	"fmt"
	"time"
)

// A scope and a node are contexts that cost nothing until somebody waits on them: Err looks at a few words, and only Done
// and AfterFunc make a signal. The method AfterFunc is how the context package attaches derived contexts to a type that is
// not its own, without a goroutine.

// Deadline implements context.Context.
func (s *Scope) Deadline() (time.Time, bool) {
	if w := s.wait.Load(); w != nil {
		return earliest(s.parent, w.deadline)
	}
	return s.parent.Deadline()
}

// Done implements context.Context.
func (s *Scope) Done() <-chan struct{} {
	ctx := &s.waits().ctx
	return s.channel(&ctx.signal, ctx, s.over)
}

// Err implements context.Context.
func (s *Scope) Err() error {
	if c := s.canceled.Load(); c != nil {
		return c.Err
	}
	if s.mortal {
		return s.parent.Err()
	}
	return nil
}

// Value implements context.Context.
func (s *Scope) Value(key any) any {
	if key == (ownerKey{}) {
		return &s.waits().family
	}
	if c := s.canceled.Load(); c != nil {
		return c.value(s.parent, key)
	}
	return s.parent.Value(key)
}

// AfterFunc calls f once the context has ended; stop reports whether it prevented that.
func (s *Scope) AfterFunc(f func()) (stop func() bool) {
	ctx := &s.waits().ctx
	return s.after(&ctx.signal, ctx, s.over, f)
}

func (s *Scope) over() bool { return s.canceled.Load() != nil }

// String names the context, as the contexts of the standard library do.
func (s *Scope) String() string { return fmt.Sprint(s.parent, ".scope") }

// Deadline implements context.Context.
func (n *Node) Deadline() (time.Time, bool) {
	if a := n.asked(); a != nil {
		return earliest(n.scope(), a.deadline)
	}
	return n.scope().Deadline()
}

// Done implements context.Context. The channel is closed when the task is cancelled, or ends.
func (n *Node) Done() <-chan struct{} {
	ctx := &n.extra().ctx
	return n.scope().channel(&ctx.signal, ctx, n.over)
}

// Err implements context.Context.
func (n *Node) Err() error {
	if c := n.Canceled(); c != nil {
		return c.Err
	}
	if err := n.scope().Err(); err != nil {
		return err
	}
	if n.stage().ended() {
		return context.Canceled
	}
	return nil
}

// Value implements context.Context.
func (n *Node) Value(key any) any {
	switch key {
	case nodeKey{}:
		return n
	case ownerKey{}:
		return n.family()
	}
	if c := n.Canceled(); c != nil {
		return c.value(n.scope(), key)
	}
	return n.scope().Value(key)
}

// AfterFunc is as Scope's.
func (n *Node) AfterFunc(f func()) (stop func() bool) {
	ctx := &n.extra().ctx
	return n.scope().after(&ctx.signal, ctx, n.over, f)
}

func (n *Node) over() bool {
	return n.scope().over() || n.Canceled() != nil || n.stage().ended()
}

// String names the context, as the contexts of the standard library do.
func (n *Node) String() string { return fmt.Sprintf("%v.task(%d)", n.scope(), n.Index()) }

// earliest returns the deadline of ctx or t, whichever is first; the zero t is none.
func earliest(ctx context.Context, t time.Time) (time.Time, bool) {
	if d, ok := ctx.Deadline(); ok && (t.IsZero() || d.Before(t)) {
		return d, true
	}
	return t, !t.IsZero()
}
