package group

import "fmt"

// Event is what an [Observer] is told of.
type Event struct {
	Kind  EventKind
	Scope ScopeInfo
	// Task is the one that the event is about. Of ScopeOpened it is the one within which the scope was opened, or nil.
	Task Handle
	// State is how a task has ended: Succeeded, Failed, Canceled or NotStarted. Its handle may tell a moment later.
	State State
	// Err is the error of what has ended. That of a task is the one of its function: filters may have taken it away.
	Err error
}

// EventKind is what happened.
type EventKind uint8

// The events.
const (
	// ScopeOpened comes before anything else of the scope, by the goroutine that calls Run or New. The context is the one that was
	// passed to that.
	ScopeOpened EventKind = iota
	// TaskQueued comes when a task has been started by Go or another function, by the goroutine that calls it. That of a task which could
	// run at once may come after its TaskStarted, and even after its TaskEnded.
	TaskQueued
	// TaskStarted comes before the function of a task is called, by the goroutine that calls it.
	TaskStarted
	// TaskEnded comes when the function of a task has returned, by the same goroutine, before anybody else hears of that; and for each
	// task that never began.
	TaskEnded
	// ScopeEnded comes last, when all tasks have ended, by a goroutine that waits for that, before it returns.
	ScopeEnded
)

// String returns the name of the constant.
func (k EventKind) String() string {
	names := [eventKinds]string{"ScopeOpened", "TaskQueued", "TaskStarted", "TaskEnded", "ScopeEnded"}
	if k < eventKinds {
		return names[k]
	}
	return fmt.Sprintf("EventKind(%d)", k)
}

const eventKinds = ScopeEnded + 1

// events is a set of kinds.
type events uint8

const (
	ofTasks   = 1<<TaskQueued | 1<<TaskStarted | 1<<TaskEnded
	allEvents = 1<<eventKinds - 1
	inherited = 1 << eventKinds // not an event: there are observers, perhaps of others in the scopes below
)

func (s events) has(k EventKind) bool { return s>>k&1 != 0 }
