package main

// What the options say.
var inPolicies = []plant{
	{"internal/policy/rule.go", "one failure less is tolerated", []string{"return r.Failures > p.Rule.N", "return r.Failures >= p.Rule.N"}, policy},
	{"internal/policy/rule.go", "a panic is tolerated as any failure", []string{"case panicked && p.Panic == Propagate:\n\t\treturn true\n", ""}, policy},
	{"internal/policy/rule.go", "failures count as successes", []string{"r.Failures++", "r.Failures++\n\tr.successes++"}, policy},
	{"internal/policy/rule.go", "a goal is given up although the body may still start tasks", []string{"&& r.waiting && ", "&& "}, policy},
	{"internal/policy/rule.go", "tasks that have ended still count as hope", []string{"r.successes+submitted-r.ended < p.Rule.N", "r.successes+submitted < p.Rule.N"}, policy},
	{"internal/policy/filter.go", "errors are ignored before they are mapped",
		[]string{"if i.Is(err) {", "if i.Is(original) {", "\tfor _, m := range f.Map {", "\toriginal := err\n\tfor _, m := range f.Map {"}, policy},
	{"internal/policy/filter.go", "only the first MapError is asked", []string{"\t\tif err = m(err); err == nil {\n\t\t\treturn nil\n\t\t}\n", "\t\treturn m(err)\n"}, policy},
	{"internal/policy/policy.go", "Discard keeps one failure less", []string{"n <= KeptFailures", "n < KeptFailures"}, policy},
}

// Scopes and tasks as users see them.
var inGroups = []plant{
	{"group/verdict.go", "the error of the body is dropped", []string{"\tl.body = f\n", ""}, group},
	{"group/verdict.go", "what a user's function panicked with is dropped", []string{"others = append(others, l.blamed...)\n", ""}, group},
	{"group/verdict.go", "a failure that a loop took is not told of, although it ended the scope",
		[]string{"notes = append(notes, failure{f, c.Number, nil}) // a loop took it, but it is why the scope ended", "_ = f"}, group},
	{"group/ledger.go", "a failure takes its number after it has cancelled the scope", []string{"return l.run.Failures, stop\n", "return 0, stop\n"}, group},
	{"group/ledger.go", "a failure is counted without the lock",
		[]string{"\tl.mu.Lock()\n\tdefer l.mu.Unlock()\n\tstop = l.run.Fail(p, panicked)", "\tstop = l.run.Fail(p, panicked)\n\tl.mu.Lock()\n\tdefer l.mu.Unlock()"}, group.raced()},
	{"group/runner.go", "a task that never began kept nobody from success", []string{"\tif c == s.core.Canceled() {\n\t\ts.ledger().unfinish()\n\t}\n", ""}, group},
	{"group/runner.go", "a Goexit is a success", []string{"return exited, ErrGoexit", "return returned, nil"}, group},
	{"group/echo.go", "a wrapper around something real is taken for an echo", []string{"\treturn c.real(inner) == nil\n", "\treturn true\n"}, group},
	{"group/echo.go", "the real part of joined errors is dropped", []string{"\tcase 1:\n\t\treturn left[0]\n", "\tcase 1:\n\t\treturn nil\n"}, group},
	{"group/left_open.go", "a scope that was left open is not awaited", []string{"\ts.core.Join()\n", ""}, group},
	{"group/left_open.go", "the error of a task that left a scope open is dropped", []string{"return errors.Join(own, e)", "return e"}, group},
	{"group/group.go", "nobody awaits the tasks when the body panics", []string{"\t\t\tg.s.cancel(nil)\n\t\t\tg.s.join()\n", "\t\t\tg.s.cancel(nil)\n"}, group},
	{"group/task.go", "a wait whose context has ended does not look at the task once more",
		[]string{"\t\tif !t.ended() {\n\t\t\tvar none T\n", "\t\tif ctx.Err() != nil || !t.ended() {\n\t\t\tvar none T\n"}, group},
	{"group/rule.go", "a task that ends while the rule is at work is not told to it",
		[]string{"\tr.rest = append(r.rest, o)\n\tif r.busy {\n\t\tr.mu.Unlock()\n\t\treturn\n\t}\n", "\tif r.busy {\n\t\tr.mu.Unlock()\n\t\ts.finish(o, false)\n\t\treturn\n\t}\n\tr.rest = append(r.rest, o)\n"}, group},
	{"group/rule.go", "the lock is held while the rule is at work", []string{"\t\tr.mu.Unlock()\n\t\tr.judge(s, o)\n", "\t\tr.judge(s, o)\n\t\tr.mu.Unlock()\n"}, group},
	{"group/start.go", "Start does not wait for the function that hears of its context's end", []string{"\t\t<-told // nothing outlives the call\n", ""}, group},
	{"group/start.go", "two may become the owner of a task", []string{"\tif h.owner != from {\n\t\treturn false\n\t}\n", ""}, group},
	{"group/shield.go", "the goroutine of Shield outlives the call", []string{"\t\t<-unguarded // nothing outlives the call\n", ""}, group},
	{"group/stuck.go", "the function of OnStuck outlives the scope", []string{"\tdefault:\n\t\t<-w.called\n", ""}, group},
}

