package main

import (
	"os"
	"slices"
	"testing"
)

func TestEachLawHasTests(t *testing.T) {
	tests, err := guards("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		if len(tests[l.number]) == 0 {
			t.Errorf("no test has %s in its name: %s", l.number, l.text)
		}
	}
}

func TestLawsPageIsFresh(t *testing.T) {
	want, err := lawsPage("../..")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../../LAWS.md"); err != nil || string(got) != want {
		t.Errorf("LAWS.md is stale (%v): go run -C internal/conformance . -laws -o ../../LAWS.md", err)
	}
}

func TestNumbersOf(t *testing.T) {
	for name, want := range map[string][]string{
		"TestL1_SE16_BodyPanics":      {"L1"},
		"TestStress_S3_L1":            {"S3", "L1"},
		"TestP1_P2_L1_PanicAtEach":    {"P1", "P2", "L1"},
		"TestLI02_OrderAtAnyLimit":    nil,
		"TestTryGo_L6_Daemon":         {"L6"},
		"TestNE12_L5Something":        nil,
		"TestExplore_W1_Completions2": {"W1"},
	} {
		if got := numbersOf(name); !slices.Equal(got, want) {
			t.Errorf("%s is about %v, want %v", name, got, want)
		}
	}
}
