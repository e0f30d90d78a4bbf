package migrate

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

// checkLasting asks whether something lives on that a task made with its context: that ends with the task, while the context of the
// other library ends with Wait, or one from outside not even then.
func (c *crew) checkLasting() {
	for _, call := range c.gos {
		fn, ok := ast.Unparen(call.Node().(*ast.CallExpr).Args[0]).(*ast.FuncLit)
		if !ok {
			continue
		}
		for n := range call.Preorder((*ast.GoStmt)(nil), (*ast.AssignStmt)(nil)) {
			switch stmt := n.Node().(type) {
			case *ast.GoStmt:
				if c.mentionsContext(n) {
					c.risk("a task starts a goroutine with its context, which ends with the task")
				}
			case *ast.AssignStmt:
				for _, to := range stmt.Lhs {
					if outside(c.pass.TypesInfo, to, fn) != nil && c.isOpen(c.pass.TypesInfo.TypeOf(to)) {
						c.risk("a task leaves something open, and its context ends with the task")
					}
				}
			}
		}
	}
}

func (c *crew) mentionsContext(n inspector.Cursor) bool {
	for id := range n.Preorder((*ast.Ident)(nil)) {
		if v, ok := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var); ok && isContext(v.Type()) {
			return true
		}
	}
	return false
}

// isOpen reports whether a value of the type is to be ended by a call, or has a field that is, as the body of a response.
func (c *crew) isOpen(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		t = u.Elem()
	case *types.Map:
		t = u.Elem()
	}
	if c.ends(t) {
		return true
	}
	if s, ok := deref(t).Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if field.Exported() && c.ends(field.Type()) {
				return true
			}
		}
	}
	return false
}

func (c *crew) ends(t types.Type) bool {
	for _, name := range []string{"Close", "Commit", "Wait"} {
		obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, name)
		if _, ok := obj.(*types.Func); ok {
			return true
		}
	}
	return false
}
