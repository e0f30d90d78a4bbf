package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// outcome is what became of a mutant.
type outcome struct {
	mutant *mutant
	result result // passes means that it survived
	by     step   // that noticed it
	reason string
	excuse string // from explained.txt
}

func (o outcome) String() string {
	switch {
	case o.result == passes && o.excuse != "":
		return "explained: " + o.excuse
	case o.result == passes:
		return "SURVIVED"
	case o.result == uncompiled:
		return "not compiled: " + o.reason
	case o.result == hangs:
		return fmt.Sprintf("killed by timeout in %v", o.by)
	}
	return fmt.Sprintf("killed by %v: %s", o.by, o.reason)
}

// runner tests mutants of the tree in root.
type runner struct {
	root     string
	scratch  string
	progress io.Writer
	limits   map[step]time.Duration
	excuses  map[string]string // by the keys of mutants, which are not tested then
	strict   bool              // they are all the same
}

// Limits of time: what a step takes without a mistake, several times, as the machine may be busy.
const (
	patience = 10
	atLeast  = 10 * time.Second
)

// calibrate runs the steps that the mutants need on the tree as it is. All must pass, or what follows would mean nothing.
func (r *runner) calibrate(ctx context.Context, ms []*mutant) error {
	r.limits = map[step]time.Duration{}
	for _, m := range ms {
		for _, s := range m.steps {
			if _, ok := r.limits[s]; ok {
				continue
			}
			result, reason, took, err := s.run(ctx, r.root, "", 10*time.Minute)
			if err != nil {
				return err
			}
			if result != passes {
				return fmt.Errorf("%v fails without any mutant: %s", s, reason)
			}
			r.limits[s] = max(atLeast, patience*took)
			fmt.Fprintf(r.progress, "%v passes, and is given %v\n", s, r.limits[s])
		}
	}
	return nil
}

// run tests mutants, several at once, and returns what became of each.
func (r *runner) run(ctx context.Context, ms []*mutant, procs int) ([]outcome, error) {
	outcomes, errs := make([]outcome, len(ms)), make([]error, len(ms))
	next, done := 0, 0
	var mu sync.Mutex
	claim := func() int {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1
	}
	tell := func(o outcome) {
		mu.Lock()
		defer mu.Unlock()
		done++
		fmt.Fprintf(r.progress, "[%d/%d] %s: %v\n", done, len(ms), o.mutant.name(), o)
	}
	var workers sync.WaitGroup
	for range procs {
		workers.Go(func() {
			for i := claim(); i < len(ms) && ctx.Err() == nil; i = claim() {
				if outcomes[i], errs[i] = r.test(ctx, ms[i]); errs[i] != nil {
					return
				}
				tell(outcomes[i])
			}
		})
	}
	workers.Wait()
	for _, err := range append(errs, ctx.Err()) {
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// test takes a mutant through its steps until one notices it.
func (r *runner) test(ctx context.Context, m *mutant) (outcome, error) {
	o := outcome{mutant: m, excuse: r.excuses[m.key()]}
	if o.excuse != "" && !r.strict {
		return o, nil
	}
	dir, err := os.MkdirTemp(r.scratch, "mutant-")
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(dir)
	overlay, err := m.overlay(r.root, dir)
	if err != nil {
		return o, err
	}
	for _, o.by = range m.steps {
		o.result, o.reason, _, err = o.by.run(ctx, r.root, overlay, r.limits[o.by])
		if err != nil || o.result != passes {
			return o, err
		}
	}
	return o, nil
}
