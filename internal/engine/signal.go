package engine

import (
	"time"

	"github.com/creche-go/creche/internal/sched"
)

// signal is one thing that can be waited for: that a context ends, or that a task does. It is nothing but zero words until
// somebody waits. All signals of a scope are guarded by the scope's signals lock; channels are closed and hooks are called
// outside it.
type signal struct {
	done   chan struct{} // nil until asked for
	hooks  *hook
	closed bool // done is
	fired  bool
	listed bool // of the signal of a context, see armed
	// awaited says without the lock whether somebody waits. It is set before he looks whether what he waits for has happened, and read
	// after it has: one of the two sees the other.
	awaited sched.Bool
}

// armed is the signal of a context, with its place in the list of those that a cancellation of the scope has to fire.
type armed struct {
	signal
	prev, next *armed
}

// hook is a function to be called when a signal fires, or a scope to be told of it.
type hook struct {
	f          func()
	child      *Scope
	on         *signal
	prev, next *hook
}

func (sig *signal) add(h *hook) {
	h.on, h.next = sig, sig.hooks
	if h.next != nil {
		h.next.prev = h
	}
	sig.hooks = h
}

// remove takes h out of its signal's list, and reports whether it was still there.
func (h *hook) remove() bool {
	if h.on == nil {
		return false
	}
	if h.prev != nil {
		h.prev.next = h.next
	} else {
		h.on.hooks = h.next
	}
	if h.next != nil {
		h.next.prev = h.prev
	}
	h.on, h.prev, h.next = nil, nil, nil
	return true
}

// spend marks sig as fired, wakes those who receive from its channel, and returns the hooks that the caller has to call
// once it has let go of the lock. Closing a channel runs nobody's code, so it may be done under the lock.
func (sig *signal) spend() *hook {
	if sig.fired {
		return nil
	}
	sig.fired = true
	sig.close()
	sig.awaited.Store(false) // last: who sees that nobody waits takes the channel for closed
	h := sig.hooks
	sig.hooks = nil
	for x := h; x != nil; x = x.next {
		x.on = nil
	}
	return h
}

// close wakes those who receive from the channel, if somebody has asked for it.
func (sig *signal) close() {
	if sig.done != nil && !sig.closed {
		sig.closed = true
		sched.Close(sig.done)
	}
}

func (h *hook) call() {
	for h != nil {
		next := h.next // a scope that is told may be attached no more
		if h.child != nil {
			h.child.heard()
		} else {
			h.f()
		}
		h = next
	}
}

// waits is the part of a scope that is made when somebody waits for something in it, or a time may end it.
type waits struct {
	signals  sched.Mutex // guards all signals of the scope, and the link
	armed    *armed      // those that a cancellation fires
	ctx      armed       // the scope's context
	family   family      // of those who opened scopes with that
	deadline time.Time
	timer    *hand
	attached sched.Bool // somebody has taken it upon himself to attach the scope to its parent
	// told is not nil if the parent is of our kind, and tells the scope of its end before it does anything else. It is the topmost scope
	// above, see there.
	told sched.Pointer[Scope]
	link link // to the parent
}

func (s *Scope) waits() *waits {
	if s.wait.Load() == nil {
		s.wait.CompareAndSwap(nil, &waits{family: family{in: s, depth: s.depth}})
	}
	return s.wait.Load()
}

// channel returns the channel of sig, which is closed now if over says that what it stands for has happened.
func (s *Scope) channel(sig *signal, list *armed, over func() bool) <-chan struct{} {
	s.attach()
	s.Poll()
	w := s.waits()
	if sig.awaited.Load() || over() { // somebody has asked before, perhaps: who selects in a loop asks each time
		w.signals.Lock()
		done := sig.done
		w.signals.Unlock()
		if done != nil {
			return done
		}
	}
	done := make(chan struct{}) // not under the lock
	w.signals.Lock()
	var hooks *hook
	if sig.done == nil {
		sig.done = done
		switch {
		case sig.fired:
			sig.close()
		case sig.expect(over):
			w.arm(list)
		default: // whoever makes it over has not come to fire it
			hooks = sig.spend()
		}
	}
	done = sig.done
	w.signals.Unlock()
	hooks.call()
	return done
}

// after arranges for f to be called when ctx ends. If that has happened already, f runs at once, on a goroutine of its own, as the
// caller may hold locks that f needs.
func (s *Scope) after(ctx *armed, over func() bool, f func()) (stop func() bool) {
	h := &hook{f: f}
	if !s.hang(ctx, over, h) {
		sched.Go(f)
		return func() bool { return false }
	}
	return func() bool {
		w := s.waits()
		w.signals.Lock()
		defer w.signals.Unlock()
		return h.remove()
	}
}

// hang enters h in the signal of a context, unless that has fired, or is over.
func (s *Scope) hang(ctx *armed, over func() bool, h *hook) bool {
	s.attach()
	w := s.waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	if ctx.fired || !ctx.expect(over) {
		return false
	}
	w.arm(ctx)
	ctx.add(h)
	return true
}

// expect makes whoever fires sig look at it, and reports whether that is still to come.
func (sig *signal) expect(over func() bool) bool {
	sig.awaited.Store(true)
	return !over()
}

// arm enters a in the list that a cancellation of the scope fires; nil is the end of a task, which a cancellation is not. The caller
// holds the lock.
func (w *waits) arm(a *armed) {
	if a == nil || a.listed {
		return
	}
	a.listed, a.next = true, w.armed
	if a.next != nil {
		a.next.prev = a
	}
	w.armed = a
}

func (w *waits) disarm(a *armed) {
	if !a.listed {
		return
	}
	if a.prev != nil {
		a.prev.next = a.next
	} else {
		w.armed = a.next
	}
	if a.next != nil {
		a.next.prev = a.prev
	}
	a.listed, a.prev, a.next = false, nil, nil
}

// fire spends the signal of a context and another one, the end of the task, or nil. What they stand for has happened.
func (s *Scope) fire(ctx *armed, end *signal) {
	if !ctx.awaited.Load() && (end == nil || !end.awaited.Load()) {
		return // whoever waits from now on sees that it is over
	}
	w := s.waits()
	w.signals.Lock()
	w.disarm(ctx)
	first, second := ctx.spend(), (*hook)(nil)
	if end != nil {
		second = end.spend()
	}
	w.signals.Unlock()
	first.call()
	second.call()
}

// seen is for who is about to tell that a context has ended: its channel is closed before, even if whoever ended the context has not
// come to fire it. The hooks are left to him.
func (s *Scope) seen(ctx *armed) {
	if !ctx.awaited.Load() {
		return
	}
	w := s.waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	ctx.close()
}

// fireAll spends every armed signal.
func (s *Scope) fireAll() {
	w := s.wait.Load()
	if w == nil {
		return
	}
	var hooks []*hook
	w.signals.Lock()
	for w.armed != nil {
		a := w.armed
		w.disarm(a)
		if h := a.spend(); h != nil {
			hooks = append(hooks, h)
		}
	}
	w.signals.Unlock()
	for _, h := range hooks {
		h.call()
	}
}
