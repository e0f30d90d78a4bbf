package main

import "slices"

// A spread sums up what the rounds gave.
type spread struct{ least, median, most float64 }

// spreadOf needs at least one value.
func spreadOf(vs []float64) spread {
	vs = slices.Sorted(slices.Values(vs))
	n := len(vs)
	return spread{vs[0], (vs[(n-1)/2] + vs[n/2]) / 2, vs[n-1]}
}

// noise is by how much the median may be off for all that these rounds can tell: half the width.
func (s spread) noise() float64 { return (s.most - s.least) / 2 }

// A verdict compares a spread with a budget.
type verdict int

const (
	within verdict = iota // the median is no more than the budget
	noisy                 // it is more, but not by more than the noise
	beyond                // it is more by more than the noise
)

func (s spread) against(budget float64) verdict {
	switch {
	case s.median <= budget:
		return within
	case s.median-s.noise() <= budget:
		return noisy
	}
	return beyond
}

// mark is what the table says beside the ratio.
func (v verdict) mark() string { return [...]string{"", " noise", " over"}[v] }

// ratios compares a peer with the reference, round by round. A round that lacks one of them has no ratio: peers that were never
// measured have none at all.
func (m measurement) ratios(peer string) []float64 {
	var ratios []float64
	for _, s := range m.samples {
		v, ok := s[peer][m.unit()]
		if m.ref != "" {
			ref, there := s[m.ref][m.unit()]
			v, ok = v/ref, ok && there && ref > 0
		}
		if ok {
			ratios = append(ratios, v)
		}
	}
	return ratios
}

// creche is the spread of creche's ratios, which every measurement has.
func (m measurement) creche() spread { return spreadOf(m.ratios("creche")) }

// perTask returns creche's median for one task in this unit. The testing package counts allocations by the op alone.
func (m measurement) perTask(unit string) (median float64, ok bool) {
	var vs []float64
	for _, s := range m.samples {
		amounts := s["creche"]
		if v, ok := amounts[unit+"/task"]; ok {
			vs = append(vs, v)
		} else if v, ok := amounts[unit+"/op"]; ok && unit == "allocs" {
			vs = append(vs, v/float64(m.tasks()))
		}
	}
	if len(vs) == 0 {
		return 0, false
	}
	return spreadOf(vs).median, true
}

// over counts the rows that are over their budget by more than their noise.
func over(measured []measurement) (n int) {
	for _, m := range measured {
		if m.creche().against(m.budget) == beyond {
			n++
		}
	}
	return n
}
