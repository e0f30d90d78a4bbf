package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

const small = `package small

import "sync"

const most = 4

var pad [8]byte

type box struct {
	mu   sync.Mutex
	word counter
	full bool
}

func (b *box) take(n int) (ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n < most && !b.full || n == 0 {
		b.word.Add(1)
		return true
	}
	for b.word.Load() > 2 {
		if b.word.CompareAndSwap(1, n) {
			break
		}
	}
	switch {
	case n <= most:
		return b.word.Add(-1) != 0
	default:
		raceAcquire(b) // twice
		raceAcquire(b)
	}
	return n > 1
}
`

// golden has the mutants of small: the name, and what has become of the lines that it changes.
const golden = `
5 most: 5 for 4 in most = 4 => const most = (5)
5 most: 3 for 4 in most = 4 => const most = (3)
16 take: delete b.mu.Lock() =>
17 take: delete defer b.mu.Unlock() =>
17 take: at once: defer b.mu.Unlock() => b.mu.Unlock()
18 take: negate n < most && !b.full || n == 0 => if !(n < most && !b.full || n == 0) {
18 take: && for || in n < most && !b.full || n == 0 => if (n < most && !b.full && n == 0) {
18 take: || for && in n < most && !b.full => if (n < most || !b.full) || n == 0 {
18 take: <= for < in n < most => if (n <= most) && !b.full || n == 0 {
18 take: != for == in n == 0 => if n < most && !b.full || (n != 0) {
18 take: 1 for 0 in n == 0 => if n < most && !b.full || n == (1) {
18 take: -1 for 0 in n == 0 => if n < most && !b.full || n == (-1) {
19 take: delete b.word.Add(1) =>
19 take: 2 for 1 in b.word.Add(1) => b.word.Add((2))
19 take: 0 for 1 in b.word.Add(1) => b.word.Add((0))
20 take: false in return true => return false
22 take: negate b.word.Load() > 2 => for !(b.word.Load() > 2) {
22 take: >= for > in b.word.Load() > 2 => for (b.word.Load() >= 2) {
22 take: 3 for 2 in b.word.Load() > 2 => for b.word.Load() > (3) {
22 take: 1 for 2 in b.word.Load() > 2 => for b.word.Load() > (1) {
23 take: negate b.word.CompareAndSwap(1, n) => if !(b.word.CompareAndSwap(1, n)) {
23 take: store whatever is there: b.word.CompareAndSwap(1, n) => if func() bool { b.word.Store(n); return true }() {
23 take: 2 for 1 in b.word.CompareAndSwap(1, n) => if b.word.CompareAndSwap((2), n) {
23 take: 0 for 1 in b.word.CompareAndSwap(1, n) => if b.word.CompareAndSwap((0), n) {
28 take: negate n <= most => case !(n <= most):
28 take: < for <= in n <= most => case (n < most):
29 take: == for != in b.word.Add(-1) != 0 => return (b.word.Add(-1) == 0)
29 take: only load: b.word.Add(-1) => return b.word.Load() != 0
29 take: 2 for 1 in -1 => return b.word.Add(-(2)) != 0
29 take: 0 for 1 in -1 => return b.word.Add(-(0)) != 0
29 take: 1 for 0 in b.word.Add(-1) != 0 => return b.word.Add(-1) != (1)
29 take: -1 for 0 in b.word.Add(-1) != 0 => return b.word.Add(-1) != (-1)
31 take: delete raceAcquire(b) => // twice
32 take: delete raceAcquire(b) #2 =>
34 take: negate n > 1 as result => return !(n > 1)
34 take: >= for > in n > 1 => return (n >= 1)
34 take: 2 for 1 in n > 1 => return n > (2)
34 take: 0 for 1 in n > 1 => return n > (0)
`

func TestMutantsOf(t *testing.T) {
	ms, err := mutantsOf("internal/small/small.go", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Collect(strings.Lines(strings.TrimPrefix(golden, "\n")))
	lines := strings.Split(small, "\n")
	for i, m := range ms {
		mutated := string(m.mutate([]byte(small)))
		if _, err := parser.ParseFile(token.NewFileSet(), "", mutated, 0); err != nil {
			t.Errorf("%s: %v", m.name(), err)
		}
		changed := strings.Split(mutated, "\n")
		got := fmt.Sprintf("%d %s => %s", m.line, m.what, strings.TrimSpace(changed[m.line-1]))
		if i >= len(want) || strings.TrimSpace(got) != strings.TrimSpace(want[i]) {
			t.Fatalf("mutant %d is %q, want one of the list after %q", i, got, want[max(0, i-1)])
		}
		if changed[m.line-1] = lines[m.line-1]; !slices.Equal(changed, lines) {
			t.Errorf("%s changes other lines", m.name())
		}
	}
	if len(ms) != len(want) {
		t.Errorf("%d mutants, want %d", len(ms), len(want))
	}
}

// A name without the number of the line stays when lines come before it.
func TestKey_DoesNotDependOnTheLine(t *testing.T) {
	later := strings.Replace(small, "const most", "\n\nconst most", 1)
	a, _ := mutantsOf("small.go", []byte(small))
	b, _ := mutantsOf("small.go", []byte(later))
	for i := range a {
		if a[i].key() != b[i].key() || a[i].line+2 != b[i].line {
			t.Errorf("%s is %s after two more lines", a[i].name(), b[i].name())
		}
	}
}

// What is there for the race detector is tested with it.
func TestMutantsOf_Race(t *testing.T) {
	src := "package p\n\nfunc f() {\n\tif raceEnabled {\n\t\tg()\n\t}\n\traceAcquire()\n\tg()\n}\n"
	ms, err := mutantsOf("internal/engine/p.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, true, false} { // negate, delete, delete, delete
		if got := slices.Contains(ms[i].steps, engine.raced()); got != want {
			t.Errorf("%s: with the race detector: %v, want %v", ms[i].name(), got, want)
		}
	}
}

// Each line of explained.txt is about a mutant that there is.
func TestExplained(t *testing.T) {
	known, err := excuses(explained)
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range []bool{false, true} {
		ms, err := all("../..", lines)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ms {
			delete(known, m.key())
		}
	}
	for key := range known {
		t.Errorf("explained, but there is no such mutant: %s", key)
	}
}

func TestExcuses_Refuse(t *testing.T) {
	for _, text := range []string{"a.go f: delete g()\n", "a // b\na // c\n"} {
		if got, err := excuses(text); err == nil {
			t.Errorf("%q is read as %v, want an error", text, got)
		}
	}
}
