package programs

import (
	"math/rand/v2"
	"slices"
)

// Generate makes the program of a seed, with up to so many tasks.
func Generate(seed uint64, tasks int) *Program {
	r := rand.New(rand.NewPCG(seed, uint64(tasks)))
	return generate(r.IntN, tasks)
}

// Encode returns the bytes from which Decode makes the program that Generate makes of a seed.
func Encode(seed uint64, tasks int) (data []byte) {
	r := rand.New(rand.NewPCG(seed, uint64(tasks)))
	generate(func(n int) int {
		c := r.IntN(n)
		data = append(data, byte(c))
		return c
	}, tasks)
	return data
}

// Decode makes the program that a string of bytes stands for: each is a choice.
func Decode(data []byte, tasks int) *Program {
	return generate(func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b) % n
	}, tasks)
}

func generate(choose func(n int) int, tasks int) *Program {
	m := &maker{choose: choose, left: 1 + choose(tasks), program: new(Program)}
	for range max(0, choose(4)-1) {
		m.program.Limiters = append(m.program.Limiters, 1+choose(3))
	}
	if m.coin(5) {
		m.program.CancelAt = 1 + choose(40)
	}
	m.program.Root = m.scope(place{})
	return m.program
}

// maker makes programs by choosing one of n, again and again. The choice 0 is the simplest.
type maker struct {
	choose  func(n int) int
	left    int // so many tasks may still be made
	program *Program

	tasks, scopes, sets int // how many there are
}

func (m *maker) coin(oneIn int) bool { return m.choose(oneIn) == oneIn-1 }

func (m *maker) d() int { return 1 + m.choose(20) }

// pick chooses by weight.
func pick[T any](m *maker, of []weighted[T]) T {
	sum := 0
	for _, x := range of {
		sum += x.weight
	}
	n := m.choose(sum)
	for _, x := range of {
		if n -= x.weight; n < 0 {
			return x.value
		}
	}
	panic("not reached")
}

type weighted[T any] struct {
	weight int
	value  T
}

// A place is where code is made: what can be seen there, and what must not be done.
type place struct {
	depth int
	// groups are those that are open as long as the code may run. What is started in one of them sees those of its line alone.
	groups []visible
	outer  []visible // those of them that are open as long as what the function leaves open
	own    *Scope    // the innermost, if this code is its body
	tasks  []int     // handles
	sets   []int

	inside bool // not a function of its own: it cannot be left
	calm   bool // without panics
	stays  bool // without Goexit
	keeps  bool // leaves no scope open
}

type visible struct {
	*Scope
	line []visible // the groups that its tasks see, and itself last
}

// with returns the place where g can be seen too. Slices are never shared by two that grow.
func (at place) with(g visible) place {
	at.groups = append(slices.Clip(at.groups), g)
	return at
}

// function is the place of a function that sees groups.
func (at place) function(groups []visible) place {
	at.groups, at.outer = groups, groups
	at.depth++
	at.own, at.inside, at.keeps = nil, false, false
	return at
}

func (m *maker) block(at place, longest int) Block {
	b := Block{Steps: m.steps(&at, longest)}
	b.End = m.end(at)
	return b
}

var ends = []weighted[string]{
	{8, Succeed}, {4, Fail}, {2, Last}, {2, Echo}, {1, Cause}, {1, Wrapped}, {1, Joined}, {1, False}, {1, Goexit}, {1, Panic}, {1, PanicOdd},
}

func (m *maker) end(at place) End {
	e := End{How: pick(m, ends)}
	switch {
	case at.calm && (e.How == Panic || e.How == PanicOdd), at.stays && e.How == Goexit:
		e.How = Fail
	}
	if m.coin(3) {
		e.Kind = m.choose(len(kinds))
	}
	return e
}
