package migrate

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// wait rewrites a call of Wait, which now returns values and an error.
func (c *crew) wait(call inspector.Cursor) []analysis.TextEdit {
	if c.kind.value != "" && c.kind.err {
		return nil
	}
	n := call.Node()
	switch call.ParentEdgeKind() {
	case edge.ExprStmt_X:
		if c.fails() { // nobody looked at that before: lostfailure tells
			return nil
		}
		return []analysis.TextEdit{insert(n.Pos(), "_, _ = ")}
	case edge.DeferStmt_Call, edge.GoStmt_Call:
		if c.fails() {
			return nil
		}
		return []analysis.TextEdit{insert(n.Pos(), "func() { _, _ = "), insert(n.End(), " }()")}
	case edge.AssignStmt_Rhs:
		if to := call.Parent().Node().(*ast.AssignStmt).Lhs; len(to) == 1 {
			if c.kind.err {
				return []analysis.TextEdit{insert(to[0].Pos(), "_, ")}
			}
			return []analysis.TextEdit{insert(to[0].End(), ", _")}
		}
	}
	return c.hoist(call)
}

// fails reports whether a task may return an error.
func (c *crew) fails() bool {
	if !c.kind.err {
		return false
	}
	for _, call := range c.gos {
		fn, ok := ast.Unparen(call.Node().(*ast.CallExpr).Args[0]).(*ast.FuncLit)
		if !ok {
			return true
		}
		for ret := range returns(call, fn) {
			last := ret.Results
			if len(last) == 0 || !c.pass.TypesInfo.Types[last[len(last)-1]].IsNil() {
				return true
			}
		}
	}
	return false
}

// hoist calls Wait before the statement of which it is a part.
func (c *crew) hoist(call inspector.Cursor) []analysis.TextEdit {
	stmt, ok := c.statement(call)
	if !ok || !c.first(call, stmt) {
		c.leave("Wait is part of an expression")
		return nil
	}
	name, op := c.name(stmt), ":="
	if result := c.namedResult(stmt); result != "" {
		name, op = result, "="
	}
	both := "_, " + name
	if !c.kind.err {
		both = name + ", _"
	}
	both = fmt.Sprintf("%s %s %s", both, op, c.text(call.Node()))
	if cond, ok := stmt.Node().(*ast.IfStmt); ok {
		return []analysis.TextEdit{insert(cond.Cond.Pos(), both+"; "), replace(call.Node(), name)}
	}
	return []analysis.TextEdit{insert(stmt.Node().Pos(), both+"\n"), replace(call.Node(), name)}
}

// statement returns the statement that the call is a part of, if something can be put before that.
func (c *crew) statement(call inspector.Cursor) (inspector.Cursor, bool) {
	for n := call; ; n = n.Parent() {
		if binary, ok := n.Parent().Node().(*ast.BinaryExpr); ok && n.ParentEdgeKind() == edge.BinaryExpr_Y {
			if binary.Op == token.LAND || binary.Op == token.LOR {
				return n, false
			}
		}
		switch n.ParentEdgeKind() {
		case edge.IfStmt_Cond:
			cond := n.Parent()
			return cond, cond.Node().(*ast.IfStmt).Init == nil
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			switch n.Node().(type) {
			case *ast.ReturnStmt, *ast.ExprStmt, *ast.AssignStmt:
				return n, true
			}
			return n, false
		case edge.Invalid:
			return n, false
		}
	}
}

// first reports whether nothing else is called in the statement before the call.
func (c *crew) first(call, stmt inspector.Cursor) bool {
	at := call.Node()
	for other := range stmt.Preorder((*ast.CallExpr)(nil), (*ast.UnaryExpr)(nil)) {
		n := other.Node()
		if unary, ok := n.(*ast.UnaryExpr); ok && unary.Op != token.ARROW {
			continue
		}
		if n.Pos() < at.Pos() && n.End() < at.End() {
			return false
		}
	}
	return true
}

// name finds a name for what Wait returns that means nothing else between the statement and the end of its block.
func (c *crew) name(stmt inspector.Cursor) string {
	name := "err"
	if !c.kind.err {
		name = "values"
	}
	end := stmt.Parent().Node().End()
	switch stmt.Node().(type) {
	case *ast.ReturnStmt, *ast.IfStmt:
		end = stmt.Node().End()
	}
	scope := c.pass.Pkg.Scope().Innermost(stmt.Node().Pos())
	if cond, ok := stmt.Node().(*ast.IfStmt); ok {
		scope = c.pass.TypesInfo.Scopes[cond]
	}
	for i := 1; ; i++ {
		free := scope == nil || scope.Lookup(name) == nil && !c.names[taken{scope, name}]
		for id := range stmt.Parent().Preorder((*ast.Ident)(nil)) {
			if id := id.Node().(*ast.Ident); id.Name == name && stmt.Node().Pos() <= id.Pos() && id.Pos() < end {
				free = false
			}
		}
		if free {
			c.names[taken{scope, name}] = true
			return name
		}
		name = "result"
		if c.kind.err {
			name = "waitErr"
		}
		if i > 1 {
			name = fmt.Sprint(name, i)
		}
	}
}

// A taken name is one that a rewritten statement of this package declares.
type taken struct {
	scope *types.Scope
	name  string
}

// namedResult returns the name of the result that the statement returns the call as, if it returns nothing else.
func (c *crew) namedResult(stmt inspector.Cursor) string {
	ret, ok := stmt.Node().(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return ""
	}
	if call, ok := ret.Results[0].(*ast.CallExpr); !ok || !c.isWait(call) {
		return ""
	}
	for fn := range stmt.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var results *ast.FieldList
		switch fn := fn.Node().(type) {
		case *ast.FuncDecl:
			results = fn.Type.Results
		case *ast.FuncLit:
			results = fn.Type.Results
		}
		if results == nil || len(results.List) != 1 || len(results.List[0].Names) != 1 || results.List[0].Names[0].Name == "_" {
			return ""
		}
		id := results.List[0].Names[0]
		scope := c.pass.Pkg.Scope().Innermost(stmt.Node().Pos())
		if _, obj := scope.LookupParent(id.Name, stmt.Node().Pos()); obj == c.pass.TypesInfo.Defs[id] {
			return id.Name
		}
		return ""
	}
	return ""
}

func (c *crew) isWait(call *ast.CallExpr) bool {
	for _, w := range c.waits {
		if w.Node() == call {
			return true
		}
	}
	return false
}
