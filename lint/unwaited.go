package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Unwaited reports scopes that nobody waits for.
var Unwaited = &analysis.Analyzer{
	Name: "unwaited",
	Doc: `report calls of group.New without Wait

A scope that was opened with group.New is open until its Wait is called. Within a task it is ended with that, which then fails;
elsewhere its tasks outlive the function, and their errors and panics reach nobody.

Reported are calls of New whose result is dropped, or is a local variable with which nothing is done but to start tasks, to
take and to cancel them, and to ask for the context. Not reported is a variable on which Wait is called somewhere, even if a
return comes before it, and one that is returned, passed to a function, stored, or whose address is taken: somebody else may
wait then.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      unwaited,
}

func unwaited(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	info := pass.TypesInfo
	for c := range all.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if callee(info, call) != "group.New" {
			continue
		}
		use := useOf(info, c)
		if c.ParentEdgeKind() == edge.ExprStmt_X || use != "assigned" && harmless[use] {
			pass.ReportRangef(call, "nobody can wait for this scope: keep the group and call its Wait, or use group.Run")
		}
	}

	waiting := map[*types.Var]bool{} // those that somebody waits for, or may wait for
	for c := range all.Preorder((*ast.Ident)(nil)) {
		v, ok := info.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if ok && isGroup(v.Type()) && !harmless[useOf(info, c)] {
			waiting[v] = true
		}
	}
	for fn := range all.Preorder((*ast.FuncType)(nil)) { // a named result is returned without being mentioned
		if results := fn.Node().(*ast.FuncType).Results; results != nil {
			for _, field := range results.List {
				for _, id := range field.Names {
					if v, ok := info.Defs[id].(*types.Var); ok {
						waiting[v] = true
					}
				}
			}
		}
	}
	for v, call := range news(info, all) {
		if !waiting[v] && v.Name() != "_" {
			pass.ReportRangef(call, "%s.Wait is not called: the scope stays open", v.Name())
		}
	}
	return nil, nil
}
