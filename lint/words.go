package lint

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

const creche = "github.com/creche-go/creche/"

// callee returns the function that is called if it is one of Creche's: as package.Name, or package.Type.Name for a method.
// Of any other function it returns "".
func callee(info *types.Info, call *ast.CallExpr) string {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return ""
	}
	pkg, ok := strings.CutPrefix(fn.Pkg().Path(), creche)
	if !ok {
		return ""
	}
	if recv := fn.Signature().Recv(); recv != nil {
		named := named(recv.Type())
		if named == nil {
			return ""
		}
		return pkg + "." + named.Obj().Name() + "." + fn.Name()
	}
	return pkg + "." + fn.Name()
}

// isFrom reports whether the call is of one of the functions of a package of the standard library.
func isFrom(info *types.Info, call *ast.CallExpr, pkg string, names ...string) bool {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != pkg || fn.Signature().Recv() != nil {
		return false
	}
	for _, name := range names {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

// named returns the named type that t is, or points to.
func named(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// is reports whether t is the named type, or points to it.
func is(t types.Type, path, name string) bool {
	if t == nil {
		return false
	}
	n := named(t)
	return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

func isContext(t types.Type) bool { return is(t, "context", "Context") }
func isGroup(t types.Type) bool   { return is(t, creche+"group", "TaskGroup") }

// isHandle reports whether t is a task's handle, of a certain type or of any.
func isHandle(t types.Type) bool {
	return is(t, creche+"group", "Task") || is(t, creche+"group", "Handle")
}

// variable returns the variable that e is the name of, or nil.
func variable(info *types.Info, e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := info.ObjectOf(id).(*types.Var)
	return v
}

// root returns the variable that e is, or is reached through: x for x.f[i].g.
func root(info *types.Info, e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			if info.Selections[x] == nil { // pkg.Var
				v, _ := info.Uses[x.Sel].(*types.Var)
				return v
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return variable(info, e)
		}
	}
}

// isGlobal reports whether v is a variable of a package.
func isGlobal(v *types.Var) bool {
	return v != nil && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// within reports whether v is declared inside n.
func within(v *types.Var, n ast.Node) bool { return n.Pos() <= v.Pos() && v.Pos() < n.End() }

// carried returns the expressions whose value e stores: itself, or those that append adds or that a literal holds.
func carried(info *types.Info, e ast.Expr) []ast.Expr {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.UnaryExpr:
		return carried(info, x.X)
	case *ast.CompositeLit:
		var all []ast.Expr
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			all = append(all, carried(info, elt)...)
		}
		return all
	case *ast.CallExpr:
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && info.Uses[id] == types.Universe.Lookup("append") {
			var all []ast.Expr
			for _, arg := range x.Args[1:] {
				all = append(all, carried(info, arg)...)
			}
			return all
		}
	}
	return []ast.Expr{e}
}
