package iter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

func addPrograms(f *testing.F) {
	f.Add(uint8(0), uint16(0), uint8(0), false, false, uint16(0), uint16(0), uint8(0), uint8(0))
	f.Add(uint8(1), uint16(1), uint8(2), true, false, uint16(0), uint16(0), uint8(0), uint8(2))
	f.Add(uint8(2), uint16(200), uint8(3), true, true, uint16(7), uint16(70), uint8(5), uint8(0))
	f.Add(uint8(3), uint16(70), uint8(4), false, false, uint16(69), uint16(0), uint8(0), uint8(7))
}

func fuzzed(loops, from int) func(t *testing.T, loop uint8, n uint16, limit uint8, keepGoing, ignore bool, a, b uint16, panics, leave uint8) {
	return func(t *testing.T, loop uint8, n uint16, limit uint8, keepGoing, ignore bool, a, b uint16, panics, leave uint8) {
		p := program{Loop: from + int(loop)%loops, N: int(n % 1000), Limit: int(limit) + 1, KeepGoing: keepGoing, Ignore: ignore, Panics: int(panics) - 1, Leave: int(leave)}
		if p.Leave == 0 {
			p.Leave = -1
		}
		if p.Panics < 0 || p.Panics >= p.N {
			p.Panics = -1
			p.Fails = []int{int(a)}
		}
		if keepGoing {
			p.Fails = []int{int(a), int(b)}
		}
		p.Fails = slices.DeleteFunc(p.Fails, func(v int) bool { return v == p.Panics || v >= p.N })
		p.check(t)
	}
}

func FuzzMap(f *testing.F) {
	addPrograms(f)
	f.Fuzz(fuzzed(len(lazyLoops), 0))
}

func FuzzSlice(f *testing.F) {
	addPrograms(f)
	f.Fuzz(fuzzed(3, len(lazyLoops)))
}

// The elements of several sequences, each of the length that a byte gives, as a multiset.
func FuzzMerge(f *testing.F) {
	f.Add([]byte{}, 0)
	f.Add([]byte{0}, 0)
	f.Add([]byte{1, 0, 200, 7}, 100)
	f.Fuzz(func(t *testing.T, lens []byte, leave int) {
		if len(lens) > 20 {
			return
		}
		var c crew
		var seqs []ints
		var want []int
		for _, n := range lens {
			seqs, want = append(seqs, c.watch(count(int(n)))), append(want, upTo(int(n))...)
		}
		var got []int
		for v, err := range iter.Merge(t.Context(), seqs...) {
			testutil.WantError(t, "the loop", err, nil)
			if got = append(got, v); len(got) == leave {
				break
			}
		}
		c.WantNone(t)
		if leave < 1 || leave > len(want) {
			slices.Sort(got)
			slices.Sort(want)
			testutil.WantValues(t, got, want...)
		} else if len(got) != leave {
			t.Errorf("%d elements, want %d", len(got), leave)
		}
	})
}

func FuzzBatch(f *testing.F) {
	f.Add(uint16(0), uint16(1), false, uint16(0))
	f.Add(uint16(100), uint16(7), false, uint16(0))
	f.Add(uint16(100), uint16(3), true, uint16(4))
	f.Fuzz(func(t *testing.T, n, size uint16, timed bool, leave uint16) {
		size, wait := max(size, 1), time.Duration(0)
		if timed {
			wait = time.Microsecond
		}
		var c crew
		var got []int
		batches := 0
		for b, err := range iter.Batch(t.Context(), c.watch(count(int(n))), int(size), wait) {
			testutil.WantError(t, "the loop", err, nil)
			batches++
			if len(b) == 0 || len(b) > int(size) || !timed && len(b) < int(size) && len(got)+len(b) < int(n) {
				t.Errorf("batch %d has %d elements of %d", batches, len(b), size)
			}
			if got = append(got, b...); batches == int(leave) {
				break
			}
		}
		c.WantNone(t)
		if leave == 0 && len(got) != int(n) {
			t.Errorf("%d elements, want %d", len(got), n)
		}
		testutil.WantValues(t, got, upTo(len(got))...)
	})
}
