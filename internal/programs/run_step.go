package programs

import (
	"context"
	"runtime"
	"time"

	"github.com/creche-go/creche/group"
)

// do does steps. It reports whether one of them leaves the function.
func (f frame) do(steps []Step) (leave bool) {
	for _, s := range steps {
		if f.step(s) {
			return true
		}
	}
	return false
}

func (f frame) step(s Step) (leave bool) {
	switch s := s.(type) {
	case *Sleep:
		time.Sleep(f.units(s.D))
	case *Nap:
		return f.pause(f.units(s.D)) && s.Leave
	case *Hold:
		f.pause(0)
	case *Yield:
		runtime.Gosched()
	case *Spawn:
		f.spawn(s.Task)
	case *Open:
		f.open(s.Scope)
	case *Shielded:
		*f.last = group.Shield(f.ctx, f.units(s.Grace), func(ctx context.Context) error {
			inner := f
			inner.ctx, inner.shielded = ctx, true
			inner.do(s.Steps)
			return nil
		})
	case *Cancel:
		f.cancel(s)
	case *CancelTask:
		f.cancelTask(s)
	case *Join:
		f.join(s)
	case *Peek:
		f.peek(s.Task)
	case *Take:
		f.take(s)
	case *MakeSet:
		f.makeSet(s)
	case *Add:
		f.add(s.Set, s.Task)
	case *Remove:
		f.remove(s)
	case *TakeSet:
		f.takeSet(s)
	case *Await:
		f.await(s)
	}
	return false
}

// pause waits for d, or without an end, and for the context. It reports whether that has ended.
func (f frame) pause(d time.Duration) bool {
	p := pause{from: f.now(), length: d, shielded: f.shielded}
	var over <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-over:
	case <-f.ctx.Done():
		p.heard = context.Cause(f.ctx)
	}
	p.to = f.now()
	f.pauses = append(f.pauses, p)
	return p.heard != nil
}

func (f frame) cancel(s *Cancel) {
	c := cancelling{scope: s.Scope, task: -1}
	if !s.Clean {
		c.cause = &Fault{Who: "Cancel"}
	}
	c.from = f.now()
	f.scopes[s.Scope].group.Cancel(c.cause)
	c.to = f.now()
	f.cancels = append(f.cancels, c)
}

func (f frame) cancelTask(s *CancelTask) {
	c := cancelling{scope: -1, task: s.Task}
	if !s.Clean {
		c.cause = &Fault{Who: "Task.Cancel"}
	}
	h := f.tasks[s.Task].handle
	if h == nil {
		return // Go has panicked
	}
	c.from = f.now()
	c.hit = h.Cancel(c.cause)
	c.to = f.now()
	f.cancels = append(f.cancels, c)
}

// within returns the context for a wait of d, or the function's own.
func (f frame) within(d int) (context.Context, context.CancelFunc) {
	if d == 0 {
		return f.ctx, func() {}
	}
	return context.WithTimeout(f.ctx, f.units(d))
}

func (f frame) join(s *Join) {
	rec := &f.tasks[s.Task]
	if rec.handle == nil {
		return
	}
	ctx, cancel := f.within(s.Within)
	defer cancel()
	x := sighting{task: s.Task, from: f.now(), waiting: true}
	x.err = waitFor(ctx, rec.handle)
	x.ctxEnded = ctx.Err() != nil
	f.look(rec, &x)
	*f.last = x.err
}

// waitFor calls Wait, whatever the type.
func waitFor(ctx context.Context, h group.Handle) (err error) {
	switch h := h.(type) {
	case *group.Task[int]:
		_, err = h.Wait(ctx)
	case *group.Task[string]:
		_, err = h.Wait(ctx)
	}
	return err
}

func (f frame) peek(task int) {
	rec := &f.tasks[task]
	if rec.handle == nil {
		return
	}
	x := sighting{task: task, from: f.now()}
	x.closed = isClosed(rec.handle) // first, for what is closed has ended
	f.look(rec, &x)
}

// look notes the state of a task, and what its own record says once it has ended.
func (f frame) look(rec *taskRecord, x *sighting) {
	x.closed = x.closed || isClosed(rec.handle)
	x.state = rec.handle.State()
	x.ended = x.state >= group.Succeeded
	x.to = f.now()
	if x.ended {
		x.left = rec.left.was()
	}
	if !x.waiting {
		x.err = rec.handle.Err() // last, for what has ended has an error
	}
	f.sightings = append(f.sightings, *x)
}
