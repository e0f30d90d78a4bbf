package programs_test

import (
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/internal/programs"
)

var (
	oneSeed = flag.Uint64("programs.seed", 0, "run the one program of TestPrograms that has this seed, many times")
	tell    = flag.Bool("programs.tell", false, "print each seed, which tells the last one if the process crashes")
	count   = flag.Int("programs.n", 0, "how many programs TestPrograms runs")
)

// size is how many tasks a program has at most.
const size = 12

// run runs the program in a bubble of its own, and returns what is wrong. A bubble panics if all that is left in it is blocked, or if
// something is left in it when the program is over: each is a violation too.
func run(t *testing.T, p *programs.Program, blind bool) (found []programs.Violation) {
	defer func() {
		if v := recover(); v != nil {
			found = append(found, programs.Violation{Law: "M1", Text: fmt.Sprint(v)})
		}
	}()
	var trace *programs.Trace
	synctest.Test(t, func(*testing.T) {
		defer func() {
			if v := recover(); v != nil {
				found = append(found, programs.Violation{Law: "M1", Text: fmt.Sprint(v)})
			}
		}()
		trace = programs.Execute(p, programs.Config{Unit: time.Second, Exact: true, Blind: blind})
	})
	if trace != nil {
		found = programs.Check(trace)
	}
	return found
}

// report shrinks a program that has failed, and fails the test with it.
func report(t *testing.T, what string, p *programs.Program, found []programs.Violation) {
	t.Helper()
	small := programs.Shrink(p, func(q *programs.Program) bool {
		for range 30 { // what is wrong may need luck to be seen
			if vs := run(t, q, false); len(vs) > 0 && vs[0].Like(found[0]) {
				return true
			}
		}
		return false
	})
	comment := what
	for _, v := range found {
		comment += "\n" + v.String()
	}
	t.Errorf("%s\n%s", comment, programs.Source(programs.Titled{Name: "Program", Comment: comment, Program: small}))
}

// Programs at random: whatever they do, the laws hold.
func TestPrograms(t *testing.T) {
	n := 100_000
	switch {
	case raceEnabled:
		n = 5_000
	case testing.Short():
		n = 5_000
	}
	if *count > 0 {
		n = *count
	}
	var seed atomic.Uint64
	defer watch(&seed)()
	if seed.Store(*oneSeed); *oneSeed > 0 {
		for range 2000 {
			if p := programs.Generate(*oneSeed, size); !check(t, *oneSeed, p) {
				return
			}
		}
		return
	}
	for i := range uint64(n) {
		if seed.Store(i + 1); *tell {
			fmt.Fprintln(os.Stderr, i+1)
		}
		if p := programs.Generate(i+1, size); !check(t, i+1, p) {
			return // the first is enough to look at
		}
	}
}

// check runs a program. Every third keeps no order, so that the race detector sees all.
func check(t *testing.T, seed uint64, p *programs.Program) bool {
	t.Helper()
	found := run(t, p, seed%3 == 0)
	if len(found) > 0 {
		report(t, fmt.Sprint("-programs.seed=", seed), p, found)
	}
	return len(found) == 0
}

// watch ends the process if a program takes very long: it spins, which a bubble does not notice.
func watch(seed *atomic.Uint64) (stop func()) {
	stopped := make(chan struct{})
	go func() {
		for last := uint64(0); ; {
			select {
			case <-stopped:
				return
			case <-time.After(time.Minute):
			}
			now := seed.Load()
			if now == last && *oneSeed == 0 {
				panic(fmt.Sprintf("-programs.seed=%d has run for a minute", now))
			}
			last = now
		}
	}()
	return func() { close(stopped) }
}

// What a fuzzer may choose: every byte is a choice.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(programs.Encode(seed, size))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := programs.Decode(data, size)
		if found := run(t, p, false); len(found) > 0 {
			report(t, "a program of the fuzzer", p, found)
		}
	})
}
