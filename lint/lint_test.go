package lint_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/creche-go/creche/lint"
)

// all runs every analyzer on every case: what one of them is to report, the others must pass over in silence.
var all = &analysis.Analyzer{
	Name:     "all",
	Doc:      "run all analyzers",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		for _, a := range lint.Analyzers {
			if _, err := a.Run(pass); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

func TestCases(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), all, "./...")
}
