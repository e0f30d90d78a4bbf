package timeline

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
)

// naiveCritical returns the spans of the critical path: step by step it looks at all that are left.
func naiveCritical(list []*span, until time.Duration) (path []*span) {
	before := func(a, b *span) bool { // whether a comes first in the order of ends
		if a.end != b.end {
			return a.end < b.end
		}
		if a.start != b.start {
			return a.start < b.start
		}
		return slices.Index(list, a) < slices.Index(list, b)
	}
	var current *span
	for {
		var next *span
		for _, s := range list {
			if s.daemon || !s.began() || s.end > until || current != nil && !before(s, current) {
				continue
			}
			if next == nil || before(next, s) {
				next = s
			}
		}
		if next == nil {
			return path
		}
		path = append(append(path, next), naiveCritical(next.below, next.end)...)
		current, until = next, next.start
	}
}

func randomSpans(rng *rand.Rand, from, to time.Duration, depth int) (list []*span) {
	states := []group.State{group.Running, group.Succeeded, group.Failed, group.Canceled, group.NotStarted, group.Queued}
	for range rng.IntN(8) {
		start := from + time.Duration(rng.IntN(int(to-from)+1))
		s := &span{start: start, end: start + time.Duration(rng.IntN(int(to-start)+1)), state: states[rng.IntN(len(states))], daemon: rng.IntN(8) == 0}
		if depth > 0 {
			s.below = randomSpans(rng, s.start, s.end, depth-1)
		}
		list = append(list, s)
	}
	return list
}

func TestCriticalPath_AgreesWithTheNaiveOne(t *testing.T) {
	longest := 0
	for seed := range uint64(5000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		list := randomSpans(rng, 0, time.Duration(5+rng.IntN(50)), 2)
		want := naiveCritical(list, 30)
		markCritical(list, 30)
		n := 0
		each(list, 0, func(s *span, _ int) {
			if s.critical {
				n++
			}
			if s.critical != slices.Contains(want, s) {
				t.Errorf("seed %d: span %+v is on the naive path: %v", seed, s, !s.critical)
			}
		})
		longest = max(longest, n)
	}
	if longest < 8 {
		t.Errorf("the longest path has %d spans only", longest)
	}
}

// The percentile of a list is the least of its values v such that at least p percent are v or less.
func TestPercentile_AgreesWithItsDefinition(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		values := make([]time.Duration, 1+rng.IntN(250))
		for i := range values {
			values[i] = time.Duration(rng.IntN(100))
		}
		for _, p := range []int{1, 50, 95, 99, 100} {
			want := time.Duration(-1)
			for _, v := range values {
				n := 0
				for _, w := range values {
					if w <= v {
						n++
					}
				}
				if 100*n >= p*len(values) && (want < 0 || v < want) {
					want = v
				}
			}
			sorted := slices.Clone(values)
			slices.Sort(sorted)
			if got := percentile(sorted, p); got != want {
				t.Fatalf("p%d of %v is %v, want %v", p, sorted, got, want)
			}
		}
	}
}

func TestSummarize(t *testing.T) {
	span := func(name string, queued, start, end time.Duration, state group.State) *span {
		return &span{name: name, queued: queued, start: start, end: end, state: state, timed: true}
	}
	cut := span("a", 0, 0, 900, group.Succeeded)
	cut.cut, cut.timed = true, false
	list := (&tree{roots: []*spanT{{scope: true, below: []*spanT{
		span("b", 0, 1, 2, group.Failed), span("a", 0, 5, 15, group.Succeeded), span("a", 0, 1, 31, group.Canceled), cut,
		span("b", 0, 7, 7, group.NotStarted), span("b", 0, 4, 99, group.Running),
	}}}}).summarize()
	if len(list) != 2 {
		t.Fatalf("%d names", len(list))
	}
	a, b := list[0], list[1]
	if a.name != "a" || a.count != 3 || a.failed != 0 || a.canceled != 1 || !slices.Equal(a.run, []time.Duration{10, 30}) || !slices.Equal(a.wait, []time.Duration{1, 5}) {
		t.Errorf("of a: %+v", a)
	}
	if b.name != "b" || b.count != 3 || b.failed != 1 || b.neverRan != 1 || !slices.Equal(b.run, []time.Duration{1}) || !slices.Equal(b.wait, []time.Duration{1, 4}) {
		t.Errorf("of b: %+v", b)
	}
}

type spanT = span // what the test has under a name of its own

func TestTick(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{0: 1, 8: 1, 9: 2, 100: 20, 350 * time.Millisecond: 50 * time.Millisecond, time.Hour: 500 * time.Second} {
		if got := tick(d); got != want {
			t.Errorf("tick(%v) is %v, want %v", d, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ns", 999: "999 ns", 1000: "1 µs", 1234: "1.23 µs", 50_340_000: "50.3 ms", 227_000_000: "227 ms", 1_500_000_000: "1.5 s", 3 * time.Hour: "10800 s",
	} {
		if got := short(d); got != want {
			t.Errorf("short(%d) is %q, want %q", d, got, want)
		}
	}
	for _, tt := range []struct {
		name  string
		width int
		want  string
	}{
		{"short", 10, "short"}, {"exactly so", 10, "exactly so"}, {"somewhat longer", 10, "somew…nger"}, {"漢字仮名交", 10, "漢字仮名交"},
		{"a\x00b\u202e\xff", 9, "a\ufffdb\ufffd\ufffd"}, {"long", 1, "…"},
	} {
		if got := printable(tt.name, tt.width); got != tt.want {
			t.Errorf("printable(%q, %d) is %q, want %q", tt.name, tt.width, got, tt.want)
		}
	}
}
