package engine

import (
	"unsafe"

	"github.com/creche-go/creche/internal/sched"
)

// State is where a task stands. It only moves forward.
type State uint32

// The states of a task.
const (
	Queued State = iota
	Running
	Succeeded
	Failed
	Canceled
	NotStarted
	refusing // claimed by someone who will end it as NotStarted; seen from outside it is still Queued
)

func (s State) ended() bool { return Succeeded <= s && s <= NotStarted }

// Runner runs all tasks of one type.
type Runner interface {
	// Run does the work of a node. It ends by calling End, exactly once, whatever happens in between, or ends the process by
	// a panic that it lets pass. It may leave by runtime.Goexit.
	Run(n *Node)
	// Refuse calls End for a node whose work never begins, because of c.
	Refuse(n *Node, c *Cancellation)
}

// Node is one task as the machine sees it, and the context that the task's function receives. It is the first field of the
// caller's task, so a task costs no allocation here; what few tasks need is in extra.
type Node struct {
	// link is the first subscription until the task ends, guarded by the scope's signals lock; then it belongs to the completion list.
	link unsafe.Pointer
	// extra is set once, by whoever first needs one of its fields. Its publication (a CAS) and the store of the final
	// state in End are ordered: either End sees the extra, or the one who published it sees the final state.
	ext sched.Pointer[extra]
	// word has the state in its low bits; above them the flags and the distance to the slab, which do not change once the task is
	// submitted: until then it is written as it is, and from then on atomically. It orders the result: the task writes its value
	// and note before End stores a final state, and everyone reads them after loading one.
	word uint32
	tag  int32
}

// The parts of a node's word.
const (
	stateMask  = 1<<3 - 1
	flagsShift = 3
	backShift  = 9
)

// Flags of a node are set before it is submitted, but for watched.
type Flags uint8

// The flags.
const (
	OwnGoroutine Flags = 1 << iota // the task gets a goroutine that runs nothing else
	Daemon                         // the scope ends without it; it starts at once and does not count in the limit
	NoValue                        // for the machine's user
	Foreign                        // of another type than its scope: no loop yields it
	proxy                          // holds the place of a foreign one in the queue
	watched                        // has had a subscription; the only flag that is set after submission
)

// Set adds flags to a task that has not been submitted, as all that sets something does.
func (n *Node) Set(f Flags) { n.word |= uint32(f) << flagsShift }

// Has reports whether one of the flags is set.
func (n *Node) Has(f Flags) bool { return sched.LoadUint32(&n.word)>>flagsShift&uint32(f) != 0 }

// SetTag leaves a number of the runner's in the task, for Tag to return.
func (n *Node) SetTag(tag int32) { n.tag = tag }

// Tag returns what SetTag set.
func (n *Node) Tag() int32 { return n.tag }

// SetLabel names the task.
func (n *Node) SetLabel(s string) { n.ask().label = s }

// SetWeight sets how many places of a limiter the task takes.
func (n *Node) SetWeight(w int) { n.ask().weight = w }

// SetTimeout ends the task's context some time after the task begins.
func (n *Node) SetTimeout(t Timeout) { n.ask().timeout = t }

// SetNote leaves a word of the runner's about the task's end. It must be called before End.
func (n *Node) SetNote(note any) { n.extra().note = note }

// Note returns what SetNote set, if the task has ended.
func (n *Node) Note() any {
	if e := n.ext.Load(); e != nil {
		return e.note
	}
	return nil
}

// Forget drops the note of a task that has ended. Nobody else may look at it meanwhile.
func (n *Node) Forget() { n.extra().note = nil }

// Label returns what SetLabel set.
func (n *Node) Label() string {
	if a := n.asked(); a != nil {
		return a.label
	}
	return ""
}

// Index returns the position of the task in its scope, in the order of submission.
func (n *Node) Index() int {
	s := n.slab()
	return int(s.base) + s.index(n.back())
}

func (n *Node) scope() *Machine { return n.slab().scope }

// State returns where the task stands. A final state synchronizes after everything that the task did.
func (n *Node) State() State {
	s := n.stage()
	if s == refusing {
		return Queued
	}
	return s
}

// stage is State as the machine sees it.
func (n *Node) stage() State { return State(sched.LoadUint32(&n.word) & stateMask) }

