package cmd_test

import (
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var lint, fix string // the commands

func TestMain(m *testing.M) {
	bin, err := os.MkdirTemp("", "commands")
	if err != nil {
		log.Fatal(err)
	}
	if out, err := command(".", "go", "build", "-o", bin+string(filepath.Separator), "./..."); err != nil {
		log.Fatalf("%v\n%s", err, out)
	}
	lint, fix = filepath.Join(bin, "crechelint"), filepath.Join(bin, "crechefix")
	code := m.Run()
	os.RemoveAll(bin)
	os.Exit(code)
}

// The go command runs the tools and understands what they say; so do people who run them by hand.
func TestCommands(t *testing.T) {
	for _, tt := range []struct {
		name, dir string
		args      []string
		want      string // of what it reports, and if nothing then it succeeds
	}{
		{"crechelint", "../testdata", []string{lint, "./unwaited"}, "g.Wait is not called: the scope stays open"},
		{"crechelint, vet", "../testdata", []string{"go", "vet", "-vettool=" + lint, "./unwaited"}, "g.Wait is not called: the scope stays open"},
		{"crechelint, vet, one analyzer", "../testdata", []string{"go", "vet", "-vettool=" + lint, "-taskctx", "./unwaited"}, ""},
		{"crechefix", "../migrate/testdata", []string{fix, "./concleft"}, "this pool of conc is left alone: its method MaxGoroutines is used"},
		{"crechefix, vet", "../migrate/testdata", []string{"go", "vet", "-vettool=" + fix, "./concleft"}, "this pool of conc is left alone: its method MaxGoroutines is used"},
		{"crechefix, vet, -all", "../migrate/testdata", []string{"go", "vet", "-vettool=" + fix, "-errgroup.all", "./errgroupall"}, "errgroup can be a group of Creche"},
		{"crechefix, fix", "../migrate/testdata", []string{"go", "fix", "-fixtool=" + fix, "-diff", "./errgroup"}, "+	g := group.New[struct{}]("},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.args[1] == "fix" {
				needFix(t)
			}
			out, err := command(tt.dir, tt.args...)
			if (err != nil) != (tt.want != "") || !strings.Contains(out, tt.want) {
				t.Errorf("%v, and\n%s\nwant %q", err, out, tt.want)
			}
		})
	}
}

// Both ways to run crechefix write the same files, which compile.
func TestCrechefixRewrites(t *testing.T) {
	for name, args := range map[string][]string{
		"by itself": {fix, "-fix", "./errgroup", "./conc", "./behaviour"},
		"go fix":    {"go", "fix", "-fixtool=" + fix, "./errgroup", "./conc", "./behaviour"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "go fix" {
				needFix(t)
			}
			dir := module(t)
			if out, err := command(dir, args...); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			goldens, err := filepath.Glob(filepath.Join(dir, "*", "*.golden"))
			if err != nil || len(goldens) == 0 {
				t.Fatal("no golden files", err)
			}
			for _, golden := range goldens {
				if filepath.Base(filepath.Dir(golden)) == "errgroupall" {
					continue // is written with -all
				}
				if read(t, strings.TrimSuffix(golden, ".golden")) != read(t, golden) {
					t.Errorf("not as in %s", filepath.Base(golden))
				}
			}
			if out, err := command(dir, "go", "vet", "./..."); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// module copies the module of the cases.
func module(t *testing.T) string {
	dir := t.TempDir()
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("../migrate/testdata")); err != nil {
		t.Fatal(err)
	}
	if out, err := command(dir, "go", "mod", "edit", "-replace=github.com/creche-go/creche="+repository); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// needFix skips the test under versions of Go whose go fix takes no tool.
func needFix(t *testing.T) {
	if help, _ := command(".", "go", "help", "fix"); !strings.Contains(help, "-fixtool") {
		t.Skip("go fix of this version of Go has no -fixtool")
	}
}

func command(dir string, args ...string) (string, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func read(t *testing.T, name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
