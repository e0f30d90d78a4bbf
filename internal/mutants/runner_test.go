package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tiny returns a mutant of the module in testdata.
func tiny(t *testing.T, root, old, text string) *mutant {
	t.Helper()
	ms, err := plantAll(root, []plant{{"tiny.go", old + " becomes " + text, []string{old, text}, step{dir: "."}}})
	if err != nil {
		t.Fatal(err)
	}
	ms[0].planted = false
	return ms[0]
}

func TestRunner(t *testing.T) {
	root, err := filepath.Abs("testdata/tiny")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		old, text string
		excuse    string
		want      result
		says      string
		fault     string
	}{
		{"i < n", "i <= n", "", fails, "killed by .: TestSum", ""},
		{"a < b", "a <= b", "", passes, "SURVIVED", "survived: "},
		{"return b", "return a", "it is as good", passes, "explained: it is as good", ""},
		{"i++", "", "", hangs, "killed by timeout in .", ""},
		{"return sum", "return", "named results need no more", passes, "explained: ", ""},
		{"sum += i", "sum += 2 * i", "wrong", fails, "killed", "explained, and yet killed by .: TestSum: "},
		{"return a", "return c", "", uncompiled, "not compiled: tiny.go:17:9: undefined: c", ""},
	}
	var ms []*mutant
	r := runner{root: root, scratch: t.TempDir(), progress: t.Output(), strict: true, excuses: map[string]string{}}
	for _, tt := range tests {
		m := tiny(t, root, tt.old, tt.text)
		ms = append(ms, m)
		if tt.excuse != "" {
			r.excuses[m.key()] = tt.excuse
		}
	}
	if err := r.calibrate(t.Context(), ms); err != nil {
		t.Fatal(err)
	}
	if d := r.limits[step{dir: "."}]; d != atLeast {
		t.Errorf("a test of no time is given %v, want %v", d, atLeast)
	}
	r.limits[step{dir: "."}] = time.Second
	outcomes, err := r.run(t.Context(), ms, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range tests {
		o := outcomes[i]
		if o.result != tt.want || !strings.HasPrefix(o.String(), tt.says) {
			t.Errorf("%s: got %d, %v, want %d, %s", o.mutant.what, o.result, o, tt.want, tt.says)
		}
		got := strings.Join(faults(outcomes[i:i+1]), "\n")
		if (got == "") != (tt.fault == "") || !strings.HasPrefix(got, tt.fault) {
			t.Errorf("%s: the fault is %q, want %q", o.mutant.what, got, tt.fault)
		}
	}
	var out strings.Builder
	table(&out, outcomes)
	if want := "| all|        7|       3|            1|         1|          2|             1|"; !strings.Contains(strings.ReplaceAll(out.String(), " ", ""), strings.ReplaceAll(want, " ", "")) {
		t.Errorf("the table is\n%swant a row %s", &out, want)
	}

	// Without strict, what is explained is not run: it is not said to be noticed.
	r.strict = false
	if o, err := r.test(t.Context(), ms[5]); err != nil || o.result != passes {
		t.Errorf("got %v, %v, want it left alone", o, err)
	}
}

// A planted mutant that the compiler notices is no test of the tests.
func TestFaults_PlantedUncompiled(t *testing.T) {
	m := &mutant{file: "a.go", what: "wrong", planted: true}
	if got := faults([]outcome{{mutant: m, result: uncompiled}}); len(got) != 1 || !strings.HasPrefix(got[0], "does not compile: a.go:0 wrong") {
		t.Errorf("got %q, want a complaint", got)
	}
}

func TestRunner_Calibrate(t *testing.T) {
	root, err := filepath.Abs("testdata/tiny")
	if err != nil {
		t.Fatal(err)
	}
	m := tiny(t, root, "i < n", "i <= n")
	r := runner{root: root, scratch: t.TempDir(), progress: t.Output()}
	m.steps = []step{{dir: "nowhere"}}
	if err := r.calibrate(t.Context(), []*mutant{m}); !errors.Is(err, errNoVerdict) {
		t.Errorf("without tests: %v, want %v", err, errNoVerdict)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.steps = []step{{dir: "."}}
	if err := r.calibrate(ctx, []*mutant{m}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v, want %v", err, context.Canceled)
	}
	if _, err := r.run(ctx, []*mutant{m}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v, want %v", err, context.Canceled)
	}
}
