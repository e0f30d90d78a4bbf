package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// A detachment says how a context was made not to end with another one.
type detachment int

const (
	attached detachment = iota
	plain               // context.Background or context.TODO
	apart               // made of these with an end of its own or with values, or by context.WithoutCancel
)

// detached finds the variables that hold a context which was made not to end with another one.
func detached(pass *analysis.Pass) map[*types.Var]detachment {
	found := map[*types.Var]detachment{}
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for c := range all.Root().Preorder((*ast.AssignStmt)(nil)) {
		assign := c.Node().(*ast.AssignStmt)
		v := variable(pass.TypesInfo, assign.Lhs[0])
		if v != nil && isContext(v.Type()) && len(assign.Rhs) == 1 {
			found[v] = detachmentOf(pass.TypesInfo, assign.Rhs[0], v, found)
		}
	}
	return found
}

// detachmentOf tells of the value that v is given.
func detachmentOf(info *types.Info, e ast.Expr, v *types.Var, known map[*types.Var]detachment) detachment {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	switch {
	case !ok:
		return known[variable(info, e)]
	case isFrom(info, call, "context", "Background", "TODO"):
		return plain
	case isFrom(info, call, "context", "WithoutCancel"):
		return apart
	case isFrom(info, call, "context", "WithCancel", "WithCancelCause", "WithDeadline", "WithDeadlineCause", "WithTimeout", "WithTimeoutCause", "WithValue"):
		if detachmentOf(info, call.Args[0], v, known) != attached {
			return apart
		}
	case slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return variable(info, arg) == v }): // v = withSpan(v)
		return known[v]
	}
	return attached
}

// extended finds the variables that hold a context which a function made of the context of a scope: they end with that, and have what
// the context of a task has not. It tells the group of each.
func extended(pass *analysis.Pass) map[*types.Var]*types.Var {
	info := pass.TypesInfo
	same, more := map[*types.Var]*types.Var{}, map[*types.Var]*types.Var{}
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for c := range all.Root().Preorder((*ast.AssignStmt)(nil)) {
		assign := c.Node().(*ast.AssignStmt)
		v := variable(info, assign.Lhs[0])
		if v == nil || !isContext(v.Type()) || len(assign.Rhs) != 1 {
			continue
		}
		from := scopeOf(info, assign.Rhs[0], same, more)
		if group := contextOf(info, assign.Rhs[0]); group != nil {
			same[v] = group
			delete(more, v)
		} else {
			delete(same, v)
			more[v] = from
		}
	}
	return more
}

// scopeOf returns the group whose context is among the arguments of a call.
func scopeOf(info *types.Info, e ast.Expr, same, more map[*types.Var]*types.Var) *types.Var {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	for _, arg := range call.Args {
		v := variable(info, arg)
		for _, group := range []*types.Var{contextOf(info, arg), same[v], more[v]} {
			if group != nil {
				return group
			}
		}
	}
	return nil
}

// contextOf returns the group g of an expression g.Context().
func contextOf(info *types.Info, e ast.Expr) *types.Var {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Context" || !isGroup(info.TypeOf(sel.X)) {
		return nil
	}
	return variable(info, sel.X)
}
