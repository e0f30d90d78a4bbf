package iter_test

import (
	"context"
	"strings"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// MI-09: what makes no sense is refused at the call, before anything has begun, in words that name the function.
func TestMI09_NilArguments(t *testing.T) {
	var none context.Context
	var noOption group.Option
	ctx, seq := t.Context(), count(3)
	each := func(context.Context, int) error { return nil }
	each2 := func(context.Context, *int) error { return nil }
	keep := func(context.Context, int) (bool, error) { return true, nil }
	flat := func(context.Context, int) ([]int, error) { return nil, nil }
	add := func(_ context.Context, a, b int) (int, error) { return a + b, nil }
	for name, call := range map[string]func(){
		"ForEach nil seq":         func() { iter.ForEach(ctx, nil, each) },
		"ForEach nil fn":          func() { iter.ForEach(ctx, seq, nil) },
		"ForEach nil ctx":         func() { iter.ForEach(none, seq, each) },
		"ForEach nil option":      func() { iter.ForEach(ctx, seq, each, noOption) },
		"Map nil seq":             func() { iter.Map(ctx, nil, same) },
		"Map nil fn":              func() { iter.Map[int, int](ctx, seq, nil) },
		"Map nil ctx":             func() { iter.Map(none, seq, same) },
		"Map nil option":          func() { iter.Map(ctx, seq, same, noOption) },
		"MapUnordered nil seq":    func() { iter.MapUnordered(ctx, nil, same) },
		"MapUnordered nil fn":     func() { iter.MapUnordered[int, int](ctx, seq, nil) },
		"MapUnordered nil ctx":    func() { iter.MapUnordered(none, seq, same) },
		"MapUnordered nil option": func() { iter.MapUnordered(ctx, seq, same, noOption) },
		"ForEachSlice nil fn":     func() { iter.ForEachSlice(ctx, upTo(3), nil) },
		"ForEachSlice nil ctx":    func() { iter.ForEachSlice(none, upTo(3), each2) },
		"ForEachSlice nil option": func() { iter.ForEachSlice(ctx, nil, each2, noOption) },
		"MapSlice nil fn":         func() { iter.MapSlice[int, int](ctx, nil, nil) },
		"MapSlice nil ctx":        func() { iter.MapSlice(none, nil, same) },
		"MapSlice nil option":     func() { iter.MapSlice(ctx, nil, same, noOption) },
		"Filter nil seq":          func() { iter.Filter(ctx, nil, keep) },
		"Filter nil fn":           func() { iter.Filter(ctx, seq, nil) },
		"Filter nil ctx":          func() { iter.Filter(none, seq, keep) },
		"Filter nil option":       func() { iter.Filter(ctx, seq, keep, noOption) },
		"FlatMap nil seq":         func() { iter.FlatMap(ctx, nil, flat) },
		"FlatMap nil fn":          func() { iter.FlatMap[int, int](ctx, seq, nil) },
		"FlatMap nil ctx":         func() { iter.FlatMap(none, seq, flat) },
		"FlatMap nil option":      func() { iter.FlatMap(ctx, seq, flat, noOption) },
		"First nil seq":           func() { iter.First(ctx, nil, same) },
		"First nil fn":            func() { iter.First[int, int](ctx, seq, nil) },
		"First nil ctx":           func() { iter.First(none, seq, same) },
		"First nil option":        func() { iter.First(ctx, seq, same, noOption) },
		"Reduce nil seq":          func() { iter.Reduce(ctx, nil, add) },
		"Reduce nil fn":           func() { iter.Reduce(ctx, seq, nil) },
		"Reduce nil ctx":          func() { iter.Reduce(none, seq, add) },
		"Reduce nil option":       func() { iter.Reduce(ctx, seq, add, noOption) },
		"Merge nil seq":           func() { iter.Merge(ctx, seq, nil) },
		"Merge nil ctx":           func() { iter.Merge(none, seq) },
		"Batch nil seq":           func() { iter.Batch[int](ctx, nil, 1, 0) },
		"Batch nil ctx":           func() { iter.Batch(none, seq, 1, 0) },
		"Batch size 0":            func() { iter.Batch(ctx, seq, 0, 0) },
		"Batch size -1":           func() { iter.Batch(ctx, seq, -1, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			end := testutil.EndOf(call)
			text, _ := end.Value.(string)
			function, _, _ := strings.Cut(name, " ")
			switch {
			case end.How != "panicked":
				t.Errorf("the call %s, want a panic", end.How)
			case strings.HasSuffix(name, "option"):
				if !strings.Contains(text, "option 0 is nil") {
					t.Errorf("the panic is %q, want that it names the option", text)
				}
			case !strings.HasPrefix(text, "iter: "+function):
				t.Errorf("the panic is %q, want that it names %s", text, function)
			}
		})
	}
}

// A function that is made and not looped over does nothing.
func TestLoopsAreLazy(t *testing.T) {
	for _, l := range lazyLoops {
		l.loop(t.Context(), func(func(int) bool) { t.Errorf("%s iterates without a loop", l.name) }, same)
	}
	iter.Merge(t.Context(), func(func(int) bool) { t.Errorf("Merge iterates without a loop") })
	iter.Batch(t.Context(), func(func(int) bool) { t.Errorf("Batch iterates without a loop") }, 1, 0)
}
