/* L1, L2, S2: the joiner returns once, and only when every task has ended; what is submitted while he waits is waited for, and what is
 * submitted afterwards is not taken. With SPAWN task 0 submits the last task, with OTHER somebody outside does, and with CANCEL somebody
 * cancels the scope meanwhile.
 *
 * Bounds: 2 tasks or fewer, one joiner, one who submits or cancels from outside, no limit. Daemons are left out, and helpers, which are counted
 * as tasks' goroutines are.
 */
#ifndef NT
#define NT 2
#endif
#ifndef SLOTS
#define SLOTS 3
#endif
#define JOIN

bit joining;  /* machine.go */
bit over;     /* machine.go: ended */
bit joined;   /* the wait group is at 0 again */
byte returns; /* how often the joiner was let go */

/* machine.go: tryEnd, without daemons. The caller holds the lock. The result is in yes. */
inline tryEnd() {
	if
	:: over -> yes = 1
	:: else ->
#ifdef BUG_LIVE_FIRST
		won = (live > 0);
		isEmpty();
		if :: yes && !won -> end_() :: else yes = 0 fi;
		won = 0
#else
		isEmpty();
		if
		:: !yes
		:: live > 0 && yes -> yes = 0
		:: live == 0 && yes -> end_()
		fi
#endif
	fi;
	lock = 0
}

inline end_() {
	d_step {
		over = 1;
		assert(ended == pub);
		if :: joining -> assert(!joined); joined = 1 :: else fi
	}
}

/* machine.go: wake */
inline wake() { acquire(); tryEnd(); yes = 0 }

inline task() {
	assert(!over);
	if
#ifdef SPAWN
	:: n == 0 ->
		acquire();
		assert(!over);
		submit();
		n = 0
#endif
	:: else
	fi
#ifdef EXIT
	;
	if :: skip :: gone = 1 fi
#endif
}
#include "machine.inc"

active proctype Body() {
	byte n, r, seen, tasks;
	bit yes, won, left;
	do
#if defined(SPAWN) || defined(OTHER)
	:: tasks < NT - 1 -> acquire(); submit(); n = 0; tasks++
#else
	:: tasks < NT -> acquire(); submit(); n = 0; tasks++
#endif
	:: else -> break
	od;
	/* machine.go: join, whose second look without a wait is left out: it is like the first */
	acquire(); tryEnd();
	if
	:: yes
	:: else ->
		acquire();
#ifdef BUG_JOINING_LATE
		tryEnd();
		if :: !yes -> joining = 1 :: else fi;
#else
		if :: !over -> joining = 1 :: else fi;
		tryEnd();
#endif
		if :: yes :: else -> joined fi
	fi;
	yes = 0; tasks = 0;
	assert(over && ended == pub && begun == pub);
	returns++;
	assert(returns == 1)
}

#ifdef OTHER
/* Somebody outside submits a task, or comes too late. */
active proctype Other() {
	byte n, r, seen;
	bit yes, won, left;
	acquire();
	if
	:: over -> lock = 0
	:: else -> submit()
	fi;
	n = 0; yes = 0; r = 0; seen = 0; left = 0
}
#endif

#ifdef CANCEL
/* cancel.go: CancelBy, with dismiss */
active proctype Canceller() {
	byte n, r, seen;
	bit yes, won, left;
#ifndef BUG_CANCELLER_UNCOUNTED
	enterAnyway();
#endif
	canceled = 1;
	refuseAll();
#ifndef BUG_CANCELLER_UNCOUNTED
	exit_()
#endif
}
#endif

#ifdef FAIR
ltl returned { <> (returns == 1) }
#endif
