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
//
// # Why it is right
//
// The machine is a few small protocols of one to three atomic words each. Where two goroutines have to find each other, one of them
// publishes and then looks, and the other looks for what the first publishes after it has published itself: whatever the order, one sees
// the other. This is the list of them, with what has to hold, the programs in explore_test.go that hold it under every schedule with a
// bounded number of preemptions (package sched tells how), and the model in models that spin holds it in under every interleaving, within the
// bounds of its line in models/verify. A model is the protocol without the rest of the code; an exploration is the code itself. For both there is
// a list of mistakes that they must find. Where no model is named there is none, and at a limiter none has tasks that weigh more than one place,
// lend it, or come by TrySubmit.
//
//   - The chain rule (chain.go): while unclaimed tasks exist, and the limit leaves room, a goroutine is pending. A producer publishes the task and
//     then reads pending; a worker takes itself off pending and then reads the queue. S4_Chain, S4_Relay; chain.pml. Who fans out is
//     pending meanwhile, and a task that it claims goes to a goroutine that is counted before. S4_FanOut.
//   - The limit (chain.go): live never exceeds it, and who leaves looks at the queue after he has left. S1_Limit; limit.pml.
//   - The room (room.go): a producer raises waiting and then looks at the queue; who claims reads waiting after the claim. S1_Limit.
//   - The end (machine.go): a joiner sets joining and then reads live; who leaves counts live down and then reads joining. live is above
//     0 while a task is between two hands, so an empty queue and live at 0, in this order, are the end. L1_L2_Join; join.pml.
//   - The completions (complete.go): who sleeps leaves a mark where the next push finds it, by CAS; a push that replaces the mark wakes one,
//     and who is woken and leaves something passes that on. W1_Completions; completions.pml.
//   - Cancellation (cancel.go): it is marked by CAS, then told; who submits, claims or starts to wait does so first and reads the mark then.
//     A task begins or is refused by one CAS of its state. L5_S2_Cancel, S2_CancelledAbove,
//     L5_CancelledAboveAtTheEnd; context.pml, join.pml.
//   - Contexts (signal.go): who wants to be told says so and then looks whether it has happened; who makes it happen looks for him after
//     that. Who sees the error closes the channel first. L4_Context; context.pml.
//   - Subscriptions (subscribe.go): the flag is set in the same CAS that finds the task unended. W1_Subscribe.
//   - Limiters (limiter.go, gate.go, lend.go): all under one lock, but for the word that says whether a scope asks: it is cleared before the queue
//     is looked at again, and read after a task was published or a place left. S3_Limiter; gate.pml.
//
// What one goroutine does for many, such as the distribution of tasks over slabs, is held by the tests of this package and those of
// package group, by random programs that are checked against the laws, and by the race detector, also in the build where tasks share goroutines
// (tag chained).
package engine
