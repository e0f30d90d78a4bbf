// Measure rewrites large modules that use errgroup to Creche and looks at the result: how many of their groups crechefix rewrites, whether
// that compiles, what crechelint reports then, and which of that are false alarms. The last is what verdicts.txt says, in which somebody has
// to write it; a report that is not in there makes the program fail.
//
//	go run ./internal/measure -o MEASURED.md                            # in the directory of this module
//	go run ./internal/measure golang.org/x/tools@v0.52.0                # one module alone, to the standard output
//
// It fetches the modules and compiles what their users of errgroup need: some minutes, and gigabytes in the build cache.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

var modules = []string{
	"github.com/containerd/containerd/v2@v2.4.2",
	"github.com/moby/buildkit@v0.34.2",
	"golang.org/x/tools@v0.52.0",
}

func main() {
	log.SetFlags(0)
	out := flag.String("o", "", "write to this `file`")
	std := flag.Bool("std", false, "run crechelint over the packages of the Go distribution as well")
	flag.Parse()
	if flag.NArg() > 0 {
		modules = flag.Args()
	} else {
		*std = true
	}
	if err := run(*out, *std); err != nil {
		log.Fatal(err)
	}
}

// The tools that are measured.
type tools struct{ lint, fix string }

func run(out string, std bool) (err error) {
	scratch, err := os.MkdirTemp("", "measure")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if _, err := command(".", "go", "build", "-o", scratch+string(filepath.Separator), "./cmd/..."); err != nil {
		return err
	}
	run := tools{lint: filepath.Join(scratch, "crechelint"), fix: filepath.Join(scratch, "crechefix")}
	repository, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	var rows []row
	for _, m := range modules {
		log.Print(m)
		r, err := measure(m, repository, run)
		if err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
		rows = append(rows, r)
	}
	var page bytes.Buffer
	unseen := write(&page, rows)
	if std {
		log.Print("std and cmd")
		packages, groups, reports, err := run.distribution()
		if err != nil {
			return err
		}
		fmt.Fprintf(&page, "\nIn the %d packages of the Go distribution (std and cmd, with their tests) crechefix\nfinds %d groups, and crechelint reports %d things.\n", packages, groups, reports)
	}
	if out == "" {
		_, err = io.Copy(os.Stdout, &page)
	} else {
		err = os.WriteFile(out, page.Bytes(), 0o666)
	}
	if err == nil && unseen > 0 {
		err = fmt.Errorf("%d reports are not in verdicts.txt: look at them", unseen)
	}
	return err
}

// command runs a command and returns its standard output.
func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s %q: %w\n%s", name, args, err, tail(errs.String()))
	}
	return out.String(), err
}

func tail(s string) string {
	const n = 4000
	if len(s) > n {
		s = "…" + s[len(s)-n:]
	}
	return s
}
