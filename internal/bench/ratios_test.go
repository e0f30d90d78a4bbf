package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSpread(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   spread
		noise  float64
		reason string
	}{
		{"one", []float64{3}, spread{3, 3, 3}, 0, "one round cannot tell its noise"},
		{"odd", []float64{5, 1, 2}, spread{1, 2, 5}, 2, "the middle one, in order of size"},
		{"even", []float64{4, 1, 2, 3}, spread{1, 2.5, 4}, 1.5, "between the two in the middle"},
		{"equal", []float64{2, 2, 2, 2}, spread{2, 2, 2}, 0, "no width"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := spreadOf(tt.values)
			if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(spread{})); d != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, d)
			}
			if got.noise() != tt.noise {
				t.Errorf("noise: got %v, want %v: %s", got.noise(), tt.noise, tt.reason)
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	tests := []struct {
		name   string
		spread spread
		want   verdict
		reason string
	}{
		{"below", spread{0.5, 0.9, 1.5}, within, "the median counts, not the worst round"},
		{"equal", spread{1, 1, 1}, within, "a budget may be used up"},
		{"near", spread{0.75, 1.25, 1.5}, noisy, "0.25 over, and 0.375 is noise"},
		{"at the edge", spread{0.75, 1.25, 1.25}, noisy, "0.25 over, which is just the noise"},
		{"above", spread{1.25, 1.5, 1.75}, beyond, "0.5 over, and only 0.25 is noise"},
		{"one round", spread{1.01, 1.01, 1.01}, beyond, "without noise everything over is beyond"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.spread.against(1); got != tt.want {
				t.Errorf("got %q, want %q: %s", got.mark(), tt.want.mark(), tt.reason)
			}
		})
	}
}

func TestRatios(t *testing.T) {
	samples := []sample{
		{"go": {"ns/op": 200}, "creche": {"ns/op": 50, "ns/task": 5, "allocs/op": 3}},
		{"creche": {"ns/op": 60, "ns/task": 6, "allocs/op": 1}},
		{"go": {"ns/op": 100, "B/op": 1}, "creche": {"ns/op": 75, "ns/task": 7, "allocs/op": 2, "B/op": 4}, "lo": {"ns/op": 300}},
	}
	tests := []struct {
		name   string
		row    row
		peer   string
		want   []float64
		reason string
	}{
		{"rounds", row{ref: "go"}, "creche", []float64{0.25, 0.75}, "each round is compared with itself; one lacks the reference"},
		{"reference", row{ref: "go"}, "go", []float64{1, 1}, "the reference is its own"},
		{"missing", row{ref: "go"}, "lo", []float64{3}, "a peer that one round lacks"},
		{"nobody", row{ref: "go"}, "ants", nil, "a peer that cannot do the work"},
		{"amount", row{}, "creche", []float64{50, 60, 75}, "without a reference the amounts themselves"},
		{"metric", row{ref: "go", metric: "B/op"}, "creche", []float64{4}, "the unit of the row"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := measurement{tt.row, samples}.ratios(tt.peer)
			if d := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, d)
			}
		})
	}
	m := measurement{row{n: "10"}, samples}
	for unit, want := range map[string]float64{"ns": 6, "allocs": 0.2} {
		if got, ok := m.perTask(unit); !ok || got != want {
			t.Errorf("%s for each task: got %v, %t, want the median %v", unit, got, ok, want)
		}
	}
	if got, ok := m.perTask("B"); ok {
		t.Errorf("got %v bytes for each task, which nobody has measured", got)
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, line string
		peer       string
		want       map[string]float64
		reason     string
	}{
		{"amounts", "BenchmarkSpawn/case=empty/n=10/peer=go-2 \t 100\t 12.50 ns/op\t 3 allocs/op\n", "go",
			map[string]float64{"ns/op": 12.5, "allocs/op": 3}, "the number of processors is no part of the name"},
		{"one processor", "BenchmarkSpawn/case=empty/n=10/peer=creche 1 7e+06 ns/op", "creche",
			map[string]float64{"ns/op": 7e6}, "then the name has no number"},
		{"head", "cpu: of some make, at 2 GHz", "", nil, "what else is printed"},
		{"verdict", "PASS", "", nil, "what else is printed"},
		{"no peer", "BenchmarkSpawn/case=empty 1 7 ns/op", "", nil, "not a benchmark of a peer"},
		{"broken", "BenchmarkSpawn/case=empty/peer=go 1 7 ns/op 3", "", nil, "an amount without its unit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			peer, got, ok := parse(tt.line)
			if d := cmp.Diff(tt.want, got); d != "" || peer != tt.peer || ok != (tt.want != nil) {
				t.Errorf("got peer %q, %t, want %q: %s (-want +got):\n%s", peer, ok, tt.peer, tt.reason, d)
			}
		})
	}
}
