package iter_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

func TestP1_PanicOfTheFunction(t *testing.T) {
	for _, tt := range calls() {
		for _, at := range []int{0, 1, 99} {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				var c crew
				p := testutil.Propagated(t, func() {
					defer c.WantNone(t)
					tt.run(t.Context(), c.watch(count(100)), c.counted(func(ctx context.Context, v int) (int, error) {
						if v == at {
							panicHere()
						}
						if v > at || v == at-1 && v%2 == 0 {
							<-ctx.Done()
							time.Sleep(time.Second)
						}
						return v, nil
					}), group.Limit(3))
				})
				if p.Value != errBoom || p.Index != at || !errors.Is(p, errBoom) {
					t.Errorf("the panic is %v of element %d, want boom of %d", p.Value, p.Index, at)
				}
				if !strings.Contains(string(p.Stack), "panicHere") {
					t.Errorf("the stack is not that of the element:\n%s", p.Stack)
				}
			})
		}
	}
}

func panicHere() { panic(errBoom) }

// With one element the slice loops call the function in the caller's goroutine: its panic comes in the same form.
func TestP1_PanicOfTheOnlyElement(t *testing.T) {
	for _, tt := range calls() {
		p := testutil.Propagated(t, func() {
			tt.run(t.Context(), count(1), func(context.Context, int) (int, error) { panic(errBoom) })
		})
		if p.Value != errBoom || p.Index != 0 {
			t.Errorf("%s: the panic is %v of element %d, want boom of 0", tt.name, p.Value, p.Index)
		}
	}
}

// panic(nil) is one, and other failures stay readable in it.
func TestP1_PanicHasTheOtherFailures(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			p := testutil.Propagated(t, func() {
				tt.run(t.Context(), count(2), func(ctx context.Context, v int) (int, error) {
					if v == 1 {
						panic(nil)
					}
					<-ctx.Done()
					return 0, errOther
				}, group.Limit(2))
			})
			if _, ok := p.Value.(*runtime.PanicNilError); !ok {
				t.Errorf("the panic's value is %v, want a PanicNilError", p.Value)
			}
			if !errors.Is(&group.Error{Failures: p.Failures}, errOther) {
				t.Errorf("the other failures are %v, want other", p.Failures)
			}
		})
	}
}

// LI-05: a source that panics, or exits, at once or midway.
func TestLI05_PanicOfTheSource(t *testing.T) {
	for _, tt := range calls() {
		if tt.slice {
			continue // it has none
		}
		for _, n := range []int{0, 1, 50} {
			testutil.Bubble(t, tt.name, func(t *testing.T) {
				var c crew
				source := func(yield func(int) bool) {
					for i := range n {
						if !yield(i) {
							return
						}
					}
					time.Sleep(time.Second) // calls have begun
					panicHere()
				}
				end := testutil.EndOf(func() {
					defer c.WantNone(t)
					tt.run(t.Context(), source, func(ctx context.Context, v int) (int, error) {
						if v < 40 {
							return c.counted(same)(ctx, v)
						}
						return c.straggler(ctx, v)
					}, group.Limit(4))
				})
				err, _ := end.Value.(error)
				if end.How != "panicked" || !errors.Is(err, errBoom) {
					t.Errorf("after %d elements: the loop %s (%v), want a panic with boom", n, end.How, end.Value)
				}
			})
		}
	}
}

func TestLI05_GoexitOfTheSource(t *testing.T) {
	for _, tt := range calls() {
		if tt.slice {
			continue
		}
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var err error
			end := testutil.EndOf(func() {
				defer c.WantNone(t)
				err = tt.run(t.Context(), func(yield func(int) bool) {
					yield(0)
					time.Sleep(time.Second)
					runtime.Goexit()
				}, c.straggler)
			})
			if tt.name == "ForEach" { // the source is in the caller's goroutine
				if end.How != "goexited" {
					t.Errorf("the loop %s, want that it goexited", end.How)
				}
				return
			}
			testutil.WantError(t, "the loop", err, group.ErrGoexit)
		})
	}
}

// A panic in the clean-up of a source that a break has stopped.
func TestP1_PanicOfTheSourceWhileTheLoopIsLeft(t *testing.T) {
	source := func(yield func(int) bool) {
		defer panicHere()
		for yield(1) {
		}
	}
	for name, leave := range map[string]func(){
		"Map": func() {
			for range iter.Map(t.Context(), source, same) {
				break
			}
		},
		"Merge": func() {
			for range iter.Merge(t.Context(), source) {
				break
			}
		},
		"Batch": func() {
			for range iter.Batch(t.Context(), source, 1, 0) {
				break
			}
		},
		"First": func() { iter.First(t.Context(), source, same) },
	} {
		if p := testutil.Propagated(t, leave); p.Value != errBoom {
			t.Errorf("%s: the panic is %v, want boom", name, p.Value)
		}
	}
}

func TestP1_PanicsOfMergeAndBatchSources(t *testing.T) {
	source := func(yield func(int) bool) { yield(1); panicHere() }
	exits := func(yield func(int) bool) { yield(1); runtime.Goexit() }
	if p := testutil.Propagated(t, func() { collect(iter.Merge(t.Context(), count(5), source)) }); p.Value != errBoom {
		t.Errorf("Merge: the panic is %v, want boom", p.Value)
	}
	if p := testutil.Propagated(t, func() { collect(iter.Batch(t.Context(), source, 5, 0)) }); p.Value != errBoom {
		t.Errorf("Batch: the panic is %v, want boom", p.Value)
	}
	_, errs := collect(iter.Merge(t.Context(), count(5), exits))
	testutil.WantError(t, "the loop", wantLast(t, errs), group.ErrGoexit)
	_, errs = collect(iter.Batch(t.Context(), exits, 5, 0))
	testutil.WantError(t, "the loop", wantLast(t, errs), group.ErrGoexit)
}

func TestP1_GoexitOfTheFunction(t *testing.T) {
	for _, tt := range calls() {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			var err error
			end := testutil.EndOf(func() {
				defer c.WantNone(t)
				err = tt.run(t.Context(), count(20), c.counted(func(ctx context.Context, v int) (int, error) {
					if v == 3 {
						runtime.Goexit()
					}
					return v, nil
				}), group.Limit(1))
			})
			if tt.slice { // under this limit the only goroutine is the caller's, and ends
				if end.How != "goexited" {
					t.Errorf("the loop %s, want that it goexited", end.How)
				}
				return
			}
			testutil.WantFailures(t, err, entry{Index: 3, Err: group.ErrGoexit})
		})
	}
}

// A goroutine that has gone is replaced: the limit does not shrink.
func TestP1_GoexitsTakeNoPlace(t *testing.T) {
	for _, tt := range calls() {
		if tt.slice {
			continue
		}
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			var c crew
			tt.run(t.Context(), count(60), c.counted(func(_ context.Context, v int) (int, error) {
				if v < 10 {
					runtime.Goexit()
				}
				time.Sleep(time.Second)
				return v, nil
			}), group.Limit(5), group.KeepGoing())
			if b, m := c.Begun.Load(), c.Most.Load(); b != 60 || m != 5 {
				t.Errorf("%d calls, %d at once, want 60 and 5", b, m)
			}
		})
	}
}
