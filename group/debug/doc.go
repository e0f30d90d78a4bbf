// Package debug shows the scopes and tasks of a running program as a tree: which are there, since when, in which state, and why a scope was
// cancelled.
//
// There are two things to do. Scopes are entered into the tree by an observer, which those below inherit; and a handler, on a server that only
// this machine reaches, shows it:
//
//	group.Run(ctx, body, debug.Observe())
//
//	go http.ListenAndServe("127.0.0.1:6060", debug.Handler())
//
// For a terminal there is text, for a browser a page that refreshes itself, and both have warnings on top:
//
//	curl localhost:6060
//	curl localhost:6060?stacks=1
//	curl localhost:6060?format=json | jq '.scopes[] | select(.state == "cancelled")'
//
// Without a server, [Dump] writes the tree, and [Look] returns it.
//
// # What it costs
//
// A task costs about 100 ns more, a third of which goes for reading the clock, and no allocation. A scope costs one or two. What ages are
// told of tasks that wait in a long queue is not exact: of those behind the first sixty-four of a scope only every sixteenth is timed, and
// the others are as old as the last one that was. Nothing is done until somebody looks, and looking at ten thousand tasks takes some
// milliseconds, which no task waits for. What [Stacks] costs is told there.
//
// # What it keeps
//
// The references to the scopes where the tree begins are weak. So a scope that the program has lost is collected, as it would be without the
// tree, and the profile of leaked goroutines finds what it would find. Of the tasks of an open scope the tree keeps the handles a while
// longer than the program may: as many as have not ended, and a few hundred.
//
// # What it does not know
//
// Elements of the loops of package iter are no tasks; a loop is in the tree as a scope without any. When a scope was cancelled is not
// recorded, so a warning tells when that was first seen. A task that was cancelled alone looks like any other that runs.
package debug
