package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// source is a file that mutants are made of.
type source struct {
	src   []byte
	fset  *token.FileSet
	stack []ast.Node // from the file to the node that is looked at
}

// generate makes mutants of the files of a package, line by line, in the order of the lines. Tests are left alone, and files that a
// normal build has no part of.
func generate(root, dir string) (ms []*mutant, err error) {
	folder := filepath.Join(root, filepath.FromSlash(dir))
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		if ok, err := build.Default.MatchFile(folder, e.Name()); err != nil || !ok || !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		of, err := mutantsOf(path.Join(dir, e.Name()), src)
		if err != nil {
			return nil, err
		}
		ms = append(ms, of...)
	}
	return ms, nil
}

// mutantsOf makes the mutants of one file.
func mutantsOf(name string, src []byte) (ms []*mutant, err error) {
	f := source{src: src, fset: token.NewFileSet()}
	tree, err := parser.ParseFile(f.fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	ast.Inspect(tree, func(n ast.Node) bool {
		if n == nil {
			f.stack = f.stack[:len(f.stack)-1]
			return true
		}
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		for _, e := range f.mistakes(n, f.enclosing()) {
			what := f.function() + ": " + e.what
			if times[what]++; times[what] > 1 {
				what = fmt.Sprintf("%s #%d", what, times[what])
			}
			from, to := f.span(e.node)
			ms = append(ms, &mutant{file: name, line: f.fset.Position(e.node.Pos()).Line, what: what, from: from, to: to, text: e.text,
				steps: noticing(path.Dir(name), f.isForRace(e.node))})
		}
		f.stack = append(f.stack, n)
		return true
	})
	return ms, nil
}

func (f *source) span(n ast.Node) (from, to int) {
	return f.fset.Position(n.Pos()).Offset, f.fset.Position(n.End()).Offset
}

// all returns the text of a node.
func (f *source) all(n ast.Node) string {
	from, to := f.span(n)
	return string(f.src[from:to])
}

// text returns the text of a node as far as a name has room for it.
func (f *source) text(n ast.Node) string {
	const most = 60
	line, _, cut := strings.Cut(f.all(n), "\n")
	if line, _, _ = strings.Cut(line, " //"); len(line) > most {
		line, cut = line[:most], true
	}
	if line = strings.TrimSpace(line); cut {
		line += " …"
	}
	return line
}

// enclosing returns the node around the one that is looked at.
func (f *source) enclosing() ast.Node {
	if len(f.stack) == 0 {
		return nil
	}
	n := f.stack[len(f.stack)-1]
	if _, ok := n.(*ast.BlockStmt); ok && len(f.stack) > 1 {
		return f.stack[len(f.stack)-2]
	}
	return n
}

// isForRace reports whether the node is there for the race detector.
func (f *source) isForRace(n ast.Node) bool {
	for _, around := range append(f.stack, n) {
		if i, ok := around.(*ast.IfStmt); ok && strings.Contains(f.all(i.Cond), "raceEnabled") {
			return true
		}
	}
	return strings.Contains(f.all(n), "race")
}

func (f *source) isStatement() bool {
	_, ok := f.enclosing().(*ast.ExprStmt)
	return ok
}

// function returns the name of the function around the node, or of what is declared there.
func (f *source) function() string {
	for i := len(f.stack) - 1; i >= 0; i-- {
		switch d := f.stack[i].(type) {
		case *ast.FuncDecl:
			return d.Name.Name
		case *ast.ValueSpec:
			if !f.isLocal() {
				return d.Names[0].Name
			}
		}
	}
	return "file"
}

func (f *source) isLocal() bool {
	for _, n := range f.stack {
		if _, ok := n.(*ast.FuncDecl); ok {
			return true
		}
	}
	return false
}

// returnsBool reports whether the function around the node has a boolean as its only result.
func (f *source) returnsBool() bool {
	for i := len(f.stack) - 1; i >= 0; i-- {
		var t *ast.FuncType
		switch d := f.stack[i].(type) {
		case *ast.FuncDecl:
			t = d.Type
		case *ast.FuncLit:
			t = d.Type
		default:
			continue
		}
		if t.Results == nil || len(t.Results.List) != 1 || len(t.Results.List[0].Names) > 1 {
			return false
		}
		id, ok := t.Results.List[0].Type.(*ast.Ident)
		return ok && id.Name == "bool"
	}
	return false
}
