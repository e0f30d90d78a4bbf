package group

import (
	"fmt"

	"github.com/creche-go/creche/internal/engine"
)

// State is where a task stands. It only moves forward: a task that is neither Queued nor Running has ended.
type State uint8

// The states of a task.
const (
	Queued     = State(engine.Queued)     // started, but no function runs yet
	Running    = State(engine.Running)    // its function runs
	Succeeded  = State(engine.Succeeded)  // its function returned a nil error
	Failed     = State(engine.Failed)     // its function returned an error of its own, panicked or called runtime.Goexit
	Canceled   = State(engine.Canceled)   // its function returned an error that only repeats the cancellation it was sent, or is the very one that stopped the scope
	NotStarted = State(engine.NotStarted) // cancelled before it began: its function never runs
)

var stateNames = [...]string{
	Queued: "Queued", Running: "Running", Succeeded: "Succeeded", Failed: "Failed", Canceled: "Canceled", NotStarted: "NotStarted",
}

// String returns the name of the constant.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}
