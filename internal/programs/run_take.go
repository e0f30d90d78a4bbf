package programs

import (
	"context"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// plenty is how many tasks no scope and no set has.
const plenty = 1000

// take takes completions of a group.
func (f frame) take(s *Take) {
	g := f.scopes[s.Scope].group
	x := taking{scope: s.Scope, set: -1, by: s.By}
	defer func() { f.takings = append(f.takings, x) }()
	from := f.now()
	// more notes a completion, and reports whether to go on.
	more := func(h *group.Task[int], v int, err error) bool {
		if h != nil {
			v, err = h.Result()
			x.took = append(x.took, f.taken(from, h, v, err))
		} else {
			x.took = append(x.took, f.taken(from, nil, v, err))
		}
		*f.last = err
		if n := len(x.took); n <= len(s.Tasks) {
			f.spawn(s.Tasks[n-1])
		}
		from = f.now()
		return len(x.took) != s.Max && len(x.took) < plenty
	}
	ctx := context.Background()
	switch s.By {
	case "Next":
		var cancel context.CancelFunc
		ctx, cancel = f.within(s.Within)
		defer cancel()
		for t, ok := g.Next(ctx); ok; t, ok = g.Next(ctx) {
			if !more(t, 0, nil) {
				return
			}
		}
	case "Completed":
		for t := range waitset.Completed(g) {
			if !more(t, 0, nil) {
				return
			}
		}
	case "Results":
		for v, err := range waitset.Results(g) {
			if !more(nil, v, err) {
				return
			}
		}
	}
	x.dry, x.ctxEnded = from, ctx.Err() != nil
	x.over = f.now()
}

// taken notes a completion; h is nil where a loop does not tell.
func (f frame) taken(from moment, h group.Handle, v int, err error) taken {
	x := taken{from: from, to: f.now(), handle: h, value: v, err: err}
	if h != nil {
		x.ended, x.closed = h.State() >= group.Succeeded, isClosed(h)
	}
	// What can be seen tells of tasks whose functions have been left: its value of the task itself, faults of those who raised them.
	see := func(task int) {
		x.left = f.tasks[task].left.was() && (x.left || !x.known)
		x.known = true
	}
	if err == nil && v > 0 {
		see(v)
	}
	for _, fault := range faultsIn(err) {
		if fault.Task > 0 {
			see(fault.Task)
		}
	}
	return x
}

func (f frame) makeSet(s *MakeSet) {
	f.waitsets[s.Set] = waitset.New[group.Handle]()
	for _, t := range s.Tasks {
		f.add(s.Set, t)
	}
}

func (f frame) add(set, task int) {
	if h := f.tasks[task].handle; h != nil {
		f.waitsets[set].Add(h)
		f.adds = append(f.adds, setCall{set, task, f.now()})
	}
}

func (f frame) remove(s *Remove) {
	if h := f.tasks[s.Task].handle; h != nil && f.waitsets[s.Set].Remove(h) {
		f.removes = append(f.removes, setCall{s.Set, s.Task, f.now()})
	}
}

// takeSet takes from a set.
func (f frame) takeSet(s *TakeSet) {
	set := f.waitsets[s.Set]
	ctx, cancel := f.within(s.Within)
	defer cancel()
	if s.By == "Wait" {
		w := setWait{set: s.Set, mode: s.Mode, from: f.now()}
		w.done, w.pending, w.err = set.Wait(ctx, waitset.Mode(s.Mode))
		f.waited(w)
		return
	}
	x := taking{scope: -1, set: s.Set, by: s.By}
	defer func() { f.takings = append(f.takings, x) }()
	from := f.now()
	more := func(h group.Handle) bool {
		x.took = append(x.took, f.taken(from, h, 0, h.Err()))
		*f.last = h.Err()
		from = f.now()
		return len(x.took) != s.Max && len(x.took) < plenty
	}
	switch s.By {
	case "Next":
		for h, ok := set.Next(ctx); ok; h, ok = set.Next(ctx) {
			if !more(h) {
				return
			}
		}
	case "TryNext":
		for h, ok := set.TryNext(); ok; h, ok = set.TryNext() {
			if !more(h) {
				return
			}
		}
	case "All":
		for h := range set.All(ctx) {
			if !more(h) {
				return
			}
		}
	}
	x.dry, x.ctxEnded = from, ctx.Err() != nil
	x.over = f.now()
}

// await calls the function Wait of package waitset.
func (f frame) await(s *Await) {
	ctx, cancel := f.within(s.Within)
	defer cancel()
	w := setWait{set: -1, mode: s.Mode}
	var hs []group.Handle
	for _, t := range s.Tasks {
		if h := f.tasks[t].handle; h != nil {
			hs = append(hs, h)
			w.given = append(w.given, t)
		}
	}
	w.from = f.now()
	w.done, w.pending, w.err = waitset.Wait(ctx, waitset.Mode(s.Mode), hs...)
	f.waited(w)
}

// waited notes what a wait has returned.
func (f frame) waited(w setWait) {
	w.to = f.now()
	w.allEnded = true
	for _, h := range w.done {
		w.failed = w.failed || h.State() == group.Failed
		w.allEnded = w.allEnded && h.State() >= group.Succeeded
	}
	*f.last = w.err
	f.waits = append(f.waits, w)
}
