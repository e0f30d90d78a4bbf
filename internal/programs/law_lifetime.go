package programs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/creche-go/creche/group"
)

// lifetime checks that nothing of a scope outlives it, and that it does not outlive what is in it.
func (c *checker) lifetime(s *scopeNode) {
	rec := &c.scopes[s.ID]
	if rec.group != nil {
		if text, _ := rec.late.(string); !strings.Contains(text, "after the end of") {
			c.violated("L2", "Go after the end of scope %d: panic %v", s.ID, rec.late)
		}
		if rec.more && rec.body.how < panicked { // else nobody has called Wait
			c.violated("W1", "Next had a task after the end of scope %d", s.ID)
		}
	}
	if !rec.over.was() {
		return // left open: it lies within its owner
	}
	last := rec.opened.at
	for _, m := range []moment{rec.waited, rec.broke, rec.body.left} {
		last = max(last, m.at)
	}
	c.tree.within(s, func(a actor) {
		r := c.record(a)
		last = max(last, r.left.at)
		if r.begun.was() && (!r.left.was() || r.left.after(rec.over)) {
			c.violated("L1", "%v had not ended when scope %d was over", a, s.ID)
		}
	})
	if c.exact && s.Kind != Hedge && rec.over.at != last {
		c.violated("L1", "scope %d was over at %v, but the last of it had ended at %v", s.ID, rec.over.at, last)
	}
}

// task checks what one task has done, and what it says of itself.
func (c *checker) task(x *taskNode) {
	rec, a := &c.tasks[x.ID], actor{task: x.Task}
	if n := rec.runs.Load(); n > 1 {
		c.violated("L1", "%v ran %d times", a, n)
	}
	if rec.begun.was() && !rec.ended {
		c.violated("L4", "the context of %v has not ended", a)
	}
	if rec.odd != nil && x.By != Start {
		c.violated("L2", "%s panicked in an open scope: %v", x.By, rec.odd)
	}
	if rec.handle != nil {
		c.handle(x)
	}
	if x.By == Start && rec.asked.was() {
		c.start(x)
	}
}

// leavesOpen reports whether the actor has left a scope open.
func (c *checker) leavesOpen(a actor) (open bool) {
	c.tree.opened(a, func(s *scopeNode) {
		rec := &c.scopes[s.ID]
		open = open || rec.opened.was() && !rec.over.was() && rec.group != nil
	})
	return open
}

// leftOpen reports whether a task has failed because it left a scope open. Functions of a loop have no context of their own: what they
// leave open is the loop's.
func (c *checker) leftOpen(a actor) bool { return !c.scopeOf(a).Kind.Loop() && c.leavesOpen(a) }

// leftBelow reports whether the scope itself has to close what was left open.
func (c *checker) leftBelow(s *scopeNode) bool {
	return c.leavesOpen(actor{body: s.Scope}) || s.Kind.Loop() && slices.ContainsFunc(s.Tasks, func(x *Task) bool { return c.leavesOpen(actor{task: x}) })
}