// begin moves a queued task to st, Running or refusing, unless somebody else was faster.
func (n *Node) begin(st State) bool {
	for {
		w := sched.LoadUint32(&n.word)
		if State(w&stateMask) != Queued {
			return false
		}
		if sched.CompareAndSwapUint32(&n.word, w, w&^stateMask|uint32(st)) {
			return true
		}
	}
}

// Runner returns who runs the task.
func (n *Node) Runner() Runner {
	if n.Has(Foreign) {
		return n.asked().runner
	}
	return n.scope().host
}

func (n *Node) extra() *extra { return lazily(&n.ext) }

// run is called by the goroutine that claimed n from the queue.
func (n *Node) run(s *Machine) {
	if c := s.Poll(); c != nil {
		n.refuse(c)
		return
	}
	// Fails if the task was refused while it was queued, or did not wait for its turn; what is left of it here is its place in the
	// queue.
	if n.begin(Running) {
		n.proceed(s)
	}
}

// proceed does the work of a task that has begun.
func (n *Node) proceed(s *Machine) {
	a := n.asked()
	if a == nil {
		s.host.Run(n)
		return
	}
	if a.timeout.After > 0 {
		a.deadline, a.timer = a.timeout.start(func(c *Cancellation) { n.cancelRunning(c) })
	}
	n.Runner().Run(n)
}

// refuse ends a queued task before it began. It reports whether it was still queued. The caller holds a place in the
// scope, so that the scope cannot end meanwhile.
func (n *Node) refuse(c *Cancellation) bool {
	if !n.begin(refusing) {
		return false
	}
	n.Runner().Refuse(n, c)
	return true
}

// End makes st the task's final state, ends its context, wakes those who wait for the task and hands it to the completion
// list if keep is set. The runner has written its result before.
func (n *Node) End(st State, keep bool) {
	s := n.scope()
	raceReleaseMerge(&s.ended)
	if s.limit > 0 && (!n.Has(Daemon) || st == NotStarted) {
		s.list.placeless.Add(1)
	}
	// Nobody else changes the state now, but a subscription may set its flag.
	flags := Flags(sched.AddUint32(&n.word, uint32(st)-uint32(n.stage())) >> flagsShift)
	if flags&watched != 0 {
		n.tellSubscribers()
	}
	if e := n.ext.Load(); e != nil {
		if e.asked != nil {
			e.asked.timer.stop()
		}
		s.fire(&e.ctx, e.ended.Load())
	}
	if flags&Daemon != 0 && st != NotStarted {
		s.daemons.Add(1 - n.daemon()) // before a loop may see it: then it counts among the others
	}
	if keep {
		s.list.push(n)
	}
}

// Hold keeps the scope from ending, for ever. It is for a task that a panic takes away which ends the process: that lasts a
// while, in which those who join the scope must not go on as if nothing was.
func (n *Node) Hold() { n.scope().enterAnyway() }

// Cancel ends the context of this task alone; a task that has not begun never does. It reports whether the task had not
// ended before.
func (n *Node) Cancel(c *Cancellation) bool {
	s := n.scope()
	s.enterAnyway()
	defer s.exit()
	if n.refuse(c) {
		if s.room != nil {
			s.room.claimed()
		}
		if s.gate != nil {
			s.skipBegun()
			if s.empty() {
				s.withdraw()
			} else if n.weight() > 1 {
				s.weighAgain()
			}
		}
		return true
	}
	return n.cancelRunning(c)
}

func (n *Node) cancelRunning(c *Cancellation) bool {
	if n.State().ended() {
		return false
	}
	if n.scope().Poll() == nil { // else it is cancelled already, and only the first counts
		e := n.extra()
		e.cancel.CompareAndSwap(nil, c)
		n.scope().fire(&e.ctx, nil)
	}
	return true // even if it has ended meanwhile: most likely because of this
}

// Canceled returns the cancellation of this task alone, or nil.
func (n *Node) Canceled() *Cancellation {
	if e := n.ext.Load(); e != nil {
		return e.cancel.Load()
	}
	return nil
}

// Ended returns a channel that is closed once the task has ended.
func (n *Node) Ended() <-chan struct{} {
	return n.scope().channel(lazily(&n.extra().ended), nil, func() bool { return n.State().ended() })
}
