package migrate

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A crew is a group of another library in a local variable, with all that is done with it.
type crew struct {
	pass  *analysis.Pass
	at    inspector.Cursor // the statement that declares it
	v     *types.Var
	all   bool // rewrite also what is not safe
	names map[taken]bool

	kind    kind
	makes   ast.Node   // what the call of New replaces
	parent  ast.Expr   // the context that it is opened with, or nil
	own     *types.Var // the context that the library makes of that, or nil
	adopted bool       // the own one is a context from around it, which its tasks use
	options []string
	limit   ast.Expr

	drop  []ast.Node         // statements that are not needed any more
	gos   []inspector.Cursor // the calls of Go
	waits []inspector.Cursor // the calls of Wait
	why   string             // the first reason to leave it as it is
}

// A kind tells what the functions that are passed to Go look like, and with them what Wait returns.
type kind struct {
	context bool   // they receive a context
	value   string // they return a value of this type, if not ""
	err     bool   // they return an error
	typ     string // how to call it in a message
}

func (c *crew) leave(why string) {
	if c.why == "" {
		c.why = why
	}
}

// collect finds all uses of the variable.
func (c *crew) collect() {
	info := c.pass.TypesInfo
	block := c.at.Parent()
	for use := range block.Preorder((*ast.Ident)(nil)) {
		if info.Uses[use.Node().(*ast.Ident)] != c.v {
			continue
		}
		if use.ParentEdgeKind() != edge.SelectorExpr_X || use.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
			c.leave("it is used for something else than to call a method")
			return
		}
		call := use.Parent().Parent()
		switch method := use.Parent().Node().(*ast.SelectorExpr).Sel.Name; method {
		case "Go":
			if call.ParentEdgeKind() != edge.ExprStmt_X {
				c.leave("Go is called in a go or defer statement")
			}
			c.gos = append(c.gos, call)
		case "Wait":
			c.waits = append(c.waits, call)
		case "SetLimit":
			c.setLimit(call)
		default:
			c.leave("its method " + method + " is used")
		}
	}
	for _, call := range c.gos {
		for _, fn := range c.functions(call) {
			if !c.isTask(fn) {
				c.leave("tasks are started in another function")
			}
		}
	}
	for _, call := range c.waits {
		if len(c.functions(call)) > 0 {
			c.leave("Wait is called in another function")
		}
	}
	if len(c.waits) == 0 {
		c.leave("Wait is not called in the function that makes it")
	}
}

// functions returns the functions between a use and the declaration.
func (c *crew) functions(use inspector.Cursor) (found []inspector.Cursor) {
	for fn := range use.Enclosing((*ast.FuncLit)(nil)) {
		if fn.Contains(c.at) {
			break
		}
		found = append(found, fn)
	}
	return found
}

func (c *crew) isTask(fn inspector.Cursor) bool {
	for _, call := range c.gos {
		if fn.Parent() == call {
			return true
		}
	}
	return false
}

// setLimit takes the limit, if that is set right after the declaration, or does not depend on when.
func (c *crew) setLimit(call inspector.Cursor) {
	stmt := call.Parent()
	previous, ok := stmt.PrevSibling()
	limit := call.Node().(*ast.CallExpr).Args[0]
	constant := c.pass.TypesInfo.Types[limit].Value != nil
	switch {
	case c.limit != nil:
		c.leave("its limit is set more than once")
	case call.ParentEdgeKind() != edge.ExprStmt_X || stmt.Parent() != c.at.Parent() || !ok,
		previous != c.at && !constant, len(c.gos) > 0:
		c.leave("its limit is not set where it is made")
	}
	c.limit = limit
	c.drop = append(c.drop, stmt.Node())
}

// local returns the variable that a statement in a list of statements declares as the i-th on its left, or nil.
func local(info *types.Info, stmt inspector.Cursor, id *ast.Ident) *types.Var {
	switch stmt.ParentEdgeKind() {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
		v, _ := info.Defs[id].(*types.Var)
		return v
	}
	return nil
}
