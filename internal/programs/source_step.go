package programs

import "fmt"

// steps writes steps; end is how the function is left.
func (p *printer) steps(steps []Step, end string) {
	for _, s := range steps {
		p.step(s, end)
	}
}

func (p *printer) step(s Step, end string) {
	switch s := s.(type) {
	case *Sleep:
		p.line("time.Sleep(%d*unit)", s.D)
	case *Nap:
		if s.Leave {
			p.line("if nap(ctx, %d*unit) {\n%s}", s.D, end)
		} else {
			p.line("nap(ctx, %d*unit)", s.D)
		}
	case *Hold:
		p.line("<-ctx.Done()")
	case *Yield:
		p.line("runtime.Gosched()")
	case *Spawn:
		p.spawn(s.Task)
	case *Open:
		p.open(s.Scope)
	case *Shielded:
		p.line("err = group.Shield(ctx, %d*unit, func(ctx context.Context) error {", s.Grace)
		p.steps(s.Steps, end)
		p.line("return nil\n})")
	case *Cancel:
		p.line("s%d.Cancel(%s)", s.Scope, cause("Cancel", s.Clean))
	case *CancelTask:
		p.line("t%d.Cancel(%s)", s.Task, cause("Task.Cancel", s.Clean))
	case *Join:
		p.patiently(s.Within, func(ctx string) { p.line("_, err = t%d.Wait(%s)", s.Task, ctx) })
	case *Peek:
		p.line("t.Log(%q, t%d.State(), t%d.Err())", fmt.Sprint("task ", s.Task, " is"), s.Task, s.Task)
	case *Take:
		p.take(s)
	case *MakeSet:
		p.line("w%d := waitset.New[group.Handle](%s)\n_ = w%d", s.Set, handles(s.Tasks), s.Set)
	case *Add:
		p.line("w%d.Add(t%d)", s.Set, s.Task)
	case *Remove:
		p.line("w%d.Remove(t%d)", s.Set, s.Task)
	case *TakeSet:
		p.takeSet(s)
	case *Await:
		p.patiently(s.Within, func(ctx string) {
			p.line("_, _, err = waitset.Wait[group.Handle](%s, waitset.%s, %s)", ctx, modes[s.Mode], handles(s.Tasks))
		})
	}
}

var modes = []string{"AllCompleted", "FirstCompleted", "FirstError"}

func cause(who string, clean bool) string {
	if clean {
		return "nil"
	}
	return fmt.Sprintf("fault(%q, errPlain)", who)
}

// patiently writes something with the name of a context that lasts so long, or as long as the function's own.
func (p *printer) patiently(within int, write func(ctx string)) {
	if within == 0 {
		write("ctx")
		return
	}
	p.line("{\nwithin, cancel := context.WithTimeout(ctx, %d*unit)", within)
	write("within")
	p.line("cancel()\n}")
}

func (p *printer) spawn(t *Task) {
	who := t.who().Who
	switch t.By {
	case Go:
		fmt.Fprintf(p, "t%d := s%d.Go(", t.ID, t.Scope)
		p.function(who, t.ID, t.Body, false)
	case Do:
		fmt.Fprintf(p, "t%d := s%d.Do(", t.ID, t.Scope)
		p.function(who, t.ID, t.Body, true)
	case Other:
		p.line("t%d := group.Go(s%d, func(ctx context.Context) (string, error) {", t.ID, t.Scope)
		fmt.Fprint(p, "_, err := call(ctx, ")
		p.function(who, t.ID, t.Body, false)
		fmt.Fprintf(p, ")\nreturn %q, err\n}", who)
	case TryGo:
		fmt.Fprintf(p, "s%d.TryGo(", t.Scope)
		p.function(who, t.ID, t.Body, false)
	case Start:
		p.line("_, err = group.Start(ctx, s%d, func(ctx context.Context, ready func(int) bool) error {", t.Scope)
		p.body(who, t.ID, t.Body, true, min(t.Ready, len(t.Body.Steps)))
		fmt.Fprint(p, "}")
	}
	p.line("%s)", options(t.Options))
	if t.By == Go || t.By == Do || t.By == Other {
		p.line("_ = t%d", t.ID)
	}
}

func (p *printer) take(s *Take) {
	p.patiently(s.Within, func(ctx string) {
		p.line("{\nn := 0")
		switch s.By {
		case "Next":
			p.line("for x, ok := s%d.Next(%s); ok; x, ok = s%d.Next(%s) {\n_, err = x.Result()", s.Scope, ctx, s.Scope, ctx)
		case "Completed":
			p.line("for x := range waitset.Completed(s%d) {\n_, err = x.Result()", s.Scope)
		case "Results":
			p.line("for _, e := range waitset.Results(s%d) {\nerr = e", s.Scope)
		}
		p.line("n++")
		if len(s.Tasks) > 0 {
			p.line("switch n {")
			for i, t := range s.Tasks {
				p.line("case %d:", i+1)
				p.spawn(t)
			}
			p.line("}")
		}
		p.line("if n == %d {\nbreak\n}\n}\n}", s.Max)
	})
}

