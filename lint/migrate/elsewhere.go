package migrate

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A maker is what a library makes its groups with.
type maker struct {
	typ       string // how to call a group in a message
	path      string // of the package
	zero      string // the type whose zero value is a group, or ""
	functions []string
}

// elsewhere tells of the groups that are not made where a crew is declared: those in fields and globals, and those that are assigned
// to an older variable or passed on at once.
func elsewhere(pass *analysis.Pass, crews map[ast.Node]bool, makers ...maker) {
	info := pass.TypesInfo
	for c := range pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().Preorder((*ast.CallExpr)(nil), (*ast.Ident)(nil)) {
		for _, m := range makers {
			made := false
			switch n := c.Node().(type) {
			case *ast.CallExpr:
				made = isFunc(info, n, m.path, m.functions...)
			case *ast.Ident:
				typ, ok := info.Uses[n].(*types.TypeName)
				made = ok && m.zero != "" && isType(typ.Type(), m.path, m.zero) && isValue(info, c)
			}
			if made && !belongs(c, crews) {
				pass.ReportRangef(c.Node(), "this %s is left alone: it is not made for a new local variable", m.typ)
			}
		}
	}
}

// isValue reports whether a type's name stands where a value of it comes into being.
func isValue(info *types.Info, c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		c = c.Parent()
	}
	switch c.ParentEdgeKind() {
	case edge.ValueSpec_Type, edge.CompositeLit_Type:
		return true
	case edge.Field_Type:
		_, ok := c.Parent().Parent().Parent().Node().(*ast.StructType)
		return ok
	case edge.CallExpr_Args:
		return isBuiltin(info, c.Parent().Node().(*ast.CallExpr), "new")
	}
	return false
}

// belongs reports whether a crew is declared here, or whether nobody is to be told of the file.
func belongs(c inspector.Cursor, crews map[ast.Node]bool) bool {
	for around := range c.Enclosing() {
		if file, ok := around.Node().(*ast.File); crews[around.Node()] || ok && ast.IsGenerated(file) {
			return true
		}
	}
	return false
}
