// Package lint finds mistakes in the use of Creche that compile and are not seen at run time, or are seen late. Each analyzer
// looks for one:
//
//   - taskctx: a task that uses a context from outside, or context.Background, instead of the one that it receives;
//   - escape: a group that is kept beyond its scope, or that a goroutine outside of the scope starts tasks in;
//   - unwaited: a scope of group.New that nobody waits for;
//   - lostfailure: a scope, combinator or loop whose error nobody looks at;
//   - kepthandle: a handle that a loop yields and that a longer-lived variable keeps, with its scope;
//   - unchecked: values that are indexed although the error that says whether there are any was not looked at.
//
// The doc of each says what it reports and, as important, what not: code that may be meant as it is stays without a report. The
// command crechelint runs them all, by itself or under go vet:
//
//	go install github.com/creche-go/creche/lint/cmd/crechelint@latest
//	crechelint ./...
//	go vet -vettool=$(which crechelint) ./...
//
// Package migrate, and the command crechefix, turn code that uses errgroup or conc into code that uses Creche.
package lint

import "golang.org/x/tools/go/analysis"

// Analyzers are all analyzers of this package.
var Analyzers = []*analysis.Analyzer{TaskContext, Escape, Unwaited, LostFailure, KeptHandle, Unchecked}

const url = "https://pkg.go.dev/github.com/creche-go/creche/lint"
