package migrate_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/packages"

	"github.com/creche-go/creche/lint"
	"github.com/creche-go/creche/lint/migrate"
)

// both runs the analyzers on the same packages, which are loaded once.
var both = &analysis.Analyzer{
	Name:     "both",
	Doc:      "run all analyzers",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		for _, a := range migrate.Analyzers {
			if _, err := a.Run(pass); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

func TestCases(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), both, "./errgroup", "./errgroupleft", "./conc", "./concleft", "./behaviour")
}

// With -all, more is rewritten.
func TestCases_All(t *testing.T) {
	if err := migrate.Errgroup.Flags.Set("all", "true"); err != nil {
		t.Fatal(err)
	}
	defer migrate.Errgroup.Flags.Set("all", "false")
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), migrate.Errgroup, "./errgroupall")
}

// What has been rewritten compiles, and none of the analyzers of package lint finds a mistake in it.
func TestRewrittenIsClean(t *testing.T) {
	overlay := map[string][]byte{}
	for name, golden := range rewritten(t) {
		text, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		overlay[name] = text
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: "testdata", Overlay: overlay}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, err := range p.Errors {
			t.Error(err)
		}
	}
	found, err := checker.Analyze(lint.Analyzers, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range found.Roots {
		for _, d := range act.Diagnostics {
			t.Errorf("%s: %s", act.Package.Fset.Position(d.Pos), d.Message)
		}
	}
}

// A program does the same before and after.
func TestRewrittenDoesTheSame(t *testing.T) {
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": rewritten(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		t.Fatal(err)
	}
	before, after := run(t, "./behaviour"), run(t, "-overlay="+overlay, "./behaviour")
	if before != after {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// rewritten returns the names of the files of testdata that are rewritten, and of what they become.
func rewritten(t *testing.T) map[string]string {
	all := map[string]string{}
	goldens, err := filepath.Glob(filepath.Join(analysistest.TestData(), "*", "*.golden"))
	if err != nil || len(goldens) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, golden := range goldens {
		all[strings.TrimSuffix(golden, ".golden")] = golden
	}
	return all
}

func run(t *testing.T, args ...string) string {
	var out, errs bytes.Buffer
	cmd := exec.Command("go", append([]string{"run"}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "testdata", &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	return out.String()
}
