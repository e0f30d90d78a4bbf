package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// TaskContext reports tasks that use another context than their own.
var TaskContext = &analysis.Analyzer{
	Name: "taskctx",
	Doc: `report contexts from outside in a task

A task receives a context of its own. With another one, that of its scope or one from around that, it does not hear when it is
cancelled alone or its time is over, and what it opens does not lie within it:

	g.Go(func(context.Context) (Page, error) { return fetch(ctx, url) })

Reported are, in functions written out for Go, Do, TryGo, Start, Shield, the combinators and the loops of package iter:
local variables of type context.Context that are declared outside of the function, g.Context(), the context of an *http.Request
from outside, context.Background() and context.TODO().

Not reported are
  - context.WithoutCancel(ctx), whose point it is not to hear;
  - a variable that the task itself gives a value;
  - a comparison, and a call that receives the task's own context as well;
  - a context that was made of that of the scope outside of the task, with a span, say, that is to begin before the task;
  - in a function that uses its own context too: another one that is only asked whether it has ended (Done, Err, Deadline,
    context.Cause, context.AfterFunc), one that was made of context.Background() or context.WithoutCancel on purpose, and
    context.WithCancel(context.Background());
  - a variable that such a context was given with an end or values of its own, if no scope was opened with it;
  - contexts in fields and in variables of the package.

The fix takes the task's own context. Where the task has it in use, that for context.Background() is context.WithoutCancel
of it, which ends no earlier and has the values.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      taskContext,
}

func taskContext(pass *analysis.Pass) (any, error) {
	all := tasks(pass)
	inner := map[ast.Node]bool{}
	for _, t := range all {
		inner[t.fn.Body] = true
	}
	detached, extended := detached(pass), extended(pass)
	for _, t := range all {
		uses := t.contexts(pass.TypesInfo, inner)
		usesOwn := false
		for _, u := range uses {
			usesOwn = usesOwn || u.v != nil && u.v == t.own
		}
		for _, u := range uses {
			switch {
			case u.v != nil && (within(u.v, t.fn) || t.sets(pass.TypesInfo, u.v)),
				u.purpose == deliberate,
				u.v != nil && t.group != nil && extended[u.v] == t.group,
				usesOwn && u.purpose == asking,
				usesOwn && (u.ownEnd || u.v != nil && detached[u.v] != attached),
				u.v != nil && detached[u.v] == apart && !t.derivesFrom(pass.TypesInfo, u.v):
			case u.background:
				pass.Report(analysis.Diagnostic{
					Pos: u.expr.Pos(), End: u.expr.End(),
					Message: types.ExprString(u.expr) + " does not hear of a cancellation: use the context that " + t.starter +
						" passes, or context.WithoutCancel or group.Shield for what must be finished",
					SuggestedFixes: t.fixBackground(pass, u, usesOwn),
				})
			default:
				pass.Report(analysis.Diagnostic{
					Pos: u.expr.Pos(), End: u.expr.End(),
					Message:        types.ExprString(u.expr) + " is from outside this function: use the context that " + t.starter + " passes",
					SuggestedFixes: t.fixOuter(pass, u, uses),
				})
			}
		}
	}
	return nil, nil
}

// A contextUse is a place where a task has a context.
type contextUse struct {
	expr       ast.Expr
	at         inspector.Cursor
	v          *types.Var // nil for what is no variable
	background bool
	ownEnd     bool // a background in context.WithCancel
	purpose    purpose
}

type purpose int

const (
	working    purpose = iota
	asking             // only whether it has ended
	deliberate         // to be detached from, compared with, or passed on beside the task's own
)

// contexts finds the contexts that the task uses, but for those that tasks within it use.
func (t *task) contexts(info *types.Info, inner map[ast.Node]bool) (uses []contextUse) {
	t.body.Inspect([]ast.Node{(*ast.BlockStmt)(nil), (*ast.Ident)(nil), (*ast.CallExpr)(nil)}, func(c inspector.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.BlockStmt:
			return n == t.fn.Body || !inner[n]
		case *ast.Ident:
			v, ok := info.Uses[n].(*types.Var)
			if ok && !v.IsField() && !isGlobal(v) && isContext(v.Type()) {
				uses = append(uses, contextUse{expr: n, at: c, v: v, purpose: t.purposeOf(info, c)})
			}
		case *ast.CallExpr:
			background := isFrom(info, n, "context", "Background", "TODO")
			if background || t.asksForOuter(info, n) {
				parent, ok := c.Parent().Node().(*ast.CallExpr)
				ownEnd := ok && background && isFrom(info, parent, "context", "WithCancel", "WithCancelCause")
				uses = append(uses, contextUse{expr: n, at: c, background: background, ownEnd: ownEnd, purpose: t.purposeOf(info, c)})
			}
		}
		return true
	})
	return uses
}

// sets reports whether the task assigns to v.
func (t *task) sets(info *types.Info, v *types.Var) bool {
	for c := range t.body.Preorder((*ast.AssignStmt)(nil)) {
		for _, to := range c.Node().(*ast.AssignStmt).Lhs {
			if variable(info, to) == v {
				return true
			}
		}
	}
	return false
}

// asksForOuter reports whether the call is x.Context() for a scope or a request from outside of the task.
func (t *task) asksForOuter(info *types.Info, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Context" || len(call.Args) > 0 {
		return false
	}
	typ := info.TypeOf(sel.X)
	if !isGroup(typ) && !is(typ, creche+"group", "Scope") && !is(typ, "net/http", "Request") {
		return false
	}
	v := variable(info, sel.X)
	return v != nil && !within(v, t.fn)
}

func (t *task) purposeOf(info *types.Info, c inspector.Cursor) purpose {
	switch parent := c.Parent().Node().(type) {
	case *ast.SelectorExpr:
		switch parent.Sel.Name {
		case "Done", "Err", "Deadline":
			return asking
		}
	case *ast.CallExpr:
		switch kind, i := c.ParentEdge(); {
		case kind != edge.CallExpr_Args:
		case i == 0 && isFrom(info, parent, "context", "Cause", "AfterFunc"):
			return asking
		case i == 0 && isFrom(info, parent, "context", "WithoutCancel"),
			t.own != nil && slices.ContainsFunc(parent.Args, func(arg ast.Expr) bool { return variable(info, arg) == t.own }):
			return deliberate
		}
	case *ast.BinaryExpr:
		return deliberate
	}
	return working
}
