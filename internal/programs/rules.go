package programs

import "slices"

// rules are the options of a scope or a task, of those that exclude each other the last.
type rules struct {
	stop          string // FailFast, KeepGoing, Tolerate, UntilSuccess or StopWhen
	n             int    // its number
	limit, queue  int    // 0: none
	shared        int    // the number of the limiter; -1: none
	timeout       int    // 0: none
	weight        int
	panics        string
	firstError    bool
	discard       bool
	cancelsBodies bool // CancelOnReturn
	daemon        bool
	name          string
	filters       []string
}

func rulesOf(list []Option) rules {
	r := rules{stop: "FailFast", shared: -1, weight: 1, panics: "PanicPropagate"}
	for _, o := range list {
		switch o.Name {
		case "FailFast", "KeepGoing", "Tolerate", "UntilSuccess", "StopWhen":
			r.stop, r.n = o.Name, o.N
		case "PanicPropagate", "PanicAsError", "PanicCrash":
			r.panics = o.Name
		case "Limit":
			r.limit = o.N
		case "Queue":
			r.queue = o.N
		case sharedLimit:
			r.shared = o.N
		case "Timeout":
			r.timeout = o.N
		case "Weight":
			r.weight = o.N
		case "FirstError":
			r.firstError = true
		case "Discard":
			r.discard = true
		case "CancelOnReturn":
			r.cancelsBodies = true
		case "Daemon":
			r.daemon = true
		case "Ignore", "IgnoreFunc", "MapError", "Forget", "Echo":
			r.filters = append(r.filters, o.Name)
		}
	}
	return r
}

// takesAway reports whether the filters take the error away, as far as the fault in it tells.
func (r rules) takesAway(err error) bool {
	for _, f := range faultsIn(err) {
		switch {
		case f.Kind == ignorable && (slices.Contains(r.filters, "Ignore") || slices.Contains(r.filters, "IgnoreFunc")):
			return true
		case f.Kind == forgettable && slices.Contains(r.filters, "Forget"):
			return true
		}
	}
	return false
}

// propagates reports whether a task's panic comes out of the scope.
func (r rules) propagates() bool { return r.panics == "PanicPropagate" }
