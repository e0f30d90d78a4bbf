// Package migrate rewrites code that uses errgroup or conc into code that uses Creche. Each analyzer is for one library:
//
//   - errgroup: golang.org/x/sync/errgroup;
//   - conc: the WaitGroup and the pools of github.com/sourcegraph/conc.
//
// The command crechefix runs them, by itself or under go fix (Go 1.26 or later); go mod tidy then fetches what is imported:
//
//	go install github.com/creche-go/creche/lint/cmd/crechefix@latest
//	crechefix ./...                                 # tell of each group: whether it can be rewritten, or why it is left
//	crechefix -fix -diff ./...                      # show what would change
//	crechefix -fix ./...                            # or: go fix -fixtool=$(which crechefix) ./...
//	go get github.com/creche-go/creche && go mod tidy
//
// # What is rewritten
//
// A group in a local variable, of which one function sees every use. So
//
//	g, ctx := errgroup.WithContext(ctx)
//	g.SetLimit(8)
//	for _, url := range urls {
//		g.Go(func() error { return fetch(ctx, url) })
//	}
//	return g.Wait()
//
// becomes
//
//	g := group.New[struct{}](ctx, group.FirstError(), group.Limit(8))
//	for _, url := range urls {
//		g.Do(func(ctx context.Context) error { return fetch(ctx, url) })
//	}
//	_, err := g.Wait()
//	return err
//
// It is group.New and not group.Run because the statements stay where they are: each return means what it meant. Where the loop calls
// something between two tasks, group.Queue(1) holds it back, as a limit of the other libraries does.
//
// # What is left alone
//
// A task of Creche that has not begun when its scope is cancelled never does; the other libraries call every function that they were
// given. Where the scope can be cancelled, a group is therefore only rewritten if it starts its tasks in one place, and if nobody is seen
// to wait for one of them but Wait: the function uses no channel, sync.WaitGroup or sync.Cond from outside, and neither defers a call of
// something from outside nor releases it. Two tasks from two places may be a server and its shutdown, each of which needs the other.
//
// The context of a task ends with the task; that of an errgroup with Wait, and one from around the group not even then. A group is left
// alone if a task starts a goroutine that uses a context, or puts into a variable from outside what has a method Close, Commit or Wait.
//
// The flag -all rewrites all of these too; look at each.
//
// Also left alone, with or without -all: groups that are not made for a new local variable, as in fields and globals; other methods than
// Go, SetLimit and Wait; errors of Wait that are compared with others or asked for their type. Generated files are passed over in silence.
//
// # What differs all the same
//
//   - Go does not block at the limit: the tasks that are too many wait in a queue. Only a loop that works between two tasks is held back,
//     by group.Queue(1), and then one task more than the limit has been taken on.
//   - The error of Wait is a *group.Error that wraps the task's: errors.Is and errors.As find that, but == does not. It is that of the first
//     task that failed where the other library has only that, and all of them where that joins them.
//   - A task that panics does not end the program at once: the others are cancelled and awaited, and Wait panics.
//     A task that never ends without the one that panicked keeps Wait from returning.
//   - The context of a task ends with the task. What a task has made with it and left for others otherwise than above ends as well.
//   - A task that calls runtime.Goexit has failed.
//   - If the context ended and a task did not succeed because of it, the error has the cause of the context. A group that had no context, and
//     whose tasks all used the same one, is opened with that.
//   - A group that is left by a return before Wait, in a task of Creche, makes that task fail.
//   - context.Cause of a cancelled task has the name of the task that failed, and wraps its error.
package migrate

import "golang.org/x/tools/go/analysis"

// Analyzers are all analyzers of this package.
var Analyzers = []*analysis.Analyzer{Errgroup, Conc}

const allUsage = "rewrite also what behaves differently when a task fails or the context ends"

const url = "https://pkg.go.dev/github.com/creche-go/creche/lint/migrate"
