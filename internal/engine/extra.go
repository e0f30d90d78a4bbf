package engine

import (
	"time"

	"github.com/creche-go/creche/internal/sched"
)

// extra holds what most tasks never use.
type extra struct {
	// cancel is the cancellation of this task alone. Its CAS comes before ctx is fired.
	cancel sched.Pointer[Cancellation]
	note   any
	ctx    armed                 // the task's context, as far as somebody waits on it
	ended  sched.Pointer[signal] // the end of the task, as far as somebody waits on it
	family sched.Pointer[family]
	asked  *asked // set before submission
	lent   int32  // how many waits of the task have lent its place, or gone; guarded by the limiter
	taker  *claim // of the wait that takes the place back, as lent is
}

// asked is what few tasks ask for.
type asked struct {
	label    string
	runner   Runner // of a foreign task
	foreign  *Node  // of a proxy
	weight   int
	timeout  Timeout
	deadline time.Time // set when the task begins, by its goroutine
	timer    *hand
}

func (n *Node) ask() *asked {
	e := n.extra()
	if e.asked == nil {
		e.asked = new(asked)
	}
	return e.asked
}

func (n *Node) asked() *asked {
	if e := n.ext.Load(); e != nil {
		return e.asked
	}
	return nil
}
