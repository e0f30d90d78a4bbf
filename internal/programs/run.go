package programs

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// Config is how a program is run.
type Config struct {
	Unit time.Duration // of a program's time
	// Exact is for a bubble: things that take no time happen at one moment, and those that take some at another.
	Exact bool
	// Blind keeps no order of what happens. To keep it, goroutines have to meet, and the race detector takes that for an order of
	// what they do.
	Blind bool
}

// errHorizon and errOutside are why the context of the root ends.
var (
	errHorizon = errors.New("the horizon")
	errOutside = errors.New("from outside")
)

// runner runs one program.
type runner struct {
	*Trace
	limiters []*group.Limiter
	waitsets []*waitset.WaitSet[group.Handle]
	began    time.Time
	order    atomic.Int64
}

// Execute runs the program. It returns when the program has, and so, if the library does what it should, all that it has started.
func Execute(p *Program, c Config) *Trace {
	t := newTree(p)
	r := &runner{
		Trace: &Trace{tree: t, Config: c, tasks: make([]taskRecord, len(t.tasks)), scopes: make([]scopeRecord, len(t.scopes)),
			sets: make([]setRecord, t.sets)},
		waitsets: make([]*waitset.WaitSet[group.Handle], t.sets),
		began:    time.Now(),
	}
	for _, n := range p.Limiters {
		r.limiters = append(r.limiters, group.NewLimiter(n))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	if p.CancelAt > 0 {
		defer time.AfterFunc(r.units(p.CancelAt), func() { cancel(errOutside) }).Stop()
	}
	defer time.AfterFunc(r.units(Horizon), func() { cancel(errHorizon) }).Stop()
	done := make(chan struct{})
	go func() { // for a Goexit ends it
		defer close(done)
		defer func() { recover() }() // it is in the record
		f := r.frame(&r.main, ctx)
		defer f.leave()
		f.open(p.Root)
		f.returns(nil)
	}()
	<-done
	r.ask()
	return r.Trace
}

func (r *runner) units(n int) time.Duration { return time.Duration(n) * r.Unit }

// now is the present moment.
func (r *runner) now() moment {
	m := moment{1, time.Since(r.began)}
	if !r.Blind {
		m.order = r.order.Add(1)
	}
	return m
}

// A frame is a function that runs.
type frame struct {
	*runner
	*record
	ctx      context.Context
	last     *error // of the last step that gave one
	shielded bool
}

func (r *runner) frame(rec *record, ctx context.Context) frame {
	rec.runs.Add(1)
	rec.begun = r.now()
	rec.ctx = ctx
	return frame{runner: r, record: rec, ctx: ctx, last: new(error)}
}

// leave is deferred by each function, first of all, so that it is the last to be done.
func (f frame) leave() { f.left = f.now() }

func (f frame) returns(err error) error {
	f.how, f.record.err = returned, err
	return err
}

func (f frame) panics(v any) {
	f.how, f.value = panicked, v
	panic(v)
}

func (f frame) exits() {
	f.how = exited
	runtime.Goexit()
}

// block does the steps, and leaves the function.
func (f frame) block(who Fault, b Block) error {
	f.do(b.Steps)
	return f.end(who, b.End)
}

// end leaves the function; who says who raises the fault, if that is how.
func (f frame) end(who Fault, e End) error {
	fault := &who
	fault.Kind = e.Kind
	switch e.How {
	case Fail:
		return f.returns(fault)
	case Last:
		return f.returns(*f.last)
	case False:
		return f.returns(context.Canceled)
	case Joined:
		return f.returns(errors.Join(f.ctx.Err(), fault))
	case Panic:
		f.panics(fault)
	case PanicOdd:
		f.panics(who.Who)
	case Goexit:
		f.exits()
	}
	if f.ctx.Err() != nil {
		switch e.How {
		case Echo:
			return f.returns(f.ctx.Err())
		case Cause:
			return f.returns(context.Cause(f.ctx))
		case Wrapped:
			return f.returns(&wrapper{context.Cause(f.ctx)})
		}
	}
	return f.returns(nil)
}

// ask asks all that can be asked in the end.
func (r *runner) ask() {
	for _, t := range r.tree.tasks {
		if t == nil {
			continue
		}
		rec := &r.tasks[t.ID]
		rec.askContext()
		if h := rec.handle; h != nil && rec.result != nil {
			v, err := rec.result()
			rec.final = final{state: h.State(), err: err, value: v, closed: isClosed(h), index: h.Index(), name: h.Name()}
		}
	}
	for _, s := range r.tree.scopes {
		if s == nil {
			continue
		}
		rec := &r.scopes[s.ID]
		rec.body.askContext()
		if rec.parent != nil {
			rec.parentLast = context.Cause(rec.parent)
		}
		if rec.group == nil {
			continue
		}
		rec.cause = context.Cause(rec.group.Context())
		rec.late = valueOf(func() { rec.group.Do(func(context.Context) error { return nil }) })
		if !s.discard {
			_, rec.more = rec.group.Next(context.Background())
		}
	}
	for i, set := range r.waitsets {
		if set == nil {
			continue
		}
		for h, ok := set.TryNext(); ok && len(r.sets[i].rest) < plenty; h, ok = set.TryNext() {
			r.sets[i].rest = append(r.sets[i].rest, h)
		}
		r.sets[i].size = set.Len()
	}
}

func (r *record) askContext() {
	if r.ctx != nil {
		r.ended, r.cause = r.ctx.Err() != nil, context.Cause(r.ctx)
	}
}

// valueOf returns what f panics with.
func valueOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func isClosed(h group.Handle) bool {
	select {
	case <-h.Done():
		return true
	default:
		return false
	}
}

// wrapper says more than what it wraps.
type wrapper struct{ inner error }

func (w *wrapper) Error() string { return "cleaning up: " + w.inner.Error() }
func (w *wrapper) Unwrap() error { return w.inner }
