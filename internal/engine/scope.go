package engine

import (
	"context"

	"github.com/creche-go/creche/internal/sched"
)

// Scope is what tasks have in common: the context they are cancelled with, and the machine that runs them. It must be opened with
// Open, and ended with Join and Close. It is small, for there are scopes without a task: those that only hold others.
type Scope struct {
	// canceled is set once. Its CAS comes before the signals are fired, and before the queue is emptied.
	canceled sched.Pointer[Cancellation]
	host     Host
	parent   context.Context
	// machine is made by who comes first with a task; his CAS publishes it. If Join is faster it is the never machine: a submission
	// and the end of a scope without tasks meet here.
	machine sched.Pointer[Machine]
	wait    sched.Pointer[waits]
	kin     kin
	mortal  bool  // the parent can end
	depth   uint8 // how many scopes it lies within, up to the last one that has asked to be told
}

// Host is the machine's user, who opened the scope.
type Host interface {
	Runner
	// Grow returns a slab of new tasks for a scope that has had n. It is called with the machine's lock held.
	Grow(n int) *Slab
	// First returns a new machine with its first slab.
	First() (*Machine, *Slab)
}

// Opened reports whether Open was called.
func (s *Scope) Opened() bool { return s.host != nil }

// Conditions are what a scope is opened with. Zero values set no bounds.
type Conditions struct {
	Limit   int // of tasks that may run at once
	Queue   int // of tasks that may wait to begin
	Limiter *Limiter
	Timeout Timeout
}

// Open makes s ready, for tasks that h runs. No conditions may be nil. If Place was called before, parent may derive from the context that s
// was placed in.
func (s *Scope) Open(parent context.Context, h Host, c *Conditions) {
	if s.parent == nil {
		s.Place(parent)
	}
	s.parent = parent
	s.host = h
	if c != nil {
		s.bound(c)
	}
	s.joinFamily() // last: from now on others may end the scope
	if s.kin.of != nil && s.depth == 0 {
		s.attach()
	}
}

// Prepare makes the machine before there is a task.
func (s *Scope) Prepare() { s.made() }

func (s *Scope) bound(c *Conditions) {
	if c.Limit > 0 || c.Queue > 0 || c.Limiter != nil {
		s.made().bound(c)
	}
	if c.Timeout.After > 0 {
		w := s.waits()
		w.deadline, w.timer = c.Timeout.start(func(c *Cancellation) { s.Cancel(c) })
	}
}

// never is the machine of all scopes that ended without a task. Nobody locks it: they share nothing.
var never = Machine{ended: true}

// tasks returns the machine, or nil if no task was ever submitted.
func (s *Scope) tasks() *Machine {
	if m := s.machine.Load(); m != &never {
		return m
	}
	return nil
}

// made returns the machine, a new one if there is none yet.
func (s *Scope) made() *Machine {
	if m := s.machine.Load(); m != nil {
		return m
	}
	m, first := s.host.First()
	m.Scope = s
	m.append(first)
	s.machine.CompareAndSwap(nil, m)
	return s.machine.Load()
}

// Impatient is for those who do not wait for room.
var Impatient context.Context

// Lock begins a submission, for which it returns the machine: its methods Submit, SubmitDaemon, SubmitForeign or TrySubmit end it. It returns
// nil, and holds no lock, if the scope has ended. Unless wait is Impatient, it first waits until there is room in the queue, or the scope is
// cancelled, or wait ends: then it returns nil as well.
func (s *Scope) Lock(wait context.Context) *Machine {
	m := s.made()
	if m == &never || !m.begin(wait) {
		return nil
	}
	return m
}

// Element makes the only task of the slab given one that was never submitted: it stands for something that a task of the scope does,
// and has begun. End ends it.
func (s *Scope) Element(slab *Slab, index int) {
	slab.scope, slab.base = s.made(), int64(index)
	n := slab.mark(0)
	n.Set(Foreign)
	n.word |= uint32(Running)
}

// Submitted returns how many tasks there have been.
func (s *Scope) Submitted() int {
	if m := s.tasks(); m != nil {
		return int(m.tail.pub.Load())
	}
	return 0
}

// Join returns once every task has ended and makes that state final: from then on Lock returns nil. Everything that the
// tasks did happens before its return. It may be called several times, also at the same time.
func (s *Scope) Join() {
	if s.machine.Load() == nil && s.machine.CompareAndSwap(nil, &never) {
		return
	}
	if m := s.tasks(); m != nil {
		m.join()
	}
}

// Ended reports whether the scope has been joined.
func (s *Scope) Ended() bool {
	m := s.machine.Load()
	if m == nil || m == &never {
		return m == &never
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.ended
}

// Take returns the next completed task that nobody has taken. It waits for one until ctx ends, and returns nil then, or when
// there is none left to wait for.
func (s *Scope) Take(ctx context.Context) *Node {
	if m := s.tasks(); m != nil {
		return m.take(ctx)
	}
	return nil
}

// Seal ends all taking: from now on Take returns nil. It returns how many tasks were taken. It follows Join.
func (s *Scope) Seal() (taken int) {
	if m := s.tasks(); m != nil {
		return m.list.seal()
	}
	return 0
}

// All calls f for each task that ended and was not taken, in no order, the foreign ones that failed among them, even if a Take
// passed over them. It follows Seal. No user's code may be in f: a lock is held.
func (s *Scope) All(f func(*Node)) {
	if m := s.tasks(); m != nil {
		m.list.all(f)
	}
}

// Close ends the scope's context and lets go of its parent and its timer. It follows Join.
func (s *Scope) Close() {
	w := s.wait.Load()
	if w != nil {
		w.timer.stop()
		s.detach(w)
	}
	s.leaveFamily()
	if s.canceled.Load() == nil && s.canceled.CompareAndSwap(nil, endOfScope) {
		if w := s.wait.Load(); w != nil { // again: somebody may have begun to wait meanwhile
			s.fire(&w.ctx, nil)
		}
	}
}
