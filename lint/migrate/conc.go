package migrate

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// Conc rewrites uses of github.com/sourcegraph/conc.
var Conc = &analysis.Analyzer{
	Name: "conc",
	Doc: `rewrite the WaitGroup and the pools of conc to group.New

Each conc.WaitGroup and each pool is reported where it is made, with a fix or with the reason why there is none. See the
documentation of the package for what is rewritten, what is not, and what differs all the same.`,
	URL:      url,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      concs,
}

const (
	concPath = "github.com/sourcegraph/conc"
	poolPath = "github.com/sourcegraph/conc/pool"
)

var allConcs bool

func init() { Conc.Flags.BoolVar(&allConcs, "all", false, allUsage) }

func concs(pass *analysis.Pass) (any, error) {
	names, crews := map[taken]bool{}, map[ast.Node]bool{}
	for stmt := range pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().Preorder((*ast.AssignStmt)(nil), (*ast.DeclStmt)(nil)) {
		c := &crew{pass: pass, at: stmt, all: allConcs, names: names}
		if c.conc() {
			crews[stmt.Node()] = true
			c.collect()
			if c.parent == nil {
				c.adopt()
			}
			c.report()
		}
	}
	elsewhere(pass, crews,
		maker{"conc.WaitGroup", concPath, "WaitGroup", []string{"NewWaitGroup"}},
		maker{"pool of conc", poolPath, "", []string{"New", "NewWithResults"}})
	return nil, nil
}

// conc reports whether the statement declares a conc.WaitGroup or a pool, and looks at how.
func (c *crew) conc() bool {
	info := c.pass.TypesInfo
	switch stmt := c.at.Node().(type) {
	case *ast.DeclStmt: // var wg conc.WaitGroup
		decl := stmt.Decl.(*ast.GenDecl)
		if decl.Tok != token.VAR || len(decl.Specs) != 1 {
			return false
		}
		spec := decl.Specs[0].(*ast.ValueSpec)
		if len(spec.Names) != 1 || len(spec.Values) > 0 || !isValueType(info.TypeOf(spec.Type), concPath, "WaitGroup") {
			return false
		}
		c.v, c.makes, c.kind.typ = local(info, c.at, spec.Names[0]), stmt, "conc.WaitGroup"
	case *ast.AssignStmt:
		id, ok := stmt.Lhs[0].(*ast.Ident)
		if !ok || stmt.Tok != token.DEFINE || len(stmt.Rhs) != 1 || len(stmt.Lhs) != 1 {
			return false
		}
		c.v, c.makes, c.kind.typ = local(info, c.at, id), stmt, "conc.WaitGroup"
		if !isZero(info, stmt.Rhs[0], concPath, "WaitGroup") && !isFunc(info, stmt.Rhs[0], concPath, "NewWaitGroup") && !c.pool(stmt.Rhs[0]) {
			return false
		}
	}
	return c.v != nil
}

// pool reports whether the expression makes a pool: pool.New().WithMaxGoroutines(n).WithContext(ctx), say. It reads such a chain from
// its end.
func (c *crew) pool(e ast.Expr) bool {
	info := c.pass.TypesInfo
	c.kind.typ = "pool of conc"
	cancels, first := false, false
	for {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return false
		}
		fn := typeutil.StaticCallee(info, call)
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != poolPath {
			return false
		}
		switch fn.Name() {
		case "New":
		case "NewWithResults":
			index, ok := ast.Unparen(call.Fun).(*ast.IndexExpr)
			if !ok {
				return false
			}
			c.kind.value = c.text(index.Index)
		case "WithErrors":
			c.kind.err = true
		case "WithContext":
			c.kind.err, c.kind.context, c.parent = true, true, call.Args[0]
		case "WithCancelOnError":
			cancels = true
		case "WithFirstError":
			first = true
		case "WithMaxGoroutines":
			c.limit = call.Args[0]
		default:
			c.leave("its method " + fn.Name() + " is used")
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || info.Selections[sel] == nil {
			break
		}
		e = sel.X
	}
	if c.kind.err && !cancels {
		c.options = append(c.options, "KeepGoing()")
	}
	if first {
		c.options = append(c.options, "FirstError()")
	}
	return true
}
