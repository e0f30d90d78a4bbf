package main

import (
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// The planted mutants fit the tree as it is, no two have one name, and each says what it does.
func TestPlanted_Fit(t *testing.T) {
	ms, err := plantAll("../..", planted())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range ms {
		if seen[m.key()] || m.what == "" {
			t.Errorf("no name of its own: %s", m.name())
		}
		seen[m.key()] = true
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, m.text, 0); err != nil {
			t.Errorf("%s: %v", m.name(), err)
		}
	}
}

// The exploration is there for the protocols of the machine.
func TestPlanted_ForTheExploration(t *testing.T) {
	sum := 0
	for name, list := range map[string][]plant{
		"chain": inTheChain, "limit": inTheLimit, "join": atTheEnd, "completions": inCompletions, "contexts": inContexts, "limiter": inTheLimiter,
	} {
		n := len(slices.DeleteFunc(slices.Clone(list), func(p plant) bool { return p.by.tags != explore.tags }))
		if sum += n; n < 2 {
			t.Errorf("%d mutants of the %s are for the exploration, want two or more", n, name)
		}
	}
	if sum < 15 {
		t.Errorf("%d mutants are for the exploration, want 15 or more", sum)
	}
}

func TestPlant_WhatIsNotThere(t *testing.T) {
	for _, src := range []string{"a b", "x x"} {
		if m, err := (plant{"p.go", "wrong", []string{"x", "y"}, engine}).mutant(src); err == nil {
			t.Errorf("planted in %q: %q, want an error", src, m.text)
		}
	}
}
