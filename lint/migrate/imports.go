package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"

	"golang.org/x/tools/go/analysis"
)

const groupPath = "github.com/creche-go/creche/group"

// imported returns the name of a package at these places of a file, and the edits that import it if it is not imported. Of the other
// names the first that is free is taken if the package's own is not. The name is empty if there is none.
func imported(pass *analysis.Pass, file *ast.File, pkgPath string, others []string, places ...token.Pos) (string, []analysis.TextEdit) {
	scope := pass.TypesInfo.Scopes[file]
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != pkgPath {
			continue
		}
		pkg := pass.TypesInfo.PkgNameOf(spec)
		if pkg == nil || pkg.Name() == "_" || pkg.Name() == "." {
			continue
		}
		if means(pass, pkg.Name(), pkg, places) {
			return pkg.Name(), nil
		}
	}
	for _, name := range append([]string{path.Base(pkgPath)}, others...) {
		if scope.Lookup(name) != nil || pass.Pkg.Scope().Lookup(name) != nil || !means(pass, name, nil, places) {
			continue
		}
		spec := strconv.Quote(pkgPath)
		if name != path.Base(pkgPath) {
			spec = name + " " + spec
		}
		return name, []analysis.TextEdit{addImport(file, spec)}
	}
	return "", nil
}

// means reports whether a name is obj at all places; nil stands for nothing.
func means(pass *analysis.Pass, name string, obj types.Object, places []token.Pos) bool {
	for _, pos := range places {
		_, found := pass.Pkg.Scope().Innermost(pos).LookupParent(name, pos)
		if found != obj && (found != nil || obj != nil) {
			return false
		}
	}
	return true
}

// addImport adds an import to the last declaration of imports, where modules that are not of the standard library usually are. There is
// one: the other library is imported.
func addImport(file *ast.File, spec string) analysis.TextEdit {
	var last *ast.GenDecl
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.IMPORT {
			last = decl
		}
	}
	if spec == `"context"` && last.Lparen.IsValid() {
		return insert(last.Lparen+1, "\n"+spec)
	}
	if last.Lparen.IsValid() {
		return insert(last.Rparen, spec+"\n")
	}
	if spec == `"context"` {
		return insert(last.Pos(), "import "+spec+"\n")
	}
	return insert(last.End(), "\nimport "+spec)
}
