package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// plant is a mistake that somebody thought of.
type plant struct {
	file  string // below the root
	what  string
	edits []string // pairs of what is there, once in the file, and what takes its place
	by    step     // has to notice
}

// planted returns all of them.
func planted() []plant {
	return slices.Concat(inTheChain, inTheLimit, inTheQueue, atTheEnd, inCompletions, inCancellations, inContexts, inTheLimiter, inPolicies, inGroups, inSets, inLoops)
}

// plantAll makes mutants of them.
func plantAll(root string, plants []plant) (ms []*mutant, err error) {
	for _, p := range plants {
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p.file)))
		if err != nil {
			return nil, err
		}
		m, err := p.mutant(string(src))
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

func (p plant) mutant(src string) (*mutant, error) {
	m := &mutant{file: p.file, what: p.what, to: len(src), text: src, steps: []step{p.by}, planted: true}
	for pair := range slices.Chunk(p.edits, 2) {
		old, text := pair[0], pair[1]
		if n := strings.Count(m.text, old); n != 1 {
			return nil, fmt.Errorf("%s is there %d times, which is to be replaced for: %s\n%s", p.file, n, p.what, old)
		}
		if m.line == 0 {
			m.line = 1 + strings.Count(src[:strings.Index(src, old)], "\n")
		}
		m.text = strings.Replace(m.text, old, text, 1)
	}
	return m, nil
}