// handle checks that the handle says in the end what the task did.
func (c *checker) handle(x *taskNode) {
	rec, a, s := &c.tasks[x.ID], actor{task: x.Task}, c.tree.scopes[x.Scope]
	f, open := rec.final, c.leftOpen(a)
	bad := func(law, want string) { c.violated(law, "%v is %v, error %v, in the end: %s", a, f.state, f.err, want) }
	if f.state < group.Succeeded || !f.closed {
		bad("L1", "it has been lost")
		return
	}
	if x.name != "" && f.name != x.name {
		bad("E1", "its name is "+f.name)
	}
	if rec.begun.was() != (f.state != group.NotStarted) {
		bad("S2", fmt.Sprintf("that it began is %v", rec.begun.was()))
		return
	}
	if f.state == group.NotStarted {
		c.notStarted(x)
		return
	}
	switch {
	case open && f.state != group.Failed:
		bad("L3", "it left a scope open")
	case open:
		if p := (*group.PanicError)(nil); !errors.As(f.err, &p) && !strings.Contains(f.err.Error(), "open") {
			bad("L3", "the error does not tell that it left a scope open")
		}
		return
	case f.state == group.Succeeded && !(rec.how == returned && rec.err == nil):
		bad("E1", fmt.Sprintf("it returned %v, how is %d", rec.err, rec.how))
	case f.state == group.Failed && rec.how == returned && rec.err == nil:
		bad("E1", "it returned nil")
	case f.state == group.Canceled && c.failed(a):
		bad("E2", fmt.Sprintf("its error is no echo of %v", c.causesOf(a)))
	case f.state == group.Failed && c.echoes(a):
		bad("E2", "it only repeats why its scope was cancelled")
	case f.state == group.Canceled && c.Exact && c.may(a) > rec.left.at:
		bad("E2", "nobody had cancelled it")
	}
	switch p := (*group.PanicError)(nil); {
	case rec.how == returned && !same(f.err, rec.err):
		bad("E1", fmt.Sprintf("it returned %v", rec.err))
	case rec.how == exited && f.err != group.ErrGoexit:
		bad("P1", "it called runtime.Goexit")
	case rec.how == panicked && !(errors.As(f.err, &p) && same(p.Value, rec.value)):
		bad("P1", fmt.Sprintf("it panicked with %v", rec.value))
	}
	if f.state == group.Succeeded && !s.discard {
		want := map[By]any{Go: x.ID, TryGo: x.ID, PartOf: x.ID, Do: 0, Other: x.who().Who}[x.By]
		if !same(f.value, want) {
			bad("W1", fmt.Sprintf("its value is %v", f.value))
		}
	}
}

// start checks what a call of Start returned.
func (c *checker) start(x *taskNode) {
	rec, a := &c.tasks[x.ID], actor{task: x.Task}
	st, open := &rec.start, c.leftOpen(a)
	bad := func(want string) {
		c.violated("E1", "Start of %v returned %d, %v; ready said %v: %s", a, st.value, st.err, st.adopted, want)
	}
	switch {
	case st.how == notLeft: // by Goexit, which is not ours
	case st.how == panicked:
		if p, ok := rec.odd.(*group.PanicError); !open && !(ok && rec.how == panicked && same(p.Value, rec.value)) || st.adopted {
			c.violated("P1", "Start of %v panicked with %v; the task with %v", a, rec.odd, rec.value)
		}
	case st.adopted && (st.err != nil || st.value != x.ID):
		bad("the task was ready")
	case st.adopted:
	case !rec.begun.was():
		if st.err == nil || !errors.Is(st.err, group.ErrNotStarted) && (st.caller == nil || !errors.Is(st.err, st.caller)) {
			bad("it never began")
		}
	case open:
	case st.err == nil && (rec.how != returned || rec.err != nil || st.value != x.ID):
		bad(fmt.Sprintf("the task returned %v", rec.err))
	case rec.how == returned && rec.err == nil && x.Ready < 0 && st.caller == nil && st.err != group.ErrNotReady:
		bad("it returned before it was ready")
	case rec.how == returned && c.failed(a):
		for _, f := range faultsIn(rec.err) {
			if !c.excused(a, f) && !slices.Contains(faultsIn(st.err), f) {
				bad(fmt.Sprintf("the task returned %v", rec.err))
			}
		}
	}
	if must := c.must(x.spawner); c.Exact && st.adopted && !x.shielded && st.ready.at > must {
		c.violated("L5", "%v was ready at %v, and whoever called Start was cancelled at %v", a, st.ready.at, must)
	}
	if !c.exact || st.how != returned || !rec.begun.was() {
		return
	}
	end, _ := c.last(a)
	if st.adopted {
		end = st.ready
	}
	if want := max(rec.asked.at, end.at); rec.got.at != want {
		c.violated("W4", "Start of %v returned at %v instead of %v", a, rec.got.at, want)
	}
}
