package engine

import "unsafe"

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

// Free returns how many places nobody has.
func (l *Limiter) Free() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.free
}
