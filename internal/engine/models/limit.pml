/* S3, S1: never more tasks run at once than the limit allows, and a task that may run does: who leaves looks for one after him.
 * Bounds: 3 tasks, a limit of 1 or 2, SLOTS goroutines at once: more than the limit,
 * for one who has left may not have ended.
 */
#ifndef NT
#define NT 3
#endif
#ifndef LIMIT
#define LIMIT 1
#endif
#ifndef SLOTS
#define SLOTS 3
#endif

#ifndef WAITS
#define WAITS 255 /* the number of a task that blocks until all others have begun, for which one place is enough */
#endif

/* A task returns, or calls Goexit. One that blocked for ever would keep its place. */
inline task() {
	if
	:: n == WAITS -> begun == NT
	:: n != WAITS
#ifdef EXIT
	:: gone = 1
#endif
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
	ended == NT
}

#ifdef FAIR
ltl end { <> (ended == NT) }
#endif
