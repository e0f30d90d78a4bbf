package programs

// A Program is a scope, with all that its body does, the tasks that are started on the way, the scopes that those open, and so on. Each
// part runs at most once, so that it is known by its number.
type Program struct {
	Limiters []int // how many places each has
	CancelAt int   // when the context of the root is cancelled; 0: not before the Horizon
	Root     *Scope
}

// Horizon is when everything is cancelled that still waits, in units of a program's time. So no program waits for ever.
const Horizon = 1000

// Kind is a way of opening a scope.
type Kind string

// The kinds of scopes. With Run and New the tasks are started by steps, with the others they are what the call is given: functions or
// elements.
const (
	Run          Kind = "Run"
	New          Kind = "New"
	Gather       Kind = "Gather"
	Settle       Kind = "Settle"
	Race         Kind = "Race"
	Any          Kind = "Any"
	Quorum       Kind = "Quorum"
	Hedge        Kind = "Hedge"
	ForEach      Kind = "ForEach"
	ForEachSlice Kind = "ForEachSlice"
	Map          Kind = "Map"
	MapUnordered Kind = "MapUnordered"
	MapSlice     Kind = "MapSlice"
)

// Grouped reports whether there is a TaskGroup to be had.
func (k Kind) Grouped() bool { return k == Run || k == New }

// Loop reports whether it is a loop of package iter.
func (k Kind) Loop() bool { return k.Yields() || k == ForEach || k == ForEachSlice || k == MapSlice }

// Yields reports whether it is a loop that its user may leave.
func (k Kind) Yields() bool { return k == Map || k == MapUnordered }

// Via is how the context that a scope is opened with comes from that of its owner.
type Via string

// The ways of a context.
const (
	Direct Via = ""
	Value  Via = "value" // context.WithValue, which hides the owner's type
	Within Via = "within"
)

// A Scope is a call of Run, New and so on.
type Scope struct {
	ID      int
	Kind    Kind
	Via     Via
	D       int // of Within
	Options []Option
	Body    Block   // of Run, and of New, whose End is not used: there the owner does the steps
	Tasks   []*Task // of the other kinds
	N       int     // of Quorum: how many; of Hedge: the delay; of Map and MapUnordered: break after so many, if not 0
	Catch   bool    // a panic that comes out is recovered, and becomes the error
	Leave   bool    // New without Wait
}

// By is a way of starting a task.
type By string

// The ways of a task. Part of is for those of scopes that are not Grouped.
const (
	Go     By = "Go"
	Do     By = "Do"
	TryGo  By = "TryGo"
	Other  By = "group.Go" // a task of another type
	Start  By = "Start"
	PartOf By = ""
)

// A Task is a function with the way it is called.
type Task struct {
	ID      int
	Scope   int // that it is started in
	By      By
	Options []Option
	Body    Block
	Ready   int // of Start: ready is called after so many steps; -1: never
}

// A Block is what a function does.
type Block struct {
	Steps []Step
	End   End
}

// End is how a function is left.
type End struct {
	How  string
	Kind int // of the fault, if it is one
}

// The ways of leaving a function. What the context has to do with is nil if that has not ended.
const (
	Succeed  = "value"
	Fail     = "fail"
	Last     = "last" // what the last step returned that returns errors
	Echo     = "echo" // ctx.Err()
	Cause    = "cause"
	Wrapped  = "wrapped" // the cause in another error
	Joined   = "joined"  // ctx.Err() and a fault
	False    = "false"   // context.Canceled, whatever the context says
	Panic    = "panic"
	PanicOdd = "panic with a string"
	Goexit   = "goexit"
)
