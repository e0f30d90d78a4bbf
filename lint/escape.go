package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Escape reports groups that get out of their scope.
var Escape = &analysis.Analyzer{
	Name: "escape",
	Doc: `report groups that are kept beyond their scope

A group is of use until its scope ends; to start a task after that panics. Reported are
  - variables of the package whose type is a group, and groups stored in something that such a variable holds;
  - the group that the body of group.Run receives, stored where it is found after the return of Run: in a variable that is declared
    outside of the body, or in a field of one;
  - a group made with group.New, stored in an unexported field on which nothing in the package calls Wait, and that is not used for
    anything but starting tasks, taking and cancelling them;
  - a group sent on a channel;
  - a go statement that starts tasks in a group from outside of it, or passes such a group on: nothing keeps the scope from ending
    before that goroutine is through.

Not reported are a struct within the body of Run that holds its group, a field whose group is waited for, a field with many groups, a
goroutine that waits for a group, takes from it or cancels it, and one that tells of its end, by Done of a sync.WaitGroup, by close or by a send:
somebody may be waiting for that before the scope ends.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      escape,
}

func escape(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	e := &escapes{pass: pass, bodies: bodies(pass.TypesInfo, all), opened: opened(pass.TypesInfo, all), ended: fieldsEnded(pass.TypesInfo, all)}
	for c := range all.Preorder((*ast.ValueSpec)(nil), (*ast.AssignStmt)(nil), (*ast.CompositeLit)(nil), (*ast.SendStmt)(nil), (*ast.GoStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ValueSpec:
			for _, id := range n.Names {
				if v, ok := pass.TypesInfo.Defs[id].(*types.Var); ok && isGlobal(v) && isGroup(v.Type()) {
					pass.ReportRangef(id, "%s has no scope: a group in a variable of the package outlives the function that opened it", id.Name)
				}
			}
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				for i := range n.Lhs {
					e.assignment(n.Lhs[i], n.Rhs[i])
				}
			}
		case *ast.CompositeLit:
			e.literal(n)
		case *ast.SendStmt:
			if isGroup(pass.TypesInfo.TypeOf(n.Value)) {
				pass.ReportRangef(n, "a group is sent on a channel: its scope may have ended when it is received")
			}
		case *ast.GoStmt:
			e.goroutine(c, n)
		}
	}
	return nil, nil
}

type escapes struct {
	pass   *analysis.Pass
	bodies map[*types.Var]*ast.FuncLit // the group of each body of Run, and the body
	opened map[*types.Var]bool         // variables that hold a group of New
	ended  map[*types.Var]bool         // fields whose group may be waited for
}

// assignment looks at to = from.
func (e *escapes) assignment(to, from ast.Expr) {
	info := e.pass.TypesInfo
	holder := root(info, to)
	for _, x := range carried(info, from) {
		if !isGroup(info.TypeOf(x)) {
			continue
		}
		body := e.bodies[variable(info, x)]
		switch {
		case isGlobal(holder) && holder != variable(info, to):
			e.pass.ReportRangef(to, "%s keeps a group in a variable of the package, which outlives the function that opened it", types.ExprString(to))
		case isGlobal(holder): // told at its declaration
		case body != nil && holder != nil && !within(holder, body):
			e.pass.ReportRangef(to, "%s keeps the group beyond the return of Run, which ends its scope", types.ExprString(to))
		default:
			if sel, ok := ast.Unparen(to).(*ast.SelectorExpr); ok {
				field, _ := info.Uses[sel.Sel].(*types.Var)
				e.field(field, x)
			}
		}
	}
}

// literal looks at the fields that a composite literal fills.
func (e *escapes) literal(lit *ast.CompositeLit) {
	info := e.pass.TypesInfo
	s, ok := types.Unalias(info.TypeOf(lit)).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, elt := range lit.Elts {
		field := s.Field(i % max(s.NumFields(), 1))
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			field, _ = info.Uses[kv.Key.(*ast.Ident)].(*types.Var)
			elt = kv.Value
		}
		e.field(field, elt)
	}
}

// field looks at a group that a field gets.
func (e *escapes) field(field *types.Var, x ast.Expr) {
	if field == nil || !field.IsField() || !isGroup(field.Type()) || field.Exported() || e.ended[field.Origin()] || field.Pkg() != e.pass.Pkg {
		return
	}
	info := e.pass.TypesInfo
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if ok && callee(info, call) == "group.New" || e.opened[variable(info, x)] {
		e.pass.ReportRangef(x, "the field %s keeps a group that nothing in the package waits for", field.Name())
	}
}

// goroutine looks at what a go statement does with groups from outside.
func (e *escapes) goroutine(at inspector.Cursor, stmt *ast.GoStmt) {
	info := e.pass.TypesInfo
	if tellsItsEnd(info, at) {
		return
	}
	for c := range at.Preorder((*ast.Ident)(nil)) {
		v, ok := info.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if !ok || v.IsField() || !isGroup(v.Type()) || within(v, stmt) {
			continue
		}
		switch u := useOf(info, c); u {
		case "Go", "Do", "TryGo", "group.Go", "group.Start", "passed":
			e.pass.ReportRangef(c.Node(), "%s is used by a goroutine outside of its scope, which may have ended by then: start a task instead", v.Name())
		}
	}
}

// tellsItsEnd reports whether a go statement has something that others can wait for.
func tellsItsEnd(info *types.Info, at inspector.Cursor) bool {
	for c := range at.Preorder((*ast.SendStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.SendStmt:
			return true
		case *ast.CallExpr:
			switch fun := ast.Unparen(n.Fun).(type) {
			case *ast.Ident:
				if info.Uses[fun] == types.Universe.Lookup("close") {
					return true
				}
			case *ast.SelectorExpr:
				if fun.Sel.Name == "Done" && is(info.TypeOf(fun.X), "sync", "WaitGroup") {
					return true
				}
			}
		}
	}
	return false
}

// bodies finds the groups that bodies of Run receive.
func bodies(info *types.Info, all inspector.Cursor) map[*types.Var]*ast.FuncLit {
	found := map[*types.Var]*ast.FuncLit{}
	for c := range all.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if callee(info, call) != "group.Run" || len(call.Args) < 2 {
			continue
		}
		body, ok := ast.Unparen(call.Args[1]).(*ast.FuncLit)
		if !ok {
			continue
		}
		for _, param := range body.Type.Params.List {
			for _, id := range param.Names {
				if v, ok := info.Defs[id].(*types.Var); ok && isGroup(v.Type()) {
					found[v] = body
				}
			}
		}
	}
	return found
}

// opened finds the local variables that are given a group of New and are not waited for themselves.
func opened(info *types.Info, all inspector.Cursor) map[*types.Var]bool {
	found := map[*types.Var]bool{}
	for v := range news(info, all) {
		found[v] = true
	}
	for c := range all.Preorder((*ast.Ident)(nil)) {
		if v, ok := info.Uses[c.Node().(*ast.Ident)].(*types.Var); ok && found[v] {
			if u := useOf(info, c); u == "Wait" || u == "passed" || u == "returned" {
				delete(found, v)
			}
		}
	}
	return found
}

// fieldsEnded finds the fields of which something else is asked than to start tasks and the like: Wait most often.
func fieldsEnded(info *types.Info, all inspector.Cursor) map[*types.Var]bool {
	found := map[*types.Var]bool{}
	for c := range all.Preorder((*ast.SelectorExpr)(nil)) {
		field, ok := info.Uses[c.Node().(*ast.SelectorExpr).Sel].(*types.Var)
		if !ok || !field.IsField() || !isGroup(field.Type()) {
			continue
		}
		kind := c.ParentEdgeKind()
		if useOf(info, c) != "" && !harmless[useOf(info, c)] && kind != edge.AssignStmt_Lhs {
			found[field.Origin()] = true
		}
	}
	return found
}