// Sets of tasks.
var inSets = []plant{
	{"waitset/members.go", "a task that was taken stays in the list of those that have ended",
		[]string{"\tif m.isReady {\n\t\ts.lists[ready].remove(m, ready)\n\t}\n", ""}, waitset},
	{"waitset/waitset.go", "a task that has ended before it was added is not noticed",
		[]string{"if !node.Subscribe(&m.sub, m) {\n\t\tm.Ended()\n\t}", "node.Subscribe(&m.sub, m)"}, waitset},
	{"waitset/waitset.go", "the end of a task wakes nobody", []string{"\ts.lists[ready].push(m, ready)\n\ts.signal()\n", "\ts.lists[ready].push(m, ready)\n"}, waitset},
	{"waitset/waitset.go", "nobody is told that the last task was removed", []string{"\ts.signal() // it may have been the last that somebody waits for\n", ""}, waitset},
	{"waitset/waitset.go", "a removed task whose end is just being told is used again", []string{"if !ended && node.Unsubscribe(&m.sub) {", "if node.Unsubscribe(&m.sub); !ended {"}, waitset},
	{"waitset/members.go", "who takes one and leaves more does not tell the others", []string{"\t\t\ts.signal() // others sleep, and there is something for them\n", ""}, waitset},
	{"waitset/members.go", "who is woken and has to wait for a place does not tell the others", []string{"\t\t\ts.passOn() // before a place is taken back, which may last\n", ""}, waitset},
	{"waitset/wait.go", "nobody is told that a wait took the last ones", []string{"\tif len(s.members) == 0 {\n\t\ts.signal() // others may wait for what was taken before the set was told\n\t}\n", ""}, waitset},
}

// Parallel loops.
var inLoops = []plant{
	{"iter/parking.go", "a sleeper looks before it says that it sleeps",
		[]string{"\tp.asleep.Add(1)\n\tdefer p.asleep.Add(-1)\n\tfor !ready() {", "\tfor !ready() {\n\t\tp.asleep.Add(1)\n\t\tdefer p.asleep.Add(-1)"}, loops},
	{"iter/parking.go", "a sleeper takes the end of its context for what it waits for", []string{"case <-ctx.Done():\n\t\t\treturn ready()", "case <-ctx.Done():\n\t\t\treturn true"}, loops},
	{"iter/worker.go", "the source is not woken when the ring is half empty", []string{"<= p.mask/2", "< 0"}, loops},
	{"iter/worker.go", "a worker looks at its own element alone before it wakes the source",
		[]string{"p.filled.Load()-p.claimed.Load() <= p.mask/2", "p.filled.Load()-(i+1) <= p.mask/2"}, loops},
	{"iter/worker.go", "a worker believes for ever what it knew of the source", []string{"if k.filled = p.filled.Load(); i == k.filled &&", "if k.filled = max(k.filled, 1); i >= k.filled &&"}, loops},
	{"iter/worker.go", "two may claim the same element", []string{"if !p.claimed.CompareAndSwap(i, i+1) {\n\t\t\tcontinue\n\t\t}", "p.claimed.Store(i + 1)"}, loops},
	{"iter/worker.go", "a worker calls for no other before it calls the function", []string{"\t\t\tp.employ() // before the function is called, which may block\n", ""}, loops},
	{"iter/worker.go", "a worker is hired beyond the limit", []string{"if w.hired.Add(1) <= p.limit {", "if w.hired.Add(1) <= p.limit+1 {", "for w.hired.Load() < p.limit &&", "for w.hired.Load() <= p.limit &&"}, loops},
	{"iter/pipe.go", "the source believes what it remembers of the ring", []string{"return n-p.gone <= p.mask && !p.in[n&p.mask].full.Load()", "return n-p.gone <= p.mask"}, loops.raced()},
	{"iter/pipe.go", "a place is given back before it is empty",
		[]string{"\to.full.Store(false)\n\tp.taken.Store(k + 1)\n", "\tp.taken.Store(k + 1)\n\to.full.Store(false)\n"}, loops},
	{"iter/slice.go", "two may claim the same chunk", []string{"if l.next.CompareAndSwap(next, next+take) {\n\t\t\treturn int(next), int(next + take)\n\t\t}", "l.next.Store(next + take)\n\t\treturn int(next), int(next + take)"}, loops},
	{"iter/slice.go", "a loop over a slice is over before its goroutines are", []string{"\t\tdefault:\n\t\t\tl.Join()\n", "\t\tdefault:\n"}, loops},
	{"iter/merge.go", "the end of one sequence ends them all", []string{"if left.Add(-1) == 0 {", "if left.Add(-1) == int32(len(seqs))-1 {"}, loops},
}
