package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A row is what was found in one module.
type row struct {
	module   string
	packages int
	groups   int
	safe     outcome
	all      outcome // with -all
}

// An outcome is what became of the module.
type outcome struct {
	rewritten int
	left      map[string]int // groups that are left alone, by the reason
	reports   []string       // what crechelint reports afterwards
}

// measure rewrites a copy of a module, first without -all and then with it.
func measure(module, repository string, run tools) (r row, err error) {
	r.module = module
	dir, err := copied(module)
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	if _, err := command(dir, "go", "mod", "edit", "-replace=github.com/creche-go/creche="+repository); err != nil {
		return r, err
	}
	if _, err := command(dir, "go", "get", "github.com/creche-go/creche@v0.0.0-00010101000000-000000000000"); err != nil {
		return r, err
	}
	users, err := users(dir)
	if err != nil {
		return r, err
	}
	r.packages = len(users)
	found, err := run.vet(dir, run.fix, nil, users)
	if err != nil {
		return r, err
	}
	r.groups = len(found)
	if r.safe, err = run.rewrite(dir, nil, users, r.groups); err != nil {
		return r, err
	}
	r.all, err = run.rewrite(dir, []string{"-errgroup.all", "-conc.all"}, users, r.groups)
	name, _, _ := strings.Cut(module, "@")
	for _, reports := range [][]string{r.safe.reports, r.all.reports} {
		for i := range reports {
			reports[i] = name + "/" + reports[i]
		}
	}
	return r, err
}

// rewrite applies the fixer, and tells how many of the groups are gone then, and what the analyzers say. What does not compile is an
// error: they need the types.
func (run tools) rewrite(dir string, flags, users []string, groups int) (o outcome, err error) {
	if _, err := command(dir, "go", slices.Concat([]string{"fix", "-fixtool=" + run.fix}, flags, users)...); err != nil {
		return o, err
	}
	left, err := run.vet(dir, run.fix, flags, users)
	if err != nil {
		return o, err
	}
	o.rewritten, o.left = groups-len(left), map[string]int{}
	for _, report := range left {
		_, reason, ok := strings.Cut(report, "is left alone: ")
		if !ok {
			return o, fmt.Errorf("not rewritten: %s", report)
		}
		reason, _, _ = strings.Cut(reason, ", so somebody")
		o.left[reason]++
	}
	o.reports, err = run.vet(dir, run.lint, nil, users)
	return o, err
}

// copied fetches a module and copies its files.
func copied(module string) (string, error) {
	out, err := command(".", "go", "mod", "download", "-json", module)
	if err != nil {
		return "", err
	}
	var info struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &info); err != nil {
		return "", err
	}
	// The same directory each time: what has been compiled in it is found again in the build cache.
	dir := filepath.Join(os.TempDir(), "creche-measure", module)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(info.Dir)); err != nil {
		return "", err
	}
	return dir, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.Chmod(path, info.Mode()|0o200) // those of the module cache cannot be written
	})
}

var imports = regexp.MustCompile(`"(golang\.org/x/sync/errgroup|github\.com/sourcegraph/conc(/pool)?)"`)

// users returns the packages of a module that import errgroup or conc.
func users(dir string) ([]string, error) {
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != dir {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil || d.Name() == "testdata" || d.Name() == "vendor" {
				return fs.SkipDir
			}
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && imports.Match(text) {
			rel, _ := filepath.Rel(dir, filepath.Dir(path))
			found["./"+filepath.ToSlash(rel)] = true
		}
		return err
	})
	return slices.Sorted(maps.Keys(found)), err
}

// vet runs a tool under go vet and returns what it reports, by file and line. What does not compile is an error.
func (run tools) vet(dir, tool string, flags, packages []string) (found []string, err error) {
	out, err := command(dir, "go", slices.Concat([]string{"vet", "-json", "-vettool=" + tool}, flags, packages)...)
	if err != nil {
		return nil, err
	}
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var packages map[string]map[string][]struct{ Posn, Message string }
		if err := d.Decode(&packages); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		for _, analyzers := range packages {
			for _, diagnostics := range analyzers {
				for _, d := range diagnostics {
					line := d.Posn[:strings.LastIndexByte(d.Posn, ':')]
					found = append(found, strings.TrimPrefix(line, dir+"/")+": "+d.Message)
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil // a package and its tests have files in common
}

// distribution runs both tools over the packages of the Go distribution, in which there is nothing for either.
func (run tools) distribution() (packages, groups, reports int, err error) {
	root, err := command(".", "go", "env", "GOROOT")
	if err != nil {
		return 0, 0, 0, err
	}
	src := filepath.Join(strings.TrimSpace(root), "src")
	list, err := command(src, "go", "list", "std", "cmd")
	if err != nil {
		return 0, 0, 0, err
	}
	made, err := run.vet(src, run.fix, nil, []string{"std", "cmd"})
	if err != nil {
		return 0, 0, 0, err
	}
	found, err := run.vet(src, run.lint, nil, []string{"std", "cmd"})
	return strings.Count(list, "\n"), len(made), len(found), err
}
