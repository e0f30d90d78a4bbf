package lint

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// LostFailure reports scopes and loops whose error is not looked at.
var LostFailure = &analysis.Analyzer{
	Name: "lostfailure",
	Doc: `report scopes and loops whose error is not looked at

The error of Wait has everything that went wrong in a scope. Reported are statements that call Wait of a group, Run, a combinator,
Start, or a function of package iter that returns an error, and take nothing of what they return, also after go and defer;
and loops over a sequence of values and errors, of package iter or waitset.Results, that have no variable for the error.

Not reported are an error assigned to _, which says that it is meant; a Wait of a group on which the same function calls Wait again and
looks at the error, as behind a deferred one that only makes sure of the end; Wait of a task, whose failure is its scope's; and
anything in a file of tests, which look at what happened in other ways.

The fix, for a function that returns nothing but an error, returns it.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      lostFailure,
}

// failing are the functions whose error is the only word of what went wrong.
var failing = func() map[string]bool {
	all := map[string]bool{"group.TaskGroup.Wait": true}
	for pkg, names := range map[string]string{
		"group": "Run Start Gather Gather2 Gather3 Gather4 Settle Race Any Quorum Hedge",
		"iter":  "ForEach ForEachSlice MapSlice Reduce First",
	} {
		for name := range strings.FieldsSeq(names) {
			all[pkg+"."+name] = true
		}
	}
	return all
}()

// yielding are the functions that return a sequence of values and errors.
var yielding = map[string]bool{
	"iter.Map": true, "iter.MapUnordered": true, "iter.Filter": true, "iter.FlatMap": true, "iter.Merge": true, "iter.Batch": true,
	"waitset.Results": true,
}

func lostFailure(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	info := pass.TypesInfo
	for c := range all.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		name := callee(info, call)
		if name == "" || strings.HasSuffix(pass.Fset.Position(call.Pos()).Filename, "_test.go") {
			continue
		}
		switch c.ParentEdgeKind() {
		case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
			if failing[name] && !lookedAt(info, c, call) {
				pass.Report(analysis.Diagnostic{
					Pos: call.Pos(), End: call.End(),
					Message:        "the error of " + short(name) + " is lost: handle it, or assign it to _",
					SuggestedFixes: returnIt(pass, c, call),
				})
			}
		case edge.RangeStmt_X:
			if loop := c.Parent().Node().(*ast.RangeStmt); yielding[name] && loop.Value == nil {
				pass.ReportRangef(call, "the errors of %s are lost: the loop needs a second variable", short(name))
			}
		}
	}
	return nil, nil
}

func short(name string) string { return name[strings.LastIndex(name, ".")+1:] }

// lookedAt reports whether the call is g.Wait() and there is another one in the same function that is not a mere statement.
func lookedAt(info *types.Info, c inspector.Cursor, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	group := variable(info, sel.X)
	if group == nil {
		return false
	}
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		for other := range fn.Preorder((*ast.CallExpr)(nil)) {
			sel, ok := ast.Unparen(other.Node().(*ast.CallExpr).Fun).(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Wait" || variable(info, sel.X) != group {
				continue
			}
			switch other.ParentEdgeKind() {
			case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
			default:
				return true
			}
		}
	}
	return false
}

// returnIt makes the statement one that returns the error, where the function has no other result.
func returnIt(pass *analysis.Pass, c inspector.Cursor, call *ast.CallExpr) []analysis.SuggestedFix {
	if c.ParentEdgeKind() != edge.ExprStmt_X || c.Parent().ParentEdgeKind() == edge.IfStmt_Init {
		return nil
	}
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var typ *ast.FuncType
		switch fn := fn.Node().(type) {
		case *ast.FuncDecl:
			typ = fn.Type
		case *ast.FuncLit:
			typ = fn.Type
		}
		if typ.Results.NumFields() != 1 || !types.Identical(pass.TypesInfo.TypeOf(typ.Results.List[0].Type), types.Universe.Lookup("error").Type()) {
			return nil
		}
		break
	}
	blanks := 0
	if results, ok := pass.TypesInfo.TypeOf(call).(*types.Tuple); ok {
		blanks = results.Len() - 1
	}
	return []analysis.SuggestedFix{{
		Message: "Return the error",
		TextEdits: []analysis.TextEdit{
			{Pos: call.Pos(), End: call.Pos(), NewText: []byte("if " + strings.Repeat("_, ", blanks) + "err := ")},
			{Pos: call.End(), End: call.End(), NewText: []byte("; err != nil {\nreturn err\n}")},
		},
	}}
}
