package programs

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// A Trace is what a run leaves.
type Trace struct {
	*tree
	Config
	main   record
	tasks  []taskRecord // by number
	scopes []scopeRecord
	sets   []setRecord
}

// A moment is a point in a run. The zero moment is never.
type moment struct {
	order int64         // of all moments; 1 if the run keeps no order
	at    time.Duration // since the beginning
}

// was reports whether the moment ever came.
func (m moment) was() bool { return m.order != 0 }

// after reports whether m certainly came after x.
func (m moment) after(x moment) bool { return m.order > x.order }

// leaving is how a function, or a call, was left.
type leaving uint8

const (
	notLeft leaving = iota
	returned
	panicked
	exited
)

// A record is what one actor did and saw. It is written by its own goroutine alone, without a lock, and read by others only where the
// library promises that they may: the race detector finds out if it does not keep that.
type record struct {
	runs        atomic.Int32
	begun, left moment
	how         leaving
	err         error // that it returned
	value       any   // that it panicked with
	ctx         context.Context
	ended       bool  // ctx had, when all was over
	cause       error // why

	pauses    []pause
	cancels   []cancelling
	sightings []sighting
	takings   []taking
	waits     []setWait
	adds      []setCall // to sets
	removes   []setCall // that found their task
}

// A pause is a step that listens to the context.
type pause struct {
	from, to moment
	length   time.Duration // 0: until the context ends
	heard    error         // the cause, if that has ended it
	shielded bool
}

// A cancelling is a call of Cancel, of a scope or of a task.
type cancelling struct {
	scope, task int // one of them is -1
	from, to    moment
	cause       error
	hit         bool // what Cancel of a task returned
}

// A sighting is that somebody has looked at a task.
type sighting struct {
	task     int
	from, to moment // of the call
	waiting  bool   // it was Wait, not a mere look
	ctxEnded bool   // at the end of the call
	ended    bool   // the task was seen ended
	left     bool   // and, as its own record tells, its function had been left
	state    group.State
	closed   bool // Done was
	err      error
}

// A taking is a step that takes completions, of a scope or a set.
type taking struct {
	scope, set int // one of them is -1
	took       []taken
	dry        moment // when a call began that found nothing
	over       moment // when that returned
	ctxEnded   bool
	by         string
}

// A taken is one completion.
type taken struct {
	from, to moment
	handle   group.Handle // nil if the loop tells values and errors alone
	value    int          // then
	ended    bool         // as its state says
	closed   bool
	left     bool // as its own record says, if it is known whose that is
	known    bool
	added    bool // it came into the set after from
	err      error
}

// A setWait is a wait of a set, or of package waitset.
type setWait struct {
	set           int   // -1: none
	given         []int // without a set
	mode          int
	from, to      moment
	done, pending []group.Handle
	failed        bool // one of done has
	allEnded      bool // all of done have
	err           error
}

// A taskRecord is what is known of a task.
type taskRecord struct {
	record
	asked, got moment       // the call that started it
	handle     group.Handle // nil if there is none
	result     func() (any, error)
	refused    bool // by TryGo
	odd        any  // what that call panicked with

	start startRecord
	final final
}

// A startRecord is what is known of a call of Start.
type startRecord struct {
	ready   moment // the call of ready
	adopted bool   // it returned true
	how     leaving
	value   int
	err     error
	caller  error // the cause of the caller's context when Start had returned
}

// final is what a task says once all is over.
type final struct {
	state  group.State
	err    error
	value  any
	closed bool
	index  int
	name   string
}

// A scopeRecord is what is known of a scope.
type scopeRecord struct {
	body         record // of Run
	opened, over moment // of the call, or of New and the return of Wait
	waited       moment // of the call of Wait
	how          leaving
	value        any // of the panic
	values       []int
	err          error
	settled      []group.Handle
	group        *group.TaskGroup[int]
	parent       context.Context // that it was opened with
	parentCause  error           // why that had ended when the scope was over
	parentLast   error           // when all was
	yields       []yield
	broke        moment
	broken       bool
	told         *observation // nil if nobody observes it

	cause error // of its context, in the end
	late  any   // what Go panicked with after the end
	more  bool  // Next had something after the end
}

// A yield is one turn of a loop of package iter.
type yield struct {
	value int
	err   error
}

// A setRecord is what is known of a WaitSet in the end.
type setRecord struct {
	rest []group.Handle // that it still had when all was over
	size int            // after that was taken
}

// A setCall puts a task into a set, or takes it out.
type setCall struct {
	set, task int
	to        moment
}

// Result returns what the scope of the root returned; nothing if it did not return.
func (t *Trace) Result() (values []int, err error) {
	rec := &t.scopes[t.Root.ID]
	if rec.how != returned {
		return nil, nil
	}
	return rec.values, rec.err
}
