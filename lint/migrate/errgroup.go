package migrate

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Errgroup rewrites uses of golang.org/x/sync/errgroup.
var Errgroup = &analysis.Analyzer{
	Name: "errgroup",
	Doc: `rewrite errgroup to group.New

Each errgroup is reported where it is made, with a fix or with the reason why there is none. See the documentation of the
package for what is rewritten, what is not, and what differs all the same.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      errgroups,
}

const errgroupPath = "golang.org/x/sync/errgroup"

var allErrgroups bool

func init() { Errgroup.Flags.BoolVar(&allErrgroups, "all", false, allUsage) }

func errgroups(pass *analysis.Pass) (any, error) {
	names, crews := map[taken]bool{}, map[ast.Node]bool{}
	for stmt := range pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().Preorder((*ast.AssignStmt)(nil), (*ast.DeclStmt)(nil)) {
		c := &crew{pass: pass, at: stmt, all: allErrgroups, names: names, kind: kind{err: true, typ: "errgroup"}}
		if c.errgroup() {
			crews[stmt.Node()] = true
			c.collect()
			c.errgroupRule()
			c.report()
		}
	}
	elsewhere(pass, crews, maker{"errgroup", errgroupPath, "Group", []string{"WithContext"}})
	return nil, nil
}

// errgroup reports whether the statement declares an errgroup, and looks at how.
func (c *crew) errgroup() bool {
	info := c.pass.TypesInfo
	switch stmt := c.at.Node().(type) {
	case *ast.DeclStmt: // var g errgroup.Group
		decl := stmt.Decl.(*ast.GenDecl)
		if decl.Tok != token.VAR || len(decl.Specs) != 1 {
			return false
		}
		spec := decl.Specs[0].(*ast.ValueSpec)
		if len(spec.Names) != 1 || len(spec.Values) > 0 || !isValueType(info.TypeOf(spec.Type), errgroupPath, "Group") {
			return false
		}
		c.v, c.makes = local(info, c.at, spec.Names[0]), stmt
	case *ast.AssignStmt:
		id, ok := stmt.Lhs[0].(*ast.Ident)
		if !ok || stmt.Tok != token.DEFINE || len(stmt.Rhs) != 1 {
			return false
		}
		c.v, c.makes = local(info, c.at, id), stmt
		switch {
		case len(stmt.Lhs) == 1: // g := new(errgroup.Group), or a literal
			if !isZero(info, stmt.Rhs[0], errgroupPath, "Group") {
				return false
			}
		case isFunc(info, stmt.Rhs[0], errgroupPath, "WithContext"):
			c.parent = stmt.Rhs[0].(*ast.CallExpr).Args[0]
			if own := stmt.Lhs[1].(*ast.Ident); own.Name == "_" { // nobody hears of the cancellation
				c.dropParent()
			} else {
				c.own, _ = info.ObjectOf(own).(*types.Var)
			}
		default:
			return false
		}
	}
	return c.v != nil
}

// errgroupRule gives the group of Creche the same rule. Without a context an errgroup lets its tasks run on.
func (c *crew) errgroupRule() {
	if c.parent == nil {
		c.options = append(c.options, "KeepGoing()")
		c.adopt()
	}
	c.options = append(c.options, "FirstError()")
	if value, ok := c.constant(c.limit); ok && value < 0 { // none
		c.limit = nil
	}
	if c.limit != nil && !c.positive(c.limit) {
		c.risk("its limit may be zero or negative, which group.Limit does not take")
	}
}

// dropParent makes the group one without a context.
func (c *crew) dropParent() {
	info := c.pass.TypesInfo
	ast.Inspect(c.parent, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := info.Uses[id].(*types.Var); ok && v.Kind() == types.LocalVar && c.usedOnce(v) {
				c.leave("its context is not used, but made for it alone")
			}
		}
		return true
	})
	c.parent = nil
}

func (c *crew) usedOnce(v *types.Var) bool {
	uses := 0
	for _, obj := range c.pass.TypesInfo.Uses {
		if obj == v {
			uses++
		}
	}
	return uses == 1
}
