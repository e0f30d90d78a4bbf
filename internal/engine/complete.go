package engine

import (
	"context"
	"unsafe"

	"github.com/creche-go/creche/internal/sched"
)

// completions is the list of tasks that have ended and that nobody has taken, in the order of their ends. Those who end
// tasks push with one CAS, newest first, and never wait; whoever takes turns the pushed ones round, a batch at a time.
type completions struct {
	mu       sched.Mutex // those who take
	sealed   bool        // there is nothing to take any more
	sleepers int32
	taken    int
	first    *Node // in order, linked by next
	last     *Node
	wake     chan struct{} // one token: something has changed, whoever receives it looks and passes it on if need be
	aside    *[]*Node      // foreign ones that failed and were passed over

	// pushed is the newest one, or the asleep mark if it is empty and somebody sleeps until that changes. The CAS that
	// pushes a task publishes its result; the Swap that takes a batch sees those of all in it.
	pushed sched.Pointer[Node]

	// placeless counts, in a scope with a limit, the tasks that take none of its places any more, or never did: the ended ones and the
	// daemons. A task is added before it is known to have ended.
	placeless sched.Int64
}

var asleep Node // only its address is used

func (n *Node) next() *Node     { return (*Node)(n.link) }
func (n *Node) setNext(x *Node) { n.link = unsafe.Pointer(x) }

func (l *completions) push(n *Node) {
	for {
		old := l.pushed.Load()
		n.setNext(old)
		if old == &asleep {
			n.setNext(nil)
		}
		if l.pushed.CompareAndSwap(old, n) {
			if old == &asleep {
				l.signal()
			}
			return
		}
	}
}

// signal leaves a token, unless one is there already.
func (l *completions) signal() { sched.Offer(l.wake) }

// gather moves what was pushed to the ordered list. The caller holds mu.
func (l *completions) gather() {
	if p := l.pushed.Load(); p == nil || p == &asleep {
		return
	}
	newest := l.pushed.Swap(nil)
	var head *Node
	for n := newest; n != nil; {
		next := n.next()
		n.setNext(head)
		head, n = n, next
	}
	if l.last == nil {
		l.first = head
	} else {
		l.last.setNext(head)
	}
	l.last = newest
}

// pop returns the oldest completion, or nil. The caller holds mu.
func (l *completions) pop() *Node {
	for {
		if l.first == nil {
			l.gather()
		}
		n := l.first
		if n == nil {
			return nil
		}
		if l.first = n.next(); l.first == nil {
			l.last = nil
		}
		n.setNext(nil)
		if !n.Has(Foreign) {
			return n
		}
		if n.State() == Failed { // no loop yields it, so nobody but Rest will tell of it
			if l.aside == nil {
				l.aside = new([]*Node)
			}
			*l.aside = append(*l.aside, n)
		}
	}
}

// take is Take of the scope.
func (s *Machine) take(ctx context.Context) *Node {
	l := &s.list
	yielded, ended := false, false
	l.mu.Lock()
	for {
		var n *Node
		if !l.sealed {
			n = l.pop()
		}
		if n != nil {
			l.taken++
			if l.sleepers == 0 {
				l.mu.Unlock()
				return n
			}
		}
		none := l.sealed || l.taken == s.loopable()
		if l.sleepers > 0 && (none || l.first != nil || !l.fallAsleep()) {
			l.signal() // others sleep, and there is something for them
		}
		if n != nil || none || ended {
			l.mu.Unlock()
			return n
		}
		if !yielded {
			// Most often the next completion is at hand as soon as others may run: sleeping and being woken costs more.
			yielded = true
			l.mu.Unlock()
			sched.Gosched()
			l.mu.Lock()
			continue
		}
		ended = !s.sleep(ctx)
	}
}

// loopable returns how many tasks a loop yields if nobody else takes any. It does not wait for daemons.
func (s *Machine) loopable() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return int(s.tail.pub.Load() - s.tail.foreign - s.daemons.Load()/loopDaemon)
}

// fallAsleep leaves the mark for the next push to send a token, unless something was pushed already. The caller holds mu.
func (l *completions) fallAsleep() bool {
	return l.pushed.CompareAndSwap(nil, &asleep) || l.pushed.Load() == &asleep
}

// passOn is for one who was woken and does not look at once. The others that sleep are told of what is there and of what will come.
func (l *completions) passOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sleepers > 1 && (l.first != nil || !l.fallAsleep()) {
		l.signal()
	}
}

// sleep returns true when something may have changed, false when ctx has ended. It lets go of mu meanwhile.
func (s *Machine) sleep(ctx context.Context) (again bool) {
	l := &s.list
	if l.wake == nil {
		l.wake = make(chan struct{}, 1)
	}
	if !l.fallAsleep() {
		return true
	}
	l.sleepers++
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.sleepers--
	}()
	waiter := NodeOf(ctx)
	if waiter == nil && s.mortal {
		waiter = NodeOf(s.parent)
	}
	waiter.Lend(func() {
		if again = sched.ReceiveEither(l.wake, ctx.Done()); again {
			l.passOn() // before a place is taken back, which may last
		}
	})
	return again
}

// seal ends all taking, and returns how many tasks were taken.
func (l *completions) seal() (taken int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sealed = true
	if l.sleepers > 0 {
		l.signal()
	}
	return l.taken
}

// all calls f, with the lock held, for each task that was not taken.
func (l *completions) all(f func(*Node)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.aside != nil {
		for _, n := range *l.aside {
			f(n)
		}
	}
	for n := l.first; n != nil; n = n.next() {
		f(n)
	}
	if n := l.pushed.Load(); n != &asleep {
		for ; n != nil; n = n.next() {
			f(n)
		}
	}
}
