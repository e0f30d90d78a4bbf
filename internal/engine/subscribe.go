package engine

import (
	"unsafe"

	"github.com/creche-go/creche/internal/sched"
)

// Subscription is somebody's wish to hear of a task's end. It belongs to the subscriber, who may use it for one task at a time, so that
// a subscription costs no allocation.
type Subscription struct {
	to   Subscriber
	next *Subscription // of the same task; guarded by the scope's signals lock
}

// Subscriber is told of the end of a task, once, by the goroutine that ends it.
type Subscriber interface {
	Ended()
}

// Subscribe arranges for to.Ended to be called when the task ends. It returns false, and arranges nothing, if it has ended.
func (n *Node) Subscribe(x *Subscription, to Subscriber) bool {
	w := n.scope().waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	for {
		// The flag is set in the same step that finds the task unended, so the end will see it, and wait for the lock.
		word := sched.LoadUint32(&n.word)
		if State(word & stateMask).ended() {
			return false
		}
		if n.Has(watched) || sched.CompareAndSwapUint32(&n.word, word, word|uint32(watched)<<flagsShift) {
			break
		}
	}
	x.to, x.next = to, (*Subscription)(n.link)
	n.link = unsafe.Pointer(x)
	return true
}

// Unsubscribe reports whether it prevented the call of Ended. The subscription must be of this task.
func (n *Node) Unsubscribe(x *Subscription) bool {
	w := n.scope().waits()
	w.signals.Lock()
	defer w.signals.Unlock()
	if n.stage().ended() {
		return false
	}
	first := (*Subscription)(n.link)
	if first == x {
		n.link = unsafe.Pointer(x.next)
		return true
	}
	for p := first; p != nil; p = p.next {
		if p.next == x {
			p.next = x.next
			return true
		}
	}
	return false
}

// tellSubscribers follows the store of the final state.
func (n *Node) tellSubscribers() {
	w := n.scope().waits()
	w.signals.Lock()
	x := (*Subscription)(n.link)
	n.link = nil
	w.signals.Unlock()
	for x != nil {
		next := x.next // x may be used for another task as soon as its subscriber hears of it
		x.to.Ended()
		x = next
	}
}

// HandleNode returns the task behind a handle of package group, which sets it, and nil for a nil handle, with a type or without. It lets the packages beside group reach the machine
// without the handle's showing it to everyone.
var HandleNode func(handle any) *Node
