package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creche-go/creche/lint"
)

// Every analyzer has cases of both kinds, and there are as many in which all of them are to be silent as there are reports: it is false
// alarms that get a tool switched off.
func TestCases_OfBothKinds(t *testing.T) {
	const least = 60 // of each kind
	reports, clean := 0, 0
	for _, a := range lint.Analyzers {
		wrong, right := count(t, a.Name)
		t.Logf("%s: %d reports, %d clean functions", a.Name, wrong, right)
		if wrong < 5 || right < 5 {
			t.Errorf("%s has %d cases with a report and %d without", a.Name, wrong, right)
		}
		reports, clean = reports+wrong, clean+right
	}
	if reports < least || clean < reports {
		t.Errorf("%d reports and %d clean functions: want at least %d, and half of all of them clean", reports, clean, least)
	}
}

// count returns how many reports the cases of an analyzer want, and how many functions use Creche in files that want none.
func count(t *testing.T, analyzer string) (reports, clean int) {
	files, err := filepath.Glob(filepath.Join("testdata", analyzer, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "// want `"); n > 0 {
			reports += n
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && usesCreche(fn) {
				clean++
			}
		}
	}
	return reports, clean
}

// usesCreche reports whether a function mentions one of the packages.
func usesCreche(fn *ast.FuncDecl) (uses bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && (id.Name == "group" || id.Name == "iter" || id.Name == "waitset") {
				uses = true
			}
		}
		return true
	})
	return uses
}
