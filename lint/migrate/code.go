package migrate

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// isType reports whether t is the type path.name, or points to it.
func isType(t types.Type, path, name string) bool {
	return t != nil && isValueType(deref(t), path, name)
}

func isValueType(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func isContext(t types.Type) bool { return isType(t, "context", "Context") }

// isFunc reports whether the expression calls path.name.
func isFunc(info *types.Info, e ast.Expr, path string, names ...string) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := typeutil.StaticCallee(info, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != path || fn.Signature().Recv() != nil {
		return false
	}
	for _, name := range names {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

// isZero reports whether the expression is a new zero value of the type path.name: T{}, &T{} or new(T).
func isZero(info *types.Info, e ast.Expr, path, name string) bool {
	if !isType(info.TypeOf(e), path, name) {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.UnaryExpr:
		lit, ok := e.X.(*ast.CompositeLit)
		return ok && e.Op == token.AND && len(lit.Elts) == 0
	case *ast.CallExpr:
		return isBuiltin(info, e, "new")
	}
	return false
}

// isBuiltin reports whether the call is of one of these built-in functions; of any, if none is named.
func isBuiltin(info *types.Info, call *ast.CallExpr, names ...string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := info.Uses[id].(*types.Builtin)
	if !ok {
		return false
	}
	for _, name := range names {
		if b.Name() == name {
			return true
		}
	}
	return len(names) == 0
}

// outside returns the variable that the expression is, or is reached through, if that is declared outside of n.
func outside(info *types.Info, e ast.Expr, n ast.Node) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			if info.Selections[x] == nil {
				v, _ := info.Uses[x.Sel].(*types.Var)
				return v
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.Ident:
			v, ok := info.Uses[x].(*types.Var)
			if !ok || n.Pos() <= v.Pos() && v.Pos() < n.End() {
				return nil
			}
			return v
		default:
			return nil
		}
	}
}

func (c *crew) constant(e ast.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	value := c.pass.TypesInfo.Types[e].Value
	if value == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(value))
}

// positive reports whether the expression is seen to be positive.
func (c *crew) positive(e ast.Expr) bool {
	if value, ok := c.constant(e); ok {
		return value > 0
	}
	if isFunc(c.pass.TypesInfo, e, "runtime", "NumCPU", "GOMAXPROCS") {
		return true
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if ok && isBuiltin(c.pass.TypesInfo, call, "max") {
		for _, arg := range call.Args {
			if c.positive(arg) {
				return true
			}
		}
	}
	return false
}

// text returns the source of a node.
func (c *crew) text(n ast.Node) string {
	file := c.pass.Fset.File(n.Pos())
	src, err := c.pass.ReadFile(file.Name())
	if err != nil || file.Offset(n.End()) > len(src) {
		c.leave("its source cannot be read")
		return ""
	}
	return string(src[file.Offset(n.Pos()):file.Offset(n.End())])
}
