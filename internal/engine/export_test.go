package engine

import (
	"context"
	"unsafe"
)

// HotWords returns, for each group of a machine's fields that are used for each task, where it begins and ends. The groups differ in who
// writes them.
func HotWords() (names []string, spans [][2]uintptr) {
	var s Machine
	list, head, tail := unsafe.Offsetof(s.list), unsafe.Offsetof(s.head), unsafe.Offsetof(s.tail)
	return []string{"read by all", "written by producers", "written by workers"}, [][2]uintptr{
		{unsafe.Offsetof(s.Scope), unsafe.Offsetof(s.relay) + unsafe.Sizeof(s.relay)},
		{unsafe.Offsetof(s.lock), tail + unsafe.Offsetof(s.tail.slab) + unsafe.Sizeof(s.tail.slab)},
		{list + unsafe.Offsetof(s.list.pushed), head + unsafe.Sizeof(s.head)},
	}
}

// NodeSize is what the machine adds to a task.
const NodeSize = unsafe.Sizeof(Node{})

// HoldFamily keeps a scope that was opened with the context of another scope or a task from leaving it, until release is called.
func (s *Scope) HoldFamily() (release func()) {
	s.kin.of.mu.Lock()
	return s.kin.of.mu.Unlock
}

// Queue is the queue of a scope without the goroutines that it is for.
type Queue struct{ m *Machine }

func QueueOf(s *Scope) Queue {
	m := s.Lock(context.Background())
	defer m.lock.Unlock()
	return Queue{m}
}

func (q Queue) Put() *Node {
	q.m.lock.Lock()
	defer q.m.lock.Unlock()
	q.m.New()
	return q.m.tail.put()
}

func (q Queue) Pop() *Node { return q.m.pop(new(cursor)) }
func (q Queue) SkipBegun() { q.m.skipBegun() }

// Begin is what becomes of a task that begins without its turn.
func (n *Node) Begin() bool { return n.begin(Running) }

// Free returns how many places nobody has.
func (l *Limiter) Free() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.free
}

// Residue tells what is left of a scope after Close, when all its goroutines have ended: what somebody has counted and not counted back,
// and who still waits.
func (s *Scope) Residue() (found []string) {
	is := func(what string, bad bool) {
		if bad {
			found = append(found, what)
		}
	}
	if w := s.wait.Load(); w != nil {
		is("an armed signal", w.armed != nil)
		is("a hook", w.ctx.hooks != nil)
		is("a link to the parent", w.link.set || w.link.on != nil)
		is("an open scope", w.family.first != nil)
	}
	m := s.tasks()
	if m == nil {
		return found
	}
	is("a task in the queue", !m.empty())
	is("a pending goroutine", m.pending.Load() != 0)
	is("a live goroutine", m.live.Load() != 0)
	is("a daemon", m.daemons.Load() != 0)
	is("a baton", m.relay.baton.Load() != 0)
	is("a taker", m.list.sleepers != 0)
	is("a place for TrySubmit", m.limit > 0 && m.list.placeless.Load() != m.tail.pub.Load())
	is("a producer", m.room != nil && m.room.waiting.Load() != 0)
	if m.gate != nil {
		l := m.gate.limiter
		is("a claim", m.gate.asking.Load() || m.gate.claim.in != nil)
		is("a place of the limiter", l.free != l.size)
		is("a line at the limiter", l.crowd.Load() != 0 || l.first != claims{} || l.queue != claims{})
	}
	return found
}

// Pacer is what tells a worker when to yield.
type Pacer = pacer

func NewPacer() Pacer          { return newPacer() }
func (p *pacer) Tick() bool    { return p.tick() }
func (p *pacer) Read() bool    { return p.read() }
func (p *pacer) Yielded()      { p.yielded() }
func (p *pacer) IsBrisk() bool { return p.brisk() }
