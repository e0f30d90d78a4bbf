package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// risk leaves the crew alone, unless all are to be rewritten.
func (c *crew) risk(why string) {
	if !c.all {
		c.leave(why)
	}
}

// adopt opens a group that has no context with the one that its tasks use. If they use none it is opened with context.Background, and
// nothing can cancel it.
func (c *crew) adopt() {
	info := c.pass.TypesInfo
	var found []*types.Var
	for _, call := range c.gos {
		for use := range call.Preorder((*ast.Ident)(nil), (*ast.CallExpr)(nil)) {
			switch n := use.Node().(type) {
			case *ast.Ident:
				v, ok := info.Uses[n].(*types.Var)
				if ok && isContext(v.Type()) && !v.IsField() && outside(info, n, call.Node()) == v && !slices.Contains(found, v) {
					found = append(found, v)
				}
			case *ast.CallExpr: // that of a request
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if ok && sel.Sel.Name == "Context" && isContext(info.TypeOf(n)) && outside(info, sel.X, call.Node()) != nil {
					c.risk("its tasks use a context of which it does not know")
				}
			}
		}
	}
	switch {
	case len(found) == 0:
	case c.kind.context:
	case !c.kind.err:
		c.risk("its tasks use a context, and Wait could not tell that one has not begun because that ended")
	case len(found) > 1 || found[0].Pos() > c.at.Node().Pos() || found[0].Parent() == c.pass.Pkg.Scope():
		c.risk("its tasks use a context of which it does not know")
	default:
		c.own, c.adopted = found[0], true
	}
}

// check looks for reasons not to rewrite.
func (c *crew) check() {
	if c.own != nil && c.assignedLater(c.own) {
		c.leave("its context is assigned to")
	}
	if c.parent != nil || c.adopted {
		c.checkNeeds()
		c.checkLasting()
	}
	for _, call := range c.gos {
		if c.limit == nil {
			break
		}
		if len(c.functions(call)) > 0 {
			c.leave("its tasks start tasks under a limit")
		}
		if !c.plain(call) {
			c.options = append(c.options, "Queue(1)")
			break
		}
	}
	for _, call := range c.waits {
		c.checkError(call)
	}
}

// assignedLater reports whether a variable is given another value after the declaration.
func (c *crew) assignedLater(v *types.Var) bool {
	for assign := range c.at.Parent().Preorder((*ast.AssignStmt)(nil)) {
		for _, to := range assign.Node().(*ast.AssignStmt).Lhs {
			id, ok := to.(*ast.Ident)
			if ok && c.pass.TypesInfo.Uses[id] == v && id.Pos() > c.at.Node().End() {
				return true
			}
		}
	}
	return false
}

// plain reports whether nothing but tasks comes of the loops around a call of Go, as far as the declaration: then these loops may run ahead
// of the tasks.
func (c *crew) plain(call inspector.Cursor) bool {
	block := c.at.Parent()
	for loop := range call.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if !block.Contains(loop) || loop == block {
			break
		}
		if r, ok := loop.Node().(*ast.RangeStmt); ok {
			switch c.pass.TypesInfo.TypeOf(r.X).Underlying().(type) {
			case *types.Chan, *types.Signature:
				return false
			}
		} else if loop.Node().(*ast.ForStmt).Cond == nil {
			return false
		}
		if c.works(loop) {
			return false
		}
	}
	return true
}

// works reports whether a loop does something else than to compute and to start tasks.
func (c *crew) works(loop inspector.Cursor) (works bool) {
	loop.Inspect([]ast.Node{(*ast.CallExpr)(nil), (*ast.UnaryExpr)(nil), (*ast.SendStmt)(nil), (*ast.GoStmt)(nil), (*ast.SelectStmt)(nil)}, func(n inspector.Cursor) bool {
		if n.ParentEdgeKind() == edge.RangeStmt_X && n.Parent() == loop { // comes once
			return false
		}
		switch x := n.Node().(type) {
		case *ast.CallExpr:
			if slices.Contains(c.gos, n) {
				return false
			}
			if tv := c.pass.TypesInfo.Types[x.Fun]; !tv.IsType() && !tv.IsBuiltin() {
				works = true
			}
		case *ast.UnaryExpr:
			works = works || x.Op == token.ARROW
		default:
			works = true
		}
		return true
	})
	return works
}

// checkError asks whether somebody looks at what the error of Wait is, and not only at what is in it.
func (c *crew) checkError(call inspector.Cursor) {
	assign, ok := call.Parent().Node().(*ast.AssignStmt)
	if !ok || !c.kind.err {
		return
	}
	info := c.pass.TypesInfo
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok {
		return
	}
	err := info.ObjectOf(id)
	for use := range c.at.Parent().Preorder((*ast.Ident)(nil)) {
		if err == nil || info.Uses[use.Node().(*ast.Ident)] != err || use.Node().Pos() < call.Node().Pos() {
			continue
		}
		bad := false
		switch parent := use.Parent().Node().(type) {
		case *ast.BinaryExpr:
			bad = !info.Types[parent.X].IsNil() && !info.Types[parent.Y].IsNil()
		case *ast.TypeAssertExpr:
			bad = true
		case *ast.SwitchStmt:
			bad = true
		case *ast.CallExpr:
			bad = isFunc(info, parent, "os", "IsNotExist", "IsExist", "IsPermission", "IsTimeout")
		}
		if bad {
			c.leave("the error of Wait is compared with another, or asked for its type")
		}
	}
}
