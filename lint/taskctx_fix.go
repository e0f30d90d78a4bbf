package lint

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// fixOuter replaces a context from outside by the task's own. If that has no name it gets the name of the one from outside, so that all
// places in the task which have that name mean it. A context that was made in the function may have a deadline or values that the
// task's own has not: it is left where it is.
func (t *task) fixOuter(pass *analysis.Pass, u contextUse, uses []contextUse) []analysis.SuggestedFix {
	if u.v != nil && !t.derivesFrom(pass.TypesInfo, u.v) {
		return nil
	}
	if t.own != nil {
		if !t.reaches(pass, u) {
			return nil
		}
		return fix("Use the context "+t.own.Name()+" of the task", u.expr.Pos(), u.expr.End(), t.own.Name())
	}
	if u.v == nil || pass.TypesInfo.Scopes[t.fn.Type].Lookup(u.v.Name()) != nil {
		return nil
	}
	for _, other := range uses { // one name can be given, and must not catch another context of that name
		if other.v != nil && !within(other.v, t.fn) && other.v != u.v {
			return nil
		}
	}
	param := t.fn.Type.Params.List[0]
	title := "Name the context of the task " + u.v.Name()
	switch {
	case len(param.Names) == 1:
		return fix(title, param.Names[0].Pos(), param.Names[0].End(), u.v.Name())
	case len(t.fn.Type.Params.List) == 1: // either all parameters have names or none
		return fix(title, param.Pos(), param.Pos(), u.v.Name()+" ")
	}
	return nil
}

// fixBackground does not end what goes on beside the use of the task's own context: there, not to hear of its end may be the point.
func (t *task) fixBackground(pass *analysis.Pass, u contextUse, usesOwn bool) []analysis.SuggestedFix {
	if t.own == nil || !t.reaches(pass, u) {
		return nil
	}
	parent, within := u.at.Parent().Node().(*ast.CallExpr)
	bounded := within && isFrom(pass.TypesInfo, parent, "context", "WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause")
	if !usesOwn && !bounded {
		return fix("Use the context "+t.own.Name()+" of the task", u.expr.Pos(), u.expr.End(), t.own.Name())
	}
	qualifier, ok := ast.Unparen(u.expr.(*ast.CallExpr).Fun).(*ast.SelectorExpr)
	if !ok { // a dot import
		return nil
	}
	text := types.ExprString(qualifier.X) + ".WithoutCancel(" + t.own.Name() + ")"
	return fix("Keep the values of the task's context, and leave out its end", u.expr.Pos(), u.expr.End(), text)
}

// reaches reports whether the name of the task's own context means that context at the place of the use.
func (t *task) reaches(pass *analysis.Pass, u contextUse) bool {
	scope := pass.Pkg.Scope().Innermost(u.expr.Pos())
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(t.own.Name(), u.expr.Pos())
	return obj == t.own
}

func fix(title string, pos, end token.Pos, text string) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{Message: title, TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(text)}}}}
}

// derivesFrom reports whether the task's own context can only have what v has, and more: v is a parameter of a function around the
// task, and so is what the scope was opened with, or a scope was opened with it.
func (t *task) derivesFrom(info *types.Info, v *types.Var) bool {
	for fn := range t.body.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if v.Kind() == types.ParamVar && within(v, fn.Node()) {
			return true
		}
		for call := range fn.Preorder((*ast.CallExpr)(nil)) {
			call := call.Node().(*ast.CallExpr)
			if callee(info, call) != "" && len(call.Args) > 0 && variable(info, call.Args[0]) == v {
				return true
			}
		}
	}
	return false
}
