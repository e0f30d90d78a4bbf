package lint

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// starters are the functions that call functions of their caller with a context of their own. The body of group.Run is not among them:
// what it gets is the context of the scope, and to look at the one around it may be meant.
var starters = func() map[string]bool {
	all := map[string]bool{}
	for pkg, names := range map[string]string{
		"group.TaskGroup": "Go Do TryGo",
		"group":           "Go Start Shield Gather Gather2 Gather3 Gather4 Settle Race Any Quorum Hedge",
		"iter":            "ForEach Map MapUnordered ForEachSlice MapSlice Filter FlatMap First Reduce",
	} {
		for name := range strings.FieldsSeq(names) {
			all[pkg+"."+name] = true
		}
	}
	return all
}()

// A task is a function literal that one of the starters calls.
type task struct {
	starter string     // the function's name alone
	group   *types.Var // where it is started, if that is a variable
	fn      *ast.FuncLit
	body    inspector.Cursor
	own     *types.Var // the context that it receives; nil if that has no name
}

// tasks finds the task functions of the package that are written out: as an argument, or in a variable that holds nothing else.
func tasks(pass *analysis.Pass) []*task {
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	literals := literals(pass.TypesInfo, all)
	var found []*task
	seen := map[*ast.FuncLit]bool{}
	for c := range all.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		name := callee(pass.TypesInfo, call)
		if !starters[name] {
			continue
		}
		for _, arg := range call.Args {
			fn, ok := ast.Unparen(arg).(*ast.FuncLit)
			if !ok {
				fn = literals[variable(pass.TypesInfo, arg)]
			}
			if fn == nil || seen[fn] || !takesContext(pass.TypesInfo, fn) {
				continue
			}
			seen[fn] = true
			body, _ := all.FindNode(fn.Body)
			found = append(found, &task{name[strings.LastIndex(name, ".")+1:], startedIn(pass.TypesInfo, call), fn, body, ownContext(pass.TypesInfo, fn)})
		}
	}
	return found
}

func startedIn(info *types.Info, call *ast.CallExpr) *types.Var {
	at := call.Args[0] // group.Go(g, …)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && info.Selections[sel] != nil {
		at = sel.X
	}
	if !isGroup(info.TypeOf(at)) {
		return nil
	}
	return variable(info, at)
}

func takesContext(info *types.Info, fn *ast.FuncLit) bool {
	params := fn.Type.Params.List
	return len(params) > 0 && isContext(info.TypeOf(params[0].Type))
}

func ownContext(info *types.Info, fn *ast.FuncLit) *types.Var {
	names := fn.Type.Params.List[0].Names
	if len(names) == 0 || names[0].Name == "_" {
		return nil
	}
	v, _ := info.Defs[names[0]].(*types.Var)
	return v
}

// literals finds the variables that are assigned once, a function literal.
func literals(info *types.Info, all inspector.Cursor) map[*types.Var]*ast.FuncLit {
	held := map[*types.Var]*ast.FuncLit{}
	times := map[*types.Var]int{}
	for c := range all.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		for v, e := range assigned(info, c.Node()) {
			times[v]++
			fn, ok := e.(*ast.FuncLit)
			if !ok || times[v] > 1 {
				delete(held, v)
				continue
			}
			held[v] = fn
		}
	}
	return held
}

// assigned yields the variables that a statement or a declaration gives a value, with that value; nil for one of several that a
// single expression has, and for a compound assignment.
func assigned(info *types.Info, n ast.Node) func(yield func(*types.Var, ast.Expr) bool) {
	return func(yield func(*types.Var, ast.Expr) bool) {
		var names, values []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			names, values = n.Lhs, n.Rhs
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names = append(names, id)
			}
			values = n.Values
		}
		for i, name := range names {
			v := variable(info, name)
			var value ast.Expr
			if len(values) == len(names) {
				value = ast.Unparen(values[i])
			}
			if v != nil && len(values) > 0 && !yield(v, value) {
				return
			}
		}
	}
}
