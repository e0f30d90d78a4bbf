package engine

import (
	"sync"
	"sync/atomic"
	"time"
)

// signal is one thing that can be waited for: that a context ends, or that a task does. It is nothing but zero words until
// somebody waits. All signals of a scope are guarded by the scope's signals lock; channels are closed and hooks are called
// outside it.
type signal struct {
	done  chan struct{} // nil until asked for
	hooks *hook
	fired bool
	// The place in the scope's list of signals that its cancellation has to fire, if it is there: contexts are, ends of
	// tasks are not.
	armed      bool
	prev, next *signal
}

// hook is a function to be called when a signal fires.
type hook struct {
	f          func()
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

// remove reports whether h was still there.
func (sig *signal) remove(h *hook) bool {
	if h.on == nil {
		return false
	}
	if h.prev != nil {
		h.prev.next = h.next
	} else {
		sig.hooks = h.next
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
	if sig.done != nil {
		close(sig.done)
	}
	h := sig.hooks
	sig.hooks = nil
	for x := h; x != nil; x = x.next {
		x.on = nil
	}
	return h
}

func (h *hook) call() {
	for ; h != nil; h = h.next {
		h.f()
	}
}

// waits is the part of a scope that is made when somebody waits for something in it, or a time may end it.
type waits struct {
	signals  sync.Mutex // guards all signals of the scope, and the link
	armed    *signal    // those that a cancellation fires
	ctx      signal     // the scope's context
	deadline time.Time
	timer    *hand
	attached atomic.Bool // somebody has taken it upon himself to attach the scope to its parent
	link     *hand       // to the parent
}

func (s *Scope) waits() *waits {
	for {
		if w := s.wait.Load(); w != nil {
			return w
		}
		s.wait.CompareAndSwap(nil, new(waits))
	}
}

// channel returns the channel of sig, which is closed now if over says that what it stands for has happened. Whoever makes
// over true fires the signal afterwards, under the same lock, so one of the two sees the other. With armed, a cancellation
// of the scope fires it too.
func (s *Scope) channel(sig *signal, armed bool, over func() bool) <-chan struct{} {
	s.attach()
	s.Poll()
	w := s.waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	if sig.done == nil {
		sig.done = make(chan struct{})
		switch {
		case sig.fired:
			close(sig.done)
		case over():
			sig.spend() // without hooks: those who add one look at over too
		case armed:
			w.arm(sig)
		}
	}
	return sig.done
}

// after arranges for f to be called when the context signal sig fires. If that has happened already, f runs at once, on a
// goroutine of its own, as the caller may hold locks that f needs.
func (s *Scope) after(sig *signal, over func() bool, f func()) (stop func() bool) {
	s.attach()
	w := s.waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	if sig.fired || over() {
		go f()
		return func() bool { return false }
	}
	w.arm(sig)
	h := &hook{f: f}
	sig.add(h)
	return func() bool {
		w.signals.Lock()
		defer w.signals.Unlock()
		return sig.remove(h)
	}
}

// arm enters sig in the list that a cancellation of the scope fires. The caller holds the lock.
func (w *waits) arm(sig *signal) {
	if sig.armed {
		return
	}
	sig.armed, sig.next = true, w.armed
	if sig.next != nil {
		sig.next.prev = sig
	}
	w.armed = sig
}

func (w *waits) disarm(sig *signal) {
	if !sig.armed {
		return
	}
	if sig.prev != nil {
		sig.prev.next = sig.next
	} else {
		w.armed = sig.next
	}
	if sig.next != nil {
		sig.next.prev = sig.prev
	}
	sig.armed, sig.prev, sig.next = false, nil, nil
}

// fire spends the two signals of a task, or one of a scope.
func (s *Scope) fire(sigs ...*signal) {
	w := s.wait.Load()
	if w == nil {
		return // nobody has waited for anything; whoever does from now on sees that it is over
	}
	var hooks [2]*hook
	w.signals.Lock()
	for i, sig := range sigs {
		w.disarm(sig)
		hooks[i] = sig.spend()
	}
	w.signals.Unlock()
	for _, h := range hooks {
		h.call()
	}
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
		sig := w.armed
		w.disarm(sig)
		if h := sig.spend(); h != nil {
			hooks = append(hooks, h)
		}
	}
	w.signals.Unlock()
	for _, h := range hooks {
		h.call()
	}
}
