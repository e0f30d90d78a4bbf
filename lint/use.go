package lint

import (
	"go/ast"
	"go/types"
	"iter"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// useOf says what is done with the group that an expression has: the name of the method that is called, or of the function of Creche's
// that it is passed to, or "passed" (to another function), "returned", "assigned" (it is on the left), "dropped" (assigned to _) or "kept".
func useOf(info *types.Info, c inspector.Cursor) string {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	kind, i := c.ParentEdge()
	switch parent := c.Parent().Node().(type) {
	case *ast.SelectorExpr:
		return parent.Sel.Name
	case *ast.CallExpr:
		if name := callee(info, parent); kind == edge.CallExpr_Args && name != "" {
			return name
		}
		return "passed"
	case *ast.ReturnStmt:
		return "returned"
	case *ast.AssignStmt:
		if kind == edge.AssignStmt_Lhs {
			return "assigned"
		}
		if id, ok := parent.Lhs[i%len(parent.Lhs)].(*ast.Ident); ok && id.Name == "_" {
			return "dropped"
		}
	case *ast.BinaryExpr: // g == nil
		return "compared"
	}
	return "kept"
}

// harmless are the uses of a group after which it still has to be waited for, and cannot be by others than before.
var harmless = map[string]bool{
	"Go": true, "Do": true, "TryGo": true, "Next": true, "Cancel": true, "Context": true,
	"group.Go": true, "group.Start": true, "waitset.Completed": true, "waitset.Results": true,
	"assigned": true, "dropped": true, "compared": true,
}

// news yields the local variables that are given a group of group.New, and the calls.
func news(info *types.Info, all inspector.Cursor) iter.Seq2[*types.Var, *ast.CallExpr] {
	return func(yield func(*types.Var, *ast.CallExpr) bool) {
		for c := range all.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
			for v, e := range assigned(info, c.Node()) {
				call, ok := e.(*ast.CallExpr)
				if ok && callee(info, call) == "group.New" && !v.IsField() && !isGlobal(v) && !yield(v, call) {
					return
				}
			}
		}
	}
}
