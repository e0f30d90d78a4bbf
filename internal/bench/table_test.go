package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// measuredRows has a row within its budget, one that is over it by less than its noise, one over by more, and one without a reference.
func measuredRows() []measurement {
	of := func(r row, ref float64, creche ...float64) measurement {
		m := measurement{row: r}
		for _, v := range creche {
			m.samples = append(m.samples, sample{
				"go":     {"ns/op": ref},
				"lo":     {"ns/op": 30 * ref},
				"creche": {"ns/op": v, "ns/task": v / 10, "allocs/op": 5},
			})
		}
		return m
	}
	return []measurement{
		of(row{n: "10", what: "within", budget: 0.5, ref: "go"}, 1000, 200, 250, 300),
		of(row{n: "10", what: "noisy", budget: 0.5, ref: "go"}, 1000, 400, 600, 800),
		of(row{n: "10", what: "over & out", budget: 0.5, ref: "go"}, 1000, 1240, 1250, 1260),
		of(row{n: "10", what: "alone", budget: 1000}, 1000, 250),
	}
}

func TestTable(t *testing.T) {
	want := strings.TrimPrefix(`
| case       | reference | budget  | creche      | spread        | ns/task | allocs/task | go      | errgroup | conc | pond | ants | lo       |
|---         |---        |---      |---          |---            |---      |---          |---      |---       |---   |---   |---   |---       |
| within     | go        | 0.50    | 0.250       | 0.20–0.30     | 25.0    | 0.50        | 1.00    |          |      |      |      | 30.00    |
| noisy      | go        | 0.50    | 0.600 noise | 0.40–0.80     | 60.0    | 0.50        | 1.00    |          |      |      |      | 30.00    |
| over & out | go        | 0.50    | 1.250 over  | 1.24–1.26     | 125     | 0.50        | 1.00    |          |      |      |      | 30.00    |
| alone      | none      | 1000.00 | 250.000     | 250.00–250.00 | 25.0    | 0.50        | 1000.00 |          |      |      |      | 30000.00 |
`, "\n")
	if d := cmp.Diff(want, table(measuredRows())); d != "" {
		t.Errorf("table (-want +got):\n%s", d)
	}
	if got := over(measuredRows()); got != 1 {
		t.Errorf("got %d rows over their budget, want 1: what is within the noise does not count", got)
	}
}

func TestShort(t *testing.T) {
	tests := []struct {
		v      float64
		want   string
		reason string
	}{
		{0, "0.00", "nothing"},
		{0.0157, "0.02", "less than anybody asks for"},
		{9.994, "9.99", "two digits behind the point"},
		{73.81, "73.8", "one"},
		{26166788, "26166788", "none"},
	}
	for _, tt := range tests {
		if got := short(tt.v); got != tt.want {
			t.Errorf("short(%v): got %q, want %q: %s", tt.v, got, tt.want, tt.reason)
		}
	}
}
