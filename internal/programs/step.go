package programs

// A Step is one of the types below. They refer to scopes, tasks and sets by number; D and Within are durations, in units.
type Step interface{ step() }

type (
	// Sleep does not listen.
	Sleep struct{ D int }
	// Nap ends early when the context does. With Leave set, the function is left then.
	Nap struct {
		D     int
		Leave bool
	}
	// Hold waits until the context ends.
	Hold struct{}
	// Yield lets others run.
	Yield struct{}

	// Spawn starts a task.
	Spawn struct{ Task *Task }
	// Open opens a scope, and ends it, but for one that is left open.
	Open struct{ Scope *Scope }
	// Shielded does steps in a Shield.
	Shielded struct {
		Grace int
		Steps []Step
	}

	// Cancel cancels a scope, with nil if it is Clean.
	Cancel struct {
		Scope int
		Clean bool
	}
	// CancelTask cancels a task.
	CancelTask struct {
		Task  int
		Clean bool
	}
	// Join waits for a task; with Within set not longer than that.
	Join struct{ Task, Within int }
	// Peek asks a task how it is.
	Peek struct{ Task int }

	// Take takes completions of a scope, by Next, Completed or Results, and stops after Max, if not 0. Of Tasks, it starts the first
	// after it has taken the first one, and so on.
	Take struct {
		Scope, Max, Within int
		By                 string
		Tasks              []*Task
	}

	// MakeSet makes a WaitSet.
	MakeSet struct {
		Set   int
		Tasks []int
	}
	// Add adds a task to a set.
	Add struct{ Set, Task int }
	// Remove takes one out.
	Remove struct{ Set, Task int }
	// TakeSet takes from a set, by Next, TryNext, All or Wait.
	TakeSet struct {
		Set, Max, Within int
		By               string
		Mode             int
	}
	// Await is waitset.Wait.
	Await struct {
		Mode, Within int
		Tasks        []int
	}
)

func (*Sleep) step()      {}
func (*Nap) step()        {}
func (*Hold) step()       {}
func (*Yield) step()      {}
func (*Spawn) step()      {}
func (*Open) step()       {}
func (*Shielded) step()   {}
func (*Cancel) step()     {}
func (*CancelTask) step() {}
func (*Join) step()       {}
func (*Peek) step()       {}
func (*Take) step()       {}
func (*MakeSet) step()    {}
func (*Add) step()        {}
func (*Remove) step()     {}
func (*TakeSet) step()    {}
func (*Await) step()      {}
