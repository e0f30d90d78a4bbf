package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Unchecked reports values that are indexed before the error was looked at.
var Unchecked = &analysis.Analyzer{
	Name: "unchecked",
	Doc: `report values that are indexed before the error was looked at

If something failed, Gather, Quorum and Settle return no values, Run and Wait fewer than there were tasks: to index them panics, or finds
the value of another task. Reported is an index into the values in a statement that comes after the call in the same block, if no
statement from the call on, that one included, mentions the error, the length of the values or a range over them, and the call does
not stand within a function of its own. Also reported is such an index if the error was assigned to _.

Not reported is anything that is done with the values but to index them, an index in a function within, and MapSlice, whose values
always have the length of the slice.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      unchecked,
}

// shortened are the functions that return fewer values if something failed.
var shortened = map[string]bool{
	"group.Gather": true, "group.Quorum": true, "group.Settle": true, "group.Run": true, "group.TaskGroup.Wait": true,
}

func unchecked(pass *analysis.Pass) (any, error) {
	info := pass.TypesInfo
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for c := range all.Preorder((*ast.AssignStmt)(nil)) {
		assign := c.Node().(*ast.AssignStmt)
		if len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
			continue
		}
		call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
		if !ok || !shortened[callee(info, call)] {
			continue
		}
		values, err := variable(info, assign.Lhs[0]), variable(info, assign.Lhs[1])
		if values == nil {
			continue
		}
		for next, ok := c.NextSibling(); ok; next, ok = next.NextSibling() {
			index, looked := firstIndex(info, next, values, err)
			if looked {
				break
			}
			if index != nil {
				pass.ReportRangef(index, "%s may have fewer values than there were tasks: look at the error of %s first",
					types.ExprString(index.X), short(callee(info, call)))
				break
			}
		}
	}
	return nil, nil
}

// firstIndex returns the first index into the values that the statement has outside of functions within, and whether it looks at the
// error, at the length of the values, or does anything else with them.
func firstIndex(info *types.Info, stmt inspector.Cursor, values, err *types.Var) (index *ast.IndexExpr, looked bool) {
	for c := range stmt.Preorder((*ast.Ident)(nil)) {
		v, ok := info.ObjectOf(c.Node().(*ast.Ident)).(*types.Var)
		if !ok || v != values && v != err {
			continue
		}
		x, ok := c.Parent().Node().(*ast.IndexExpr)
		if !ok || v == err || x.X != c.Node() || inFunction(c, stmt) {
			return nil, true
		}
		if index == nil {
			index = x
		}
	}
	return index, false
}

func inFunction(c, stmt inspector.Cursor) bool {
	for fn := range c.Enclosing((*ast.FuncLit)(nil)) {
		return stmt.Contains(fn)
	}
	return false
}
