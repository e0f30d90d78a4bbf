package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// start rewrites a call of Go, and the function that is passed to it.
func (c *crew) start(call inspector.Cursor, context string) (edits []analysis.TextEdit) {
	expr := call.Node().(*ast.CallExpr)
	if c.kind.value == "" {
		sel := expr.Fun.(*ast.SelectorExpr).Sel
		edits = append(edits, replace(sel, "Do"))
	}
	if c.kind.context {
		return edits
	}
	context += ".Context"
	switch fn := ast.Unparen(expr.Args[0]).(type) {
	case *ast.FuncLit:
		if c.own != nil && c.mentions(call, c.own) {
			context = c.own.Name() + " " + context
		}
		edits = append(edits, insert(fn.Type.Params.Opening+1, context))
		return append(edits, c.results(call, fn)...)
	default:
		if !c.settled(fn) {
			c.leave("what its tasks do is computed where they are started")
		}
		open, end := "func("+context+") error { return ", "() }"
		switch {
		case c.kind.value != "" && c.kind.err:
			open = "func(" + context + ") (" + c.kind.value + ", error) { return "
		case c.kind.value != "":
			open, end = "func("+context+") ("+c.kind.value+", error) { return ", "(), nil }"
		case !c.kind.err:
			open, end = "func("+context+") error { ", "(); return nil }"
		}
		return append(edits, insert(fn.Pos(), open), insert(fn.End(), end))
	}
}

func (c *crew) mentions(n inspector.Cursor, v *types.Var) bool {
	for id := range n.Preorder((*ast.Ident)(nil)) {
		if c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)] == v {
			return true
		}
	}
	return false
}

// settled reports whether an expression is the same function whenever it is evaluated: one of a package, or a method of a pointer in a
// variable that is assigned once.
func (c *crew) settled(fn ast.Expr) bool {
	info := c.pass.TypesInfo
	switch fn := fn.(type) {
	case *ast.Ident:
		_, ok := info.Uses[fn].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		f, ok := info.Uses[fn.Sel].(*types.Func)
		if !ok || info.Selections[fn] == nil {
			return ok
		}
		id, ok := ast.Unparen(fn.X).(*ast.Ident)
		if !ok {
			return false
		}
		v, ok := info.Uses[id].(*types.Var)
		_, pointer := f.Signature().Recv().Type().(*types.Pointer)
		return ok && pointer && v.Pos() < c.at.Node().Pos() && v.Parent() != c.pass.Pkg.Scope() && !c.assignedLater(v)
	}
	return false
}

// results gives a function the error that it lacks.
func (c *crew) results(call inspector.Cursor, fn *ast.FuncLit) (edits []analysis.TextEdit) {
	if c.kind.err {
		return nil
	}
	tail := ""
	if c.kind.value == "" {
		edits = append(edits, insert(fn.Type.Params.End(), " error"))
		tail = " nil"
	} else {
		if len(fn.Type.Results.List[0].Names) > 0 {
			c.leave("its tasks have named results")
		}
		edits = append(edits, insert(fn.Type.Results.Pos(), "("), insert(fn.Type.Results.End(), ", error)"))
		tail = ", nil"
	}
	for ret := range returns(call, fn) {
		edits = append(edits, insert(ret.End(), tail))
	}
	if c.kind.value == "" && !terminates(c.pass.TypesInfo, fn.Body) {
		last := "return nil\n"
		if c.pass.Fset.Position(fn.Body.Lbrace).Line == c.pass.Fset.Position(fn.Body.Rbrace).Line {
			last = "; return nil "
			if len(fn.Body.List) == 0 {
				last = " return nil "
			}
		}
		at := fn.Body.Rbrace
		if last[0] == ';' {
			at = fn.Body.List[len(fn.Body.List)-1].End()
		}
		edits = append(edits, insert(at, last))
	}
	return edits
}

// returns yields the return statements of a function, without those of functions within.
func returns(around inspector.Cursor, fn *ast.FuncLit) iter.Seq[*ast.ReturnStmt] {
	return func(yield func(*ast.ReturnStmt) bool) {
		for n := range around.Preorder((*ast.ReturnStmt)(nil)) {
			for f := range n.Enclosing((*ast.FuncLit)(nil)) {
				if f.Node() == fn && !yield(n.Node().(*ast.ReturnStmt)) {
					return
				}
				break
			}
		}
	}
}

// terminates reports whether a body plainly does not reach its end.
func terminates(info *types.Info, body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	switch last := body.List[len(body.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && isBuiltin(info, call, "panic")
	}
	return false
}

func insert(at token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: at, End: at, NewText: []byte(text)}
}

func replace(n ast.Node, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: n.Pos(), End: n.End(), NewText: []byte(text)}
}
