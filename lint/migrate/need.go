package migrate

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// checkNeeds asks whether somebody may wait for a task that never begins, since the group has been cancelled.
func (c *crew) checkNeeds() {
	if len(c.gos) != 1 {
		c.risk("its tasks are started in several places, and one may need another")
	}
	for _, call := range c.gos {
		fn, ok := ast.Unparen(call.Node().(*ast.CallExpr).Args[0]).(*ast.FuncLit)
		if !ok {
			c.risk("it is not seen what its tasks do, and somebody may need one that never begins")
			continue
		}
		if need := c.need(call, fn); need != "" {
			c.risk("a task " + need + ", so somebody may need one that never begins")
		}
	}
}

// releases are methods that end what somebody else began.
var releases = map[string]bool{
	"Close": true, "Release": true, "Done": true, "Signal": true, "Broadcast": true, "Unlock": true, "RUnlock": true,
	"End": true, "Finish": true, "Stop": true,
}

// need tells what a task does that others may wait for, or that has to be done for what came before the task.
func (c *crew) need(call inspector.Cursor, fn *ast.FuncLit) (need string) {
	info := c.pass.TypesInfo
	locked := map[string]bool{}
	for n := range call.Preorder((*ast.Ident)(nil), (*ast.SelectorExpr)(nil), (*ast.CallExpr)(nil)) {
		switch n := n.Node().(type) {
		case *ast.Ident, *ast.SelectorExpr:
			v := outside(info, n.(ast.Expr), fn)
			if v == nil {
				continue
			}
			t := info.TypeOf(n.(ast.Expr))
			if t == nil {
				continue
			}
			if _, ok := t.Underlying().(*types.Chan); ok {
				return "uses a channel from outside"
			}
			if isType(t, "sync", "WaitGroup") || isType(t, "sync", "Cond") {
				return "uses a sync." + types.Unalias(deref(t)).(*types.Named).Obj().Name() + " from outside"
			}
		}
	}
	for n := range call.Preorder((*ast.CallExpr)(nil)) {
		inner := n.Node().(*ast.CallExpr)
		sel, isMethod := ast.Unparen(inner.Fun).(*ast.SelectorExpr)
		if isMethod && (sel.Sel.Name == "Lock" || sel.Sel.Name == "RLock") {
			locked[types.ExprString(sel.X)] = true
		}
		if inner == call.Node() || isBuiltin(info, inner) {
			continue
		}
		on := outside(info, inner.Fun, fn)
		if on == nil || isContext(info.TypeOf(inner.Fun)) || isMethod && isContext(info.TypeOf(sel.X)) {
			if deferred(n, call) && c.passes(inner, fn) {
				return "defers a call for something from outside"
			}
			continue
		}
		if isMethod && locked[types.ExprString(sel.X)] {
			continue
		}
		if deferred(n, call) {
			return "defers a call of something from outside"
		}
		if isMethod && releases[sel.Sel.Name] || isMethod && isType(info.TypeOf(sel.X), "sync", "Pool") {
			return "releases something from outside"
		}
	}
	return ""
}

// passes reports whether a call has something from outside among its arguments that could be released.
func (c *crew) passes(call *ast.CallExpr, fn *ast.FuncLit) bool {
	for _, arg := range call.Args {
		v := outside(c.pass.TypesInfo, arg, fn)
		if v == nil || isContext(v.Type()) {
			continue
		}
		if _, ok := c.pass.TypesInfo.TypeOf(arg).Underlying().(*types.Basic); !ok {
			return true
		}
	}
	return false
}

// deferred reports whether a call is deferred, or stands in a function that is, within the task.
func deferred(n, task inspector.Cursor) bool {
	for ; n != task; n = n.Parent() {
		if n.ParentEdgeKind() == edge.DeferStmt_Call {
			return true
		}
	}
	return false
}
