package engine

import (
	"context"
	"time"

	"github.com/creche-go/creche/internal/sched"
)

// Cancellation says why a context ended: what its Err and its context.Cause are, and who ended it.
type Cancellation struct {
	Err, Cause error
	From       Origin
	Number     int                            // the caller's own
	std        sched.Pointer[context.Context] // see standard
}

// Origin tells who cancelled.
type Origin uint8

// The origins of a cancellation that the machine knows. The caller of Cancel numbers his own from ByCaller on.
const (
	ByEnd     Origin = iota // nobody: the scope has ended
	ByParent                // the context that the scope was opened with
	ByTimeout               // the timeout of the scope, or of the task
	ByCaller
)

var endOfScope = &Cancellation{Err: context.Canceled, Cause: context.Canceled, From: ByEnd}

// Timeout is a duration after which a context ends, and the cause it then has.
type Timeout struct {
	After time.Duration // 0: none
	Cause error
}

func (t Timeout) start(end func(*Cancellation)) (time.Time, *hand) {
	h := new(hand)
	h.running.Add(1)
	h.cancel = sched.AfterFunc(t.After, func() {
		defer h.running.Done()
		end(&Cancellation{Err: context.DeadlineExceeded, Cause: t.Cause, From: ByTimeout})
	})
	return sched.Now().Add(t.After), h
}

// Cancel ends the contexts of the scope and of its tasks, and refuses the tasks that have not begun. It reports whether it
// did; only the first cancellation counts.
func (s *Scope) Cancel(c *Cancellation) bool { return s.CancelBy(c, nil) }

// CancelBy is Cancel for a task whose end is the reason: end, which is called in any case, comes before that of the tasks that are refused
// because of it, and before anybody is told.
func (s *Scope) CancelBy(c *Cancellation, end func()) bool {
	if m := s.tasks(); m != nil {
		m.enterAnyway() // the scope does not end before its canceller has done
		defer m.exit()
	}
	first := s.canceled.CompareAndSwap(nil, c)
	if end != nil {
		end()
	}
	if !first {
		return false
	}
	s.fireAll()
	if m := s.tasks(); m != nil { // again: there may be one only now; tasks that come later see for themselves
		m.dismiss(c)
	}
	return true
}

// Canceled returns the cancellation of the scope, or nil. It does not look at the parent.
func (s *Scope) Canceled() *Cancellation { return s.canceled.Load() }

// Poll is Canceled that first passes on a cancellation of the parent which did not tell the scope yet, or does not tell
// because nobody in the scope waits for it.
func (s *Scope) Poll() *Cancellation {
	c := s.canceled.Load()
	if c != nil || !s.mortal {
		return c
	}
	// Who is told has no need to ask the parent: in a deep nest, that would have to ask its own, and so on. The topmost scope is told by a
	// context of another kind, which may take its time.
	if w := s.wait.Load(); w != nil {
		if top := w.told.Load(); top != nil {
			if !top.mortal || top.parent.Err() == nil {
				return nil
			}
			top.parentEnded()
		}
	}
	if s.canceled.Load() == nil && s.parent.Err() != nil {
		s.parentEnded()
	}
	return s.canceled.Load()
}

func (s *Scope) parentEnded() {
	s.Cancel(&Cancellation{Err: s.parent.Err(), Cause: context.Cause(s.parent), From: ByParent})
}

// attach makes the scope hear of the end of its parent. Until somebody waits on one of the scope's signals it does not:
// those who ask whether it is cancelled look at the parent themselves.
func (s *Scope) attach() {
	w := s.waits()
	if !s.mortal || w.attached.Load() || !w.attached.CompareAndSwap(false, true) {
		return
	}
	l := &w.link
	l.running.Add(1)
	var above *waits
	switch p := s.parent.(type) {
	case *scopeContext:
		above = s.hangOnScope((*Scope)(p))
	case *helperContext:
		above = s.hangOnScope((*Scope)(p))
	case *nodeContext:
		n := (*Node)(p)
		above = s.hangOn(n.scope().Scope, &n.extra().ctx, n.over)
	default:
		l.cancel = context.AfterFunc(p, s.heard)
	}
	w.signals.Lock()
	l.above, l.set = above, true
	w.signals.Unlock()
	if s.Ended() { // somebody asked for a handle's channel after the end, and Close may have been faster
		s.detach(w)
	}
}

