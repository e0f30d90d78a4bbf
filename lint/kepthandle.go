package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// KeptHandle reports handles from a loop that outlive the function.
var KeptHandle = &analysis.Analyzer{
	Name: "kepthandle",
	Doc: `report handles of a loop that are kept by what outlives the function

A handle keeps its scope in memory, with the values that no loop has taken, and the tasks that were started about when it was. For as
long as the function runs that is of no matter, and is what handles are for. Reported is the variable of a loop over
waitset.Completed or over a set's All, if the loop's body stores it, alone, in a literal or with append,
  - in a variable of the package, or in what is reached from one;
  - in a field or an element reached through the receiver, a parameter or a named result of the function that has the loop: of those the
    ones that are pointers, maps or slices.

Not reported are local variables, whatever they hold, sends, arguments of calls, what is made from the handle, such as its result, and the
keys of maps.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      keptHandle,
}

func keptHandle(pass *analysis.Pass) (any, error) {
	info := pass.TypesInfo
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for c := range all.Preorder((*ast.RangeStmt)(nil)) {
		loop := c.Node().(*ast.RangeStmt)
		call, ok := ast.Unparen(loop.X).(*ast.CallExpr)
		if !ok || loop.Key == nil {
			continue
		}
		if name := callee(info, call); name != "waitset.Completed" && name != "waitset.WaitSet.All" {
			continue
		}
		handle := variable(info, loop.Key)
		if handle == nil || !isHandle(handle.Type()) {
			continue
		}
		for c := range c.Preorder((*ast.AssignStmt)(nil)) {
			assign := c.Node().(*ast.AssignStmt)
			if len(assign.Lhs) != len(assign.Rhs) {
				continue
			}
			for i, to := range assign.Lhs {
				for _, x := range carried(info, assign.Rhs[i]) {
					if variable(info, x) == handle && outlives(info, c, to) {
						pass.ReportRangef(to, "%s keeps the task's whole scope in memory: keep the task's result instead", types.ExprString(to))
					}
				}
			}
		}
	}
	return nil, nil
}

// outlives reports whether what is stored in the expression is still there when the function has returned.
func outlives(info *types.Info, c inspector.Cursor, to ast.Expr) bool {
	v := root(info, to)
	if v == nil || isGlobal(v) {
		return v != nil
	}
	if variable(info, to) != nil { // a local variable, or a result
		return false
	}
	switch types.Unalias(v.Type()).Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice:
	default:
		return false
	}
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		decl := fn.Node().(*ast.FuncDecl)
		return declares(info, decl.Recv, v) || declares(info, decl.Type.Params, v) || declares(info, decl.Type.Results, v)
	}
	return false
}

func declares(info *types.Info, list *ast.FieldList, v *types.Var) bool {
	if list == nil {
		return false
	}
	for _, field := range list.List {
		for _, id := range field.Names {
			if info.Defs[id] == v {
				return true
			}
		}
	}
	return false
}
