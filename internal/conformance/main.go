// Command conformance shows what Creche and other libraries do in awkward cases: it tries each case with each library, in a process of its
// own, and prints what was observed as a Markdown table.
//
//	go run -C internal/conformance . [-o RESULTS.md]
//	go run -C internal/conformance . -laws [-o ../../LAWS.md]
//
// With -laws it lists Creche's laws instead, each with the tests that have its number in their names.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// patience is how long a case may take before it hangs.
const patience = 3 * time.Second

func main() {
	out := flag.String("o", "", "write the page to this `file`, instead of printing it")
	one := flag.String("try", "", "try one `case/library`, in this process")
	ofLaws := flag.Bool("laws", false, "the page of the laws")
	flag.Parse()
	if *one != "" {
		os.Exit(try(*one))
	}
	if err := write(*out, *ofLaws); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func write(file string, ofLaws bool) (err error) {
	var text string
	if ofLaws {
		text, err = lawsPage("../..")
	} else {
		text = page(observeAll(libraries), time.Now())
	}
	if err != nil {
		return err
	}
	if file == "" {
		_, err = fmt.Print(text)
		return err
	}
	return os.WriteFile(file, []byte(text), 0o666)
}

// try prints what was observed.
func try(name string) (status int) {
	c, lib, _ := strings.Cut(name, "/")
	i := slices.IndexFunc(trials, func(t trial) bool { return t.name == c })
	j := slices.IndexFunc(libraries, func(l library) bool { return l.name == lib })
	if i < 0 || j < 0 {
		fmt.Fprintf(os.Stderr, "conformance: there is no case %q\n", name)
		return 2
	}
	fmt.Println(trials[i].try(libraries[j]))
	return 0
}

// observe tries a case in a process of its own, so that its crash and its hanging are observations like others.
func observe(t trial, l library) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		return err.Error()
	}
	cmd := exec.CommandContext(ctx, self, "-try", t.name+"/"+l.name)
	cmd.Env = append(os.Environ(), "CONFORMANCE_TRY="+t.name+"/"+l.name)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil, bytes.Contains(stderr.Bytes(), []byte("all goroutines are asleep - deadlock!")):
		return "hangs"
	case errors.As(err, &exit):
		return "the program crashes"
	case err != nil:
		return err.Error()
	}
	return strings.TrimSpace(stdout.String())
}

// observeAll returns a row for each case, with a column for each library.
func observeAll(libs []library) [][]string {
	var rows [][]string
	for _, t := range trials {
		row := make([]string, len(libs))
		for i, l := range libs {
			row[i] = observe(t, l)
		}
		rows = append(rows, row)
	}
	return rows
}

func page(rows [][]string, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# What happens if…\n\nObserved on %s with %s on %s/%s", now.Format("2 January 2006"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, l := range libraries {
		if v := version(l.module); v != "" {
			fmt.Fprintf(&b, ", %s %s", l.name, v)
		}
	}
	b.WriteString(". Each case ran in a process of its own; [cases.go](cases.go) has them, and `go run -C internal/conformance . -o RESULTS.md` " +
		"writes this page anew.\nThe limit of the WaitGroup is a semaphore; it and ants know neither errors nor contexts.\n\n| |")
	for _, l := range libraries {
		b.WriteString(" " + l.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(libraries)) + "\n")
	for i, t := range trials {
		b.WriteString("| " + t.what + " | " + strings.Join(rows[i], " | ") + " |\n")
	}
	return b.String()
}

// version returns that of a module which this program was built with.
func version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == module && d.Replace == nil {
			return d.Version
		}
	}
	return ""
}
