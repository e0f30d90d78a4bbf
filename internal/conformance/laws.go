package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// law is a promise of Creche's. The names of the tests that guard it have its number.
type law struct{ number, text string }

var laws = []law{
	{"L1", "Run and Wait return when every task of the scope has ended, whatever happened: an error, a cancellation, a panic or a runtime.Goexit."},
	{"L2", "A running task may start others in its own scope. After the end, starting one panics, and says which scope it was."},
	{"L3", "A scope opened with a task's context lies within that task: if it is left open, it is cancelled, awaited and reported."},
	{"L4", "A task's context ends with the task, and what a task did happens before whatever tells of its end."},
	{"L5", "Cancelling a scope reaches what lies below it and nothing else; the cause names the task that failed."},
	{"L6", "Daemons are cancelled and awaited when all else has ended, and that is no failure."},
	{"S1", "Go does not block at a limit; with a bounded queue it waits for room, and gives up when the scope is cancelled."},
	{"S2", "A task that has not begun when its scope is cancelled never begins, and says so."},
	{"S3", "Never do more tasks run at once than a limit allows, and scopes nested under one limiter do not deadlock."},
	{"S4", "A task that blocks keeps no other from starting."},
	{"E1", "No failure is lost: it is in the error of Wait, or a loop has delivered it."},
	{"E2", "What only repeats the cancellation that the scope sent is no failure."},
	{"E3", "When the context above ended and somebody did not succeed because of it, that is told, once; otherwise it is not."},
	{"E4", "Filters come before rules, rules before the report, and an option holds no state: it may serve many scopes."},
	{"E5", "One task cancelled through its handle is no failure of the scope."},
	{"P1", "A task's panic cancels the scope, and goes on in the owner's goroutine when all have ended. A runtime.Goexit is a failure."},
	{"P2", "A panic of the body, a rule, a filter, an observer or a loop's body breaks none of this."},
	{"W1", "A completed task is delivered once, and what was delivered is not kept."},
	{"W2", "Leaving a loop over a group loses nothing; leaving a loop of package iter cancels and awaits its workers."},
	{"W3", "Tasks that a loop's body starts come in the same loop, which ends when nothing is left to wait for."},
	{"W4", "A wait that ends early loses no completion and cancels nothing."},
	{"W5", "Of several who take, each completion goes to one."},
	{"M1", "Nothing outlives its scope: no goroutine, no memory, no registration."},
	{"M2", "No lock is held while users' code runs."},
}

var numbers = regexp.MustCompile(`(?:Test|_)([LSEPWM][1-6])(?:_|$)`)

// guards returns, for each number of a law, the tests below root that have it in their names.
func guards(root string) (map[string][]string, error) {
	tests := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				for _, n := range numbersOf(fn.Name.Name) {
					tests[n] = append(tests[n], filepath.ToSlash(dir)+"."+fn.Name.Name)
				}
			}
		}
		return nil
	})
	for _, names := range tests {
		slices.Sort(names)
	}
	return tests, err
}

func numbersOf(name string) (list []string) {
	for {
		m := numbers.FindStringSubmatchIndex(name)
		if m == nil {
			return list
		}
		list = append(list, name[m[2]:m[3]])
		name = name[m[3]:]
	}
}

// lawsPage lists the laws, each with its tests.
func lawsPage(root string) (string, error) {
	tests, err := guards(root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# The laws, and the tests that guard them\n\nThe name of a test says which laws it is about. Beside these, a model of the " +
		"policies, random programs, and every\nschedule of small programs check all of them at once. " +
		"`go run -C internal/conformance . -laws -o ../../LAWS.md` writes this page anew; what\nother libraries do is in " +
		"[internal/conformance/RESULTS.md](internal/conformance/RESULTS.md).\n")
	for _, l := range laws {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", l.number, l.text)
		for _, t := range tests[l.number] {
			b.WriteString("- " + t + "\n")
		}
	}
	return b.String(), nil
}
