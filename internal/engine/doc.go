// Package engine is the machine below package group: it queues tasks, runs them on few goroutines, limits how many run at
// once, cancels, collects completions and joins. It knows no policy and none of group's words.
//
//	queue.go    from those who submit to those who run
//	submit.go   how tasks come in
//	chain.go    when a goroutine is started, and when it ends
//	pacer.go    when it lets others run
//	relay.go    when one runs the tasks and another stands by
//	helper.go   goroutines that run no task
//	node.go     one task: its states, its end
//	extra.go    what only few tasks need
//	complete.go the list of completions, and sleeping on it
//	scope.go    what every scope has
//	machine.go  what one with tasks has, and the join
//	cancel.go   cancellation, from above, from outside and by time
//	context.go  scope and node as contexts
//	signal.go   what those who wait on a context or on a task hold on to
//	family.go   which scopes were opened within which
//	room.go     a bound on the tasks that wait
//	limiter.go  places that scopes share
//	gate.go     a scope under a limiter
//	lend.go     a task that waits lends its places
//	subscribe.go who is told of a task's end
//	race_on.go  what the race detector needs to see
//	inline.go   what the compiler needs to see
//	pacing.go   two numbers that are others in an exploration
package engine
