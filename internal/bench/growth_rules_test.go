package main

import (
	"strings"
	"testing"
)

func TestSteepAt(t *testing.T) {
	tests := []struct {
		name  string
		curve []point
		want  int
	}{
		{"falls, then is level", []point{{1, 900, 0}, {10, 100, 0}, {100, 50, 0}, {1000, 55, 0}}, 0},
		{"rises a little, as caches fill", []point{{1000, 50, 0}, {10_000, 60, 0}, {100_000, 120, 0}}, 0},
		{"quadratic in the end", []point{{1000, 50, 0}, {10_000, 55, 0}, {100_000, 500, 0}}, 100_000},
		{"one size alone", []point{{1, 900, 0}}, 0},
	}
	for _, tt := range tests {
		if got := steepAt(tt.curve); got != tt.want {
			t.Errorf("%s: steep at %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestGrowthTableAndPlot(t *testing.T) {
	curves := map[string][]point{"tasks": {{10, 200, 90}, {100, 50, 80}}}
	if got := growthTable(curves); !strings.Contains(got, "× 0.25") || !strings.Contains(got, "empty tasks in a scope") {
		t.Errorf("the table:\n%s", got)
	}
	if got := plot(curves); strings.Count(got, `class="curve c0"`) != 2 { // one in the key
		t.Errorf("the plot:\n%s", got)
	}
}

func TestSizes(t *testing.T) {
	for _, s := range growing {
		ns := s.sizes()
		if ns[0] != s.least || ns[len(ns)-1] != s.most {
			t.Errorf("%s: sizes %v", s.name, ns)
		}
		if growthOps[s.name] == nil {
			t.Errorf("%s: nothing measures it", s.name)
		}
	}
}
