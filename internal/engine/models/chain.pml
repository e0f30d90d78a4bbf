/* S4, the chain rule: while unclaimed tasks exist, a goroutine of the scope exists that is runnable but not running.
 * Any task may block for ever, so that it holds if and only if each task begins, whatever the others do: nobody may be stuck before that. No
 * task is lost, and casClaim asserts that none is taken twice.
 *
 * Bounds: 2 tasks, or 3 with BACKLOG=3; one producer at a time, as the lock has it; at most SLOTS goroutines at once. With EXACT the relay
 * counts as the code does, otherwise what it sees is decided at will.
 */
#ifndef NT
#define NT 2
#endif
#ifndef SLOTS
#define SLOTS 4
#endif

/* A task returns, or calls Goexit, or blocks for ever. */
inline task() {
	if
#ifdef RETURN
	:: skip
#endif
#ifdef EXIT
	:: gone = 1
#endif
	:: stuck = 1
	fi
}
#include "machine.inc"

active proctype Producer() {
	byte n, r;
	bit yes, won;
#if BACKLOG
	go(worker, 0);
	n = BACKLOG;
#endif
	do
	:: n < NT -> acquire(); submit(); n++
	:: else -> break
	od;
	n = 0;
	begun == NT
}

#ifdef FAIR
ltl begin { <> (begun == NT) }
#endif
