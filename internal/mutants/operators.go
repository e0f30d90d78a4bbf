package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// edit is a mistake: the node is replaced by the text.
type edit struct {
	node ast.Node
	text string
	what string
}

// swapped has the operators that are taken for each other.
var swapped = map[token.Token]token.Token{
	token.LAND: token.LOR, token.LOR: token.LAND,
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.LEQ, token.LEQ: token.LSS,
	token.GTR: token.GEQ, token.GEQ: token.GTR,
}

// mistakes returns those that can be made at a node itself, its children apart.
func (f *source) mistakes(n, parent ast.Node) []edit {
	switch n := n.(type) {
	case *ast.IfStmt:
		return f.negated(n.Cond, "")
	case *ast.ForStmt:
		return f.negated(n.Cond, "")
	case *ast.CaseClause:
		if s, ok := f.enclosing().(*ast.SwitchStmt); ok && s.Tag == nil {
			return f.negatedAll(n.List, "")
		}
	case *ast.ReturnStmt:
		if f.returnsBool() {
			return f.negated(n.Results[0], " as result")
		}
	case *ast.BinaryExpr:
		return f.swapped(n)
	case *ast.Ident:
		return f.flipped(n, parent)
	case *ast.BasicLit:
		return f.shifted(n, parent)
	case *ast.ExprStmt:
		return []edit{{n, "", "delete " + f.text(n)}}
	case *ast.DeferStmt:
		return []edit{
			{n, "", "delete " + f.text(n)},
			{n, f.all(n.Call), "at once: " + f.text(n)},
		}
	case *ast.CallExpr:
		return f.uncompared(n)
	}
	return nil
}

// negated turns a condition round, unless to exchange == and != does just that.
func (f *source) negated(cond ast.Expr, where string) []edit {
	switch c := cond.(type) {
	case nil:
		return nil
	case *ast.BinaryExpr:
		if c.Op == token.EQL || c.Op == token.NEQ {
			return nil
		}
	case *ast.Ident:
		if c.Name == "true" || c.Name == "false" {
			return nil
		}
	}
	return []edit{{cond, "!(" + f.all(cond) + ")", "negate " + f.text(cond) + where}}
}

func (f *source) negatedAll(conds []ast.Expr, where string) (es []edit) {
	for _, c := range conds {
		es = append(es, f.negated(c, where)...)
	}
	return es
}

func (f *source) swapped(n *ast.BinaryExpr) []edit {
	op, ok := swapped[n.Op]
	if !ok {
		return nil
	}
	return []edit{{n, fmt.Sprintf("(%s %v %s)", f.all(n.X), op, f.all(n.Y)), fmt.Sprintf("%v for %v in %s", op, n.Op, f.text(n))}}
}

func (f *source) flipped(n *ast.Ident, parent ast.Node) []edit {
	other := map[string]string{"true": "false", "false": "true"}[n.Name]
	if other == "" {
		return nil
	}
	return []edit{{n, other, other + " in " + f.text(parent)}}
}

func (f *source) shifted(n *ast.BasicLit, parent ast.Node) []edit {
	v, err := strconv.ParseInt(n.Value, 0, 64)
	if _, isLength := parent.(*ast.ArrayType); n.Kind != token.INT || err != nil || isLength {
		return nil
	}
	var es []edit
	for _, other := range []int64{v + 1, v - 1} {
		es = append(es, edit{n, fmt.Sprintf("(%d)", other), fmt.Sprintf("%d for %s in %s", other, n.Value, f.text(parent))})
	}
	return es
}

// uncompared has atomic operations that look at the word do it no more, or change it no more.
func (f *source) uncompared(n *ast.CallExpr) []edit {
	x, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	word := f.all(x.X)
	switch {
	case x.Sel.Name == "CompareAndSwap" && len(n.Args) == 2:
		return []edit{{n, fmt.Sprintf("func() bool { %s.Store(%s); return true }()", word, f.all(n.Args[1])), "store whatever is there: " + f.text(n)}}
	case x.Sel.Name == "Swap" && len(n.Args) == 1:
		return []edit{{n, word + ".Load()", "only load: " + f.text(n)}}
	case x.Sel.Name == "Add" && len(n.Args) == 1 && !f.isStatement():
		return []edit{{n, word + ".Load()", "only load: " + f.text(n)}}
	}
	return nil
}
