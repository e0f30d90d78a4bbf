package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The test program is the one that is started for each case.
func TestMain(m *testing.M) {
	if name := os.Getenv("CONFORMANCE_TRY"); name != "" {
		os.Exit(try(name))
	}
	os.Exit(m.Run())
}

// The page says what Creche and errgroup do now.
func TestPageIsFresh(t *testing.T) {
	text, err := os.ReadFile("RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	var told [][]string
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| a") || strings.HasPrefix(line, "| …") || strings.HasPrefix(line, "| t") || strings.HasPrefix(line, "| ctx") {
			told = append(told, cells[1:3])
		}
	}
	if diff := cmp.Diff(observeAll(libraries[:2]), told); diff != "" {
		t.Errorf("RESULTS.md is stale, -o writes it anew (-observed +told):\n%s", diff)
	}
}

// A crash and a hanging process are observations.
func TestObserve(t *testing.T) {
	for name, want := range map[string]string{"panic": "the program crashes", "spawn": "hangs"} {
		for _, c := range trials {
			if c.name != name {
				continue
			}
			if got := observe(c, libraries[5]); got != want {
				t.Errorf("%s with a WaitGroup: %q, want %q", name, got, want)
			}
		}
	}
}

func TestPage(t *testing.T) {
	rows := make([][]string, len(trials))
	for i := range rows {
		rows[i] = make([]string, len(libraries))
		rows[i][0] = "outcome " + trials[i].name
	}
	text := page(rows, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	for _, want := range []string{"Observed on 2 January 2026", "| a task panics | outcome panic | "} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
}