func (p *printer) takeSet(s *TakeSet) {
	p.patiently(s.Within, func(ctx string) {
		switch s.By {
		case "Wait":
			p.line("_, _, err = w%d.Wait(%s, waitset.%s)", s.Set, ctx, modes[s.Mode])
			return
		case "All":
			p.line("{\nn := 0\nfor x := range w%d.All(%s) {", s.Set, ctx)
		default:
			next := fmt.Sprintf("w%d.%s(%s)", s.Set, s.By, map[bool]string{true: ctx}[s.By == "Next"])
			p.line("{\nn := 0\nfor x, ok := %s; ok; x, ok = %s {", next, next)
		}
		p.line("err = x.Err()\nn++\nif n == %d {\nbreak\n}\n}\n}", s.Max)
		if s.By == "TryNext" && s.Within > 0 {
			p.line("_ = within")
		}
	})
}

// open writes a scope.
func (p *printer) open(s *Scope) {
	who := fmt.Sprint("scope ", s.ID)
	ctx := "ctx"
	if s.Catch {
		p.line("func() {\ndefer catch(&err)")
	} else if s.Via != Direct || s.Kind == New || !s.Kind.Grouped() {
		p.line("{")
	}
	switch s.Via {
	case Value:
		ctx = fmt.Sprint("ctx", s.ID)
		p.line("%s := context.WithValue(ctx, key{}, %d)", ctx, s.ID)
	case Within:
		ctx = fmt.Sprint("ctx", s.ID)
		p.line("%s, cancel%d := context.WithTimeout(ctx, %d*unit)", ctx, s.ID, s.D)
	}
	switch {
	case s.Kind == Run:
		p.line("err = both[[]int](t, %q)(group.Run(%s, func(ctx context.Context, s%d *group.TaskGroup[int]) error {", who, ctx, s.ID)
		p.body(fmt.Sprint("body ", s.ID), 0, s.Body, true, -1)
		p.line("}%s))", options(s.Options))
	case s.Kind == New:
		p.line("s%d := group.New[int](%s%s)", s.ID, ctx, options(s.Options))
		p.steps(s.Body.Steps, "")
		if s.Leave {
			p.line("_ = s%d", s.ID)
		} else {
			p.line("err = both[[]int](t, %q)(s%d.Wait())", who, s.ID)
		}
	default:
		p.line("fns := []fn{")
		for _, t := range s.Tasks {
			p.function(t.who().Who, t.ID, t.Body, false)
			p.line(",")
		}
		p.line("}")
		p.parts(s, who, ctx)
	}
	if s.Via == Within {
		if s.Leave {
			p.line("_ = cancel%d", s.ID)
		} else {
			p.line("cancel%d()", s.ID)
		}
	}
	if s.Catch {
		p.line("}()")
	} else if s.Via != Direct || s.Kind == New || !s.Kind.Grouped() {
		p.line("}")
	}
}

// parts writes the call of a contest or a loop with fns.
func (p *printer) parts(s *Scope, who, ctx string) {
	opts := options(s.Options)
	switch s.Kind {
	case Gather:
		p.line("err = both[[]int](t, %q)(group.Gather(%s, fns...))", who, ctx)
	case Settle:
		p.line("err = both[[]*group.Task[int]](t, %q)(group.Settle(%s, fns...))", who, ctx)
	case Race, Any:
		p.line("err = both[int](t, %q)(group.%s(%s, fns...))", who, s.Kind, ctx)
	case Quorum:
		p.line("err = both[[]int](t, %q)(group.Quorum(%s, %d, fns...))", who, ctx, s.N)
	case Hedge:
		p.line("err = both[int](t, %q)(group.Hedge(%s, %d*unit, fns...))", who, ctx, s.N)
	case ForEach:
		p.line("err = over(t, %q, nil, iter.ForEach(%s, slices.Values(fns), func(ctx context.Context, f fn) error {\n_, err := f(ctx)\nreturn err\n}%s))", who, ctx, opts)
	case ForEachSlice:
		p.line("err = over(t, %q, nil, iter.ForEachSlice(%s, fns, func(ctx context.Context, f *fn) error {\n_, err := (*f)(ctx)\nreturn err\n}%s))", who, ctx, opts)
	case MapSlice:
		p.line("err = both[[]int](t, %q)(iter.MapSlice(%s, fns, call%s))", who, ctx, opts)
	case Map, MapUnordered:
		p.line("n := 0\nfor v, e := range iter.%s(%s, slices.Values(fns), call%s) {", s.Kind, ctx, opts)
		p.line("err = both[int](t, %q)(v, e)\nn++\nif n == %d {\nbreak\n}\n}\nover(t, %q, n, err)", who+" yields", s.N, who)
	}
}