// link is what attaches a scope to its parent. Its first fields are guarded by the scope's signals lock.
type link struct {
	hand
	set   bool   // and not taken by detach
	above *waits // of a parent of our kind, and
	hook         // the scope's in that one's list
}

func (s *Scope) hangOnScope(p *Scope) (above *waits) { return s.hangOn(p, &p.waits().ctx, p.over) }

// hangOn enters the scope in the signal of its parent's context, which tells it of its end before it does anything else.
func (s *Scope) hangOn(p *Scope, ctx *armed, over func() bool) (above *waits) {
	w := s.waits()
	w.link.child = s
	if p.hang(ctx, over, &w.link.hook) {
		w.told.Store(p.topmost())
	} else {
		sched.Go(s.heard)
	}
	return p.waits()
}

// topmost returns the scope above s, or s itself, that a context of another kind tells of its end, or that has none above it. It is nil if
// s has to ask its parent.
func (s *Scope) topmost() *Scope {
	if s.mortal {
		switch s.parent.(type) {
		case *scopeContext, *helperContext, *nodeContext:
			return s.waits().told.Load()
		}
	}
	return s
}

// heard is called when the parent has ended.
func (s *Scope) heard() {
	defer s.waits().link.running.Done()
	s.parentEnded()
}

func (s *Scope) detach(w *waits) {
	w.signals.Lock()
	set, above := w.link.set, w.link.above
	w.link.set = false
	w.signals.Unlock()
	switch {
	case !set:
	case above == nil:
		w.link.stop()
	default:
		w.told.Store(nil) // before it is true: who asks for the scope's error looks at the parent again
		above.signals.Lock()
		removed := w.link.hook.remove()
		above.signals.Unlock()
		if removed {
			w.link.running.Done()
		}
		w.link.running.Wait()
	}
}

// hand is a callback of a timer or of a context. It runs on a goroutine that nobody joins but through stop.
type hand struct {
	cancel  func() bool
	running sched.WaitGroup // 1 until the callback has returned, or never will begin
}

// after arranges for f to be called when ctx ends, if it can.
func after(ctx context.Context, f func()) *hand {
	if ctx.Done() == nil {
		return nil
	}
	h := new(hand)
	h.running.Add(1)
	h.cancel = context.AfterFunc(ctx, func() {
		defer h.running.Done()
		f()
	})
	return h
}

// stop returns once the callback has ended or never will begin. It may be called again.
func (h *hand) stop() {
	if h == nil {
		return
	}
	if h.cancel() {
		h.running.Done()
	}
	h.running.Wait()
}

// value looks up a key for a context that ended because of c. The context package finds the cause of a context of another
// type only through a context of its own that it meets on the way, so there has to be one: with the values of the parent,
// and the cause of c.
func (c *Cancellation) value(parent context.Context, key any) any {
	if c.From != ByEnd {
		return c.standard(parent).Value(key)
	}
	v := parent.Value(key)
	if _, ok := v.(context.Context); !ok {
		return v
	}
	// This is shared by all scopes that ended, so that it keeps nothing. It is asked for a cause hardly ever.
	return (&Cancellation{Err: c.Err, Cause: c.Cause}).standard(parent).Value(key)
}

func (c *Cancellation) standard(parent context.Context) context.Context {
	if p := c.std.Load(); p != nil {
		return *p
	}
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	cancel(c.Cause)
	c.std.CompareAndSwap(nil, &ctx)
	return *c.std.Load()
}
