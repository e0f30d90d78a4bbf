package iter_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// A program is one loop over the numbers up to N, for which a plain loop tells what has to come of it.
type program struct {
	Loop, N, Limit int
	KeepGoing      bool
	Fails          []int // elements; without KeepGoing one at most, as another would be a matter of time
	Panics         int   // element, or -1
	Leave          int   // after so many results, or -1
	Ignore         bool  // failures
}

func randomProgram(r *rand.Rand) program {
	p := program{Loop: r.IntN(7), N: r.IntN(8), Limit: 1 + r.IntN(6), KeepGoing: r.IntN(2) == 0, Panics: -1, Leave: -1, Ignore: r.IntN(5) == 0}
	if r.IntN(3) == 0 {
		p.N = r.IntN(300)
	}
	for p.N > 0 && r.IntN(3) > 0 && (p.KeepGoing || len(p.Fails) == 0) {
		p.Fails = append(p.Fails, r.IntN(p.N))
	}
	if p.N > 0 && r.IntN(6) == 0 && (p.KeepGoing || len(p.Fails) == 0 || p.Ignore) {
		p.Panics = r.IntN(p.N)
		p.Fails = slices.DeleteFunc(p.Fails, func(v int) bool { return v == p.Panics })
	}
	if r.IntN(4) == 0 {
		p.Leave = 1 + r.IntN(10)
	}
	return p
}

func (p program) options() []group.Option {
	opts := []group.Option{group.Limit(p.Limit)}
	if p.KeepGoing {
		opts = append(opts, group.KeepGoing())
	}
	if p.Ignore {
		opts = append(opts, group.Ignore(errBoom))
	}
	return opts
}

func (p program) fn(_ context.Context, v int) (int, error) {
	if v == p.Panics {
		panic(errWhy)
	}
	return failAt(errBoom, p.Fails...)(nil, v)
}

// model is the sequential loop: what is yielded, and whether it ends with a panic. A loop that is left early may or may not see the
// panic of an element after that.
func (p program) model() (want []string, panics bool) {
	for v := range p.N {
		if len(want) == p.Leave {
			return want, false
		}
		switch failed := slices.Contains(p.Fails, v); {
		case v == p.Panics:
			return want, true
		case !failed:
			want = append(want, fmt.Sprint(v))
		case p.Ignore:
		case p.KeepGoing:
			want = append(want, "boom")
		default:
			return append(want, fmt.Sprintf("boom of %d", v)), false
		}
	}
	return want, false
}

// run does the same in parallel.
func (p program) run(t *testing.T) (got []string, end testutil.Ending) {
	var c crew
	end = testutil.EndOf(func() {
		defer c.WantNone(t)
		if p.Loop >= len(lazyLoops) {
			got = p.runCall(t, calls()[p.Loop-len(lazyLoops)], c.counted(p.fn))
			return
		}
		for v, err := range lazyLoops[p.Loop].loop(t.Context(), c.watch(count(p.N)), c.counted(p.fn), p.options()...) {
			if e, ok := err.(*group.Error); ok {
				got = append(got, fmt.Sprintf("%v of %d", err, e.Failures[0].Index))
			} else {
				got = append(got, outcome(v, err))
			}
			if len(got) == p.Leave {
				return
			}
		}
	})
	return got, end
}

// runCall returns the failures, or the success as such.
func (p program) runCall(t *testing.T, c call, fn work) (got []string) {
	var e *group.Error
	if err := c.run(t.Context(), count(p.N), fn, p.options()...); errors.As(err, &e) {
		for _, f := range e.Failures {
			got = append(got, fmt.Sprintf("%v of %d", f.Err, f.Index))
		}
	}
	slices.Sort(got)
	return got
}

func (p program) check(t *testing.T) {
	t.Helper()
	if p.Loop >= len(lazyLoops) {
		p.Leave = -1
	}
	want, panics := p.model()
	got, end := p.run(t)
	switch {
	case end.How == "goexited", end.How == "panicked" && p.Panics < 0, end.How == "returned" && panics:
		t.Errorf("%+v: the loop %s (%v), the model panics: %v", p, end.How, end.Value, panics)
	case p.Loop >= len(lazyLoops):
		want = nil
		fails := slices.Clone(p.Fails)
		slices.Sort(fails)
		for _, v := range slices.Compact(fails) {
			if !p.Ignore && !panics {
				want = append(want, fmt.Sprintf("boom of %d", v))
			}
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: failures are %q, want %q", p, got, want)
		}
	case lazyLoops[p.Loop].name != "MapUnordered":
		if !slices.Equal(got, want) && (end.How == "returned" || len(got) > len(want)) {
			t.Errorf("%+v: %q was yielded, want %q", p, got, want)
		}
	case p.Leave < 0 && p.Panics < 0 && (p.KeepGoing || p.Ignore || len(p.Fails) == 0):
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %q was yielded, want %q in some order", p, got, want)
		}
	}
}

func TestModel_RandomPrograms(t *testing.T) {
	for seed := range uint64(1000) {
		randomProgram(rand.New(rand.NewPCG(seed, 1))).check(t)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// First and Reduce beside plain loops.
func TestModel_FirstAndReduce(t *testing.T) {
	for seed := range uint64(500) {
		p := randomProgram(rand.New(rand.NewPCG(seed, 2)))
		p.Panics = -1
		first := 0
		for slices.Contains(p.Fails, first) {
			first++
		}
		v, err := iter.First(t.Context(), count(p.N), p.fn, p.options()...)
		if first < p.N && (v != first || err != nil) || first >= p.N && err == nil {
			t.Errorf("seed %d: First of %+v is %d, %v, want %d", seed, p, v, err, first)
		}
		seq, want := letters(p.N * 3)
		if text, err := iter.Reduce(t.Context(), seq, concat, group.Limit(p.Limit)); text != want || err != nil {
			t.Errorf("seed %d: Reduce of %d letters differs from a loop's: %v", seed, p.N*3, err)
		}
	}
}
