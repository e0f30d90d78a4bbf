package creche_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages returns the Markdown files for users, by their paths.
func pages(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{"README.md": read(t, "README.md")}
	err := filepath.WalkDir("docs", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			list[filepath.ToSlash(path)] = read(t, path)
		}
		return err
	})
	if err != nil || len(list) < 10 {
		t.Fatalf("%d pages, %v", len(list), err)
	}
	return list
}

var (
	first   = regexp.MustCompile(`(?m)^\|[^|]*\|`) // column of a table: what others call it
	quoted  = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	mention = regexp.MustCompile(`\b(group|waitset|iter|debug|observe|timeline)\.([A-Z]\w*)`)
	link    = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	block   = regexp.MustCompile("(?s)```go\n(.*?)```")
)

// What the pages name is exported, and the files they point to are there.
func TestDocs_NamesAndLinks(t *testing.T) {
	api := map[string]string{}
	for _, name := range []string{"group", "waitset", "iter", "debug", "observe", "timeline"} {
		file := name
		if name == "debug" || name == "observe" || name == "timeline" {
			file = "group_" + name
		}
		api[name] = read(t, filepath.Join("testdata", "api", file+".txt"))
	}
	for path, text := range pages(t) {
		for _, m := range mention.FindAllStringSubmatch(first.ReplaceAllString(text, ""), -1) {
			if m[1] == "iter" && strings.HasPrefix(m[2], "Seq") { // of the standard library
				continue
			}
			if !regexp.MustCompile(`(?m)^(func|type|const|var) ` + m[2] + `\b`).MatchString(api[m[1]]) {
				t.Errorf("%s names %s, which is not exported", path, m[0])
			}
		}
		for _, m := range link.FindAllStringSubmatch(quoted.ReplaceAllString(text, ""), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s points to %s: %v", path, m[1], err)
			}
		}
	}
}

// Every exported name, field and constant of the packages for users is documented, alone or with its neighbours.
func TestDocs_EveryNameIsDocumented(t *testing.T) {
	names := 0
	for _, dir := range []string{".", "group", "waitset", "iter", "group/observe", "group/debug", "group/timeline", "group/temporal", "group/groupotel"} {
		files := token.NewFileSet()
		var list []*ast.File
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range sources {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(files, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f)
		}
		p, err := doc.NewFromFiles(files, list, dir)
		if err != nil {
			t.Fatal(err)
		}
		check := func(name, text string) {
			if names++; ast.IsExported(name) && strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s has no documentation", dir, name)
			}
		}
		check("A", p.Doc)
		values := func(list []*doc.Value) {
			for _, v := range list {
				for _, spec := range v.Decl.Specs {
					x := spec.(*ast.ValueSpec)
					check(x.Names[0].Name, v.Doc+x.Doc.Text())
				}
			}
		}
		values(append(p.Consts, p.Vars...))
		for _, f := range p.Funcs {
			check(f.Name, f.Doc)
		}
		for _, x := range p.Types {
			check(x.Name, x.Doc)
			values(append(x.Consts, x.Vars...))
			for _, f := range append(x.Funcs, x.Methods...) {
				check(f.Name, f.Doc)
			}
		}
	}
	if names < 120 {
		t.Errorf("only %d names", names)
	}
}

// The Go code in the pages for people who come from elsewhere compiles, in a function that has what the code speaks of.
func TestDocs_CodeCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	var code strings.Builder
	code.WriteString(`package main

import (
	"context"
	"net"
	"slices"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
	"github.com/creche-go/creche/waitset"
)

type page struct{}

var (
	ctx  = context.Background()
	urls []string

	_ net.Listener
	_ = slices.Values[[]string]
	_ = waitset.Completed[int]
	_ = iter.Map[int, int]
)

func fetch(context.Context, string) (page, error) { panic("not called") }
func store(context.Context, page) error           { panic("not called") }
func name(context.Context) (string, error)        { panic("not called") }
func count(context.Context) (int, error)          { panic("not called") }
func use(...any)                                  {}
func main()                                       {}
`)
	blocks := 0
	for path, text := range pages(t) {
		if !strings.HasPrefix(path, "docs/migrate/") {
			continue
		}
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			blocks++
			fmt.Fprintf(&code, "\nfunc _() error {\n//line %s:%d\n%s", path, 1+strings.Count(text[:strings.Index(text, m[1])], "\n"), m[1])
			for _, v := range regexp.MustCompile(`(?m)^(\w+(?:, \w+)*) :?= `).FindAllStringSubmatch(m[1], -1) {
				fmt.Fprintf(&code, "use(%s)\n", strings.ReplaceAll(strings.ReplaceAll(v[1], "_, ", ""), ", _", "")) // the reader would
			}
			code.WriteString("return nil\n}\n")
		}
	}
	if blocks < 8 {
		t.Errorf("only %d pieces of code", blocks)
	}
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(code.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", os.DevNull, file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
