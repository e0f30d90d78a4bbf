// Package programs makes random programs, runs them on the library, and checks the laws on what happened.
//
// # Made
//
// A program is a tree of scopes, tasks and what they do: they spawn, sleep with and without an ear for their contexts, open scopes, cancel,
// wait for each other, take from loops and sets, and end with values, errors, panics or runtime.Goexit. Generate makes the one of a
// seed, Decode the one of a fuzzer's bytes: each choice is a number.
//
// # Run
//
// Execute runs a program in a synctest bubble, where time is exact and a goroutine that is left behind is found, or on the real clock. Each
// function writes down what it did and saw, and when; nobody else writes there.
//
// # Checked
//
// What comes of a program depends on the scheduler most often. So nothing works out how it has to end. Check goes through what was written
// down, one law after the other, and asks whether it can be so: that the error of a scope tells of each failure that was to be told of
// and of no other, for example, that the tasks that ran at once were never more than the limit, or that a wait was over at the very
// moment at which what it waited for had ended.
//
// # Shrunk
//
// Shrink takes out of a failing program what it can: scopes, tasks, steps, options. Source prints what is left as a Go test that needs nothing
// but the library, and logs what happens.
//
//	go test ./internal/programs                          # 100,000 programs
//	go test ./internal/programs -programs.n 1000000
//	go test ./internal/programs -programs.seed 57982     # that one, many times
//	go test ./internal/programs -fuzz FuzzPrograms
//
// The command internal/soak runs millions of them on the real clock.
//
// # Files
//
//	program.go   the tree; step.go and option.go, what is in it; tree.go, who lies within whom
//	generate.go  programs at random; also generate_*.go
//	run.go       running one; also run_*.go
//	trace.go     what a run leaves
//	fault.go     errors that tell whose they are
//	check.go     the laws; also law_*.go, one family each
//	rules.go     what the options of a scope come to
//	ending.go    when contexts end
//	known.go     defects that are not looked for
//	shrink.go    a smaller program that fails as well; mend.go keeps it whole
//	source.go    a program as Go; also source_*.go
//
// Only tests and the soak command import it.
package programs
