package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// report tells of the crew, with the fix or with the reason why there is none.
func (c *crew) report() {
	file := c.file()
	if ast.IsGenerated(file) {
		return
	}
	edits := c.edits(file)
	d := analysis.Diagnostic{Pos: c.at.Node().Pos(), End: c.at.Node().End()}
	if c.why != "" {
		d.Message = "this " + c.kind.typ + " is left alone: " + c.why
	} else {
		d.Message = "this " + c.kind.typ + " can be a group of Creche"
		d.SuggestedFixes = []analysis.SuggestedFix{{Message: "Rewrite to group.New", TextEdits: edits}}
	}
	c.pass.Report(d)
}

func (c *crew) file() *ast.File {
	for f := range c.at.Enclosing((*ast.File)(nil)) {
		return f.Node().(*ast.File)
	}
	panic("a statement outside of a file")
}

// edits returns all edits. They are worth nothing if c.why is set afterwards.
func (c *crew) edits(file *ast.File) (edits []analysis.TextEdit) {
	c.check()
	if c.why != "" {
		return nil
	}
	at := c.at.Node().Pos()
	group, more := imported(c.pass, file, groupPath, []string{"creche"}, at)
	edits = append(edits, more...)
	context := "unused"
	if !c.kind.context {
		places := []token.Pos{at}
		for _, call := range c.gos {
			places = append(places, call.Node().Pos())
		}
		context, more = imported(c.pass, file, "context", nil, places...)
		edits = append(edits, more...)
	}
	if group == "" || context == "" {
		c.leave("the name of a package is taken")
		return nil
	}
	edits = append(edits, replace(c.makes, c.open(group, context)))
	for _, n := range c.drop {
		edits = append(edits, c.remove(n))
	}
	for _, call := range c.gos {
		edits = append(edits, c.start(call, context)...)
	}
	for _, call := range c.waits {
		edits = append(edits, c.wait(call)...)
	}
	return edits
}

// open returns the statement that opens the group.
func (c *crew) open(group, context string) string {
	typ := c.kind.value
	if typ == "" {
		typ = "struct{}"
	}
	parent := context + ".Background()"
	switch {
	case c.adopted:
		parent = c.own.Name()
	case c.parent != nil:
		parent = c.text(c.parent)
	}
	args := []string{parent}
	for _, o := range c.options {
		args = append(args, group+"."+o)
	}
	if c.limit != nil {
		args = slices.Insert(args, len(args)-c.queued(), group+".Limit("+c.text(c.limit)+")")
	}
	text := c.v.Name() + " := " + group + ".New[" + typ + "](" + strings.Join(args, ", ") + ")"
	if op := c.keepsContext(); op != "" {
		text += "\n" + c.own.Name() + " " + op + " " + c.v.Name() + ".Context()"
	}
	return text
}

// queued returns 1 if the last option is the bound of the queue, before which the limit belongs.
func (c *crew) queued() int {
	if n := len(c.options); n > 0 && c.options[n-1] == "Queue(1)" {
		return 1
	}
	return 0
}

// keepsContext tells how the context of the group gets its variable: by := or =, or not at all if only tasks use it.
func (c *crew) keepsContext() string {
	if c.own == nil || c.adopted {
		return ""
	}
	for use := range c.at.Parent().Preorder((*ast.Ident)(nil)) {
		id := use.Node().(*ast.Ident)
		if c.pass.TypesInfo.Uses[id] != c.own || id.Pos() < c.at.Node().End() {
			continue
		}
		if fns := c.functions(use); slices.ContainsFunc(fns, c.isTask) {
			continue
		}
		if assign, ok := c.at.Node().(*ast.AssignStmt); ok && c.defines(assign) {
			return ":="
		}
		return "="
	}
	return ""
}

func (c *crew) defines(assign *ast.AssignStmt) bool {
	id, ok := assign.Lhs[1].(*ast.Ident)
	return ok && c.pass.TypesInfo.Defs[id] == types.Object(c.own)
}

// remove removes a statement with the line that it stands on.
func (c *crew) remove(n ast.Node) analysis.TextEdit {
	file := c.pass.Fset.File(n.Pos())
	line := file.Line(n.Pos())
	if line >= file.LineCount() || file.Line(n.End()) != line {
		return replace(n, "")
	}
	start, end := file.LineStart(line), file.LineStart(line+1)
	if rest := strings.TrimSpace(c.text(span{start, end})); rest != c.text(n) { // a comment, or another statement
		return replace(n, "")
	}
	return replace(span{start, end}, "")
}

// A span is a part of a file.
type span struct{ pos, end token.Pos }

func (s span) Pos() token.Pos { return s.pos }
func (s span) End() token.Pos { return s.end }
