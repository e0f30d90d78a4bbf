/* complete.go: the list of completions, those who push, and those who take and sleep meanwhile.
 * Each completion is taken once, in the order of the pushes, or told of by all; nobody sleeps while there is one, or once there will be none.
 *
 * Bounds: NT tasks, each pushed by a goroutine of its own, and TAKERS that take until none is left.
 *
 *	ENDS   the context of one who takes may end at any time
 *	SEAL   the list is sealed once all tasks have ended, while others may still take
 *	PLACE  the first of those who take lends a place while he sleeps, and gets it back only after the others have gone home
 */
#ifndef NT
#define NT 2       /* tasks, numbered 0 to NT-1 */
#endif
#ifndef TAKERS
#define TAKERS 2
#endif
#ifndef FOREIGN
#define FOREIGN 9  /* the number of a task of another type that fails */
#endif
#ifndef DAEMON
#define DAEMON 9   /* the number of a daemon */
#endif
#ifndef LATE
#define LATE 9     /* the number of a task that is submitted by the one before it */
#endif
#define NIL 0      /* pointers to nodes: 0, a task's number + 1, and the mark */
#define ASLEEP 99

/* complete.go */
bit mu;
bit sealed;
byte sleepers, taken_, first, last;
bit wake;          /* a token is in the channel */
bit aside;         /* the foreign task has been passed over */
byte pushed;
byte link[NT + 1]; /* Node.link */

/* the machine's, guarded by its lock, but for daemons. All sections of that lock that matter here are one step. */
byte pub, foreign, daemons;

/* What the properties look at. */
byte count;        /* completions pushed */
byte order[NT + 1];/* of the pushes */
byte next;         /* the one whose turn it is to be taken */
byte got[NT + 1];  /* how often each was taken, or told of by all */
byte plain;        /* tasks submitted that are neither foreign nor a daemon, and not taken */
byte home;         /* takers that have come to their end */

#define isDaemon(x) (x == DAEMON + 1)
#define isForeign(x) (x == FOREIGN + 1)

inline acquire() { atomic { !mu -> mu = 1 } }
inline release() { mu = 0 }

/* signal */
inline signal() { wake = 1 /* or a token is there already */ }

/* push */
inline push(x) {
	do
	:: old = pushed;
	   if
	   :: old == ASLEEP -> link[x] = NIL
	   :: else -> link[x] = old
	   fi;
	   d_step {
		won = (pushed == old);
		if
		:: won -> pushed = x; order[x] = count; count++
		:: else
		fi
	   };
	   if
	   :: won ->
		if :: old == ASLEEP -> signal() :: else fi;
		break
	   :: else
	   fi
	od;
	old = 0; won = 0
}

/* gather. Between the swap and its end nobody else touches the nodes. */
inline gather() {
	if
	:: pushed == NIL || pushed == ASLEEP
	:: else ->
		d_step {
			newest = pushed; pushed = NIL;
			x = newest; h = NIL;
#ifdef BUG_NO_TURN
			h = newest; x = NIL; newest = 0;
#endif
			do
			:: x != NIL -> y = link[x]; link[x] = h; h = x; x = y
			:: else -> break
			od;
			if
			:: last == NIL -> first = h
			:: else -> link[last] = h
			fi;
			last = newest;
			newest = 0; x = 0; y = 0; h = 0
		}
	fi
}

/* pop. The caller holds mu, which guards all but pushed. */
inline pop() {
	do
	:: if :: first == NIL -> gather() :: else fi;
	   n = first;
	   if
	   :: n == NIL -> break
	   :: else ->
		d_step {
			first = link[n];
			if :: first == NIL -> last = NIL :: else fi;
			link[n] = NIL;
			assert(order[n] == next); next++
		};
		if
		:: !isForeign(n) -> break
		:: else -> aside = 1; n = NIL
		fi
	   fi
	od
}

/* loopable, compared with how many were taken. The result is in none. If it is true, nobody but daemons is left: that is asserted. */
inline isNone() {
	d_step {
		none = sealed || (taken_ == pub - foreign - daemons);
		assert(sealed || taken_ <= pub - foreign - daemons);
		assert(!none || sealed || plain == 0)
	}
}

/* fallAsleep. The result is in won. */
inline fallAsleep() {
#ifdef BUG_SLEEP_STORE
	won = (pushed == NIL || pushed == ASLEEP);
	if :: won -> pushed = ASLEEP :: else fi
#else
	d_step { won = (pushed == NIL); if :: won -> pushed = ASLEEP :: else fi };
	if :: !won -> won = (pushed == ASLEEP) :: else fi
#endif
}

/* passOn */
inline passOn() {
	acquire();
	if
	:: sleepers > 1 ->
		if
		:: first == NIL -> fallAsleep(); if :: !won -> signal() :: else fi
		:: else -> signal()
		fi
	:: else
	fi;
	won = 0;
	release()
}

/* sleep. It leaves with over set if the context has ended. */
inline sleep() {
	fallAsleep();
	if
	:: !won
	:: else ->
		sleepers++;
		won = 0;
		release();
		if
		:: d_step { wake -> wake = 0 };
#ifndef BUG_NO_PASSON
			passOn()
#endif
		:: ends -> over = 1
		fi;
#ifdef PLACE
		/* the wait has lent a place, which the first taker gets back only after the others have gone home */
		if :: !over && me == 0 -> home == TAKERS - 1 :: else fi;
#endif
		acquire();
		sleepers--
	fi;
	won = 0
}

/* take. The result is in n. */
inline take() {
	acquire();
	do
	:: n = NIL;
	   if :: !sealed -> pop() :: else fi;
	   if
	   :: n != NIL ->
		d_step { taken_++; got[n]++; assert(got[n] == 1); if :: !isDaemon(n) -> plain-- :: else fi };
		if :: sleepers == 0 -> break :: else fi
	   :: else
	   fi;
	   isNone();
#ifndef BUG_TAKE_NO_SIGNAL
	   if
	   :: sleepers > 0 ->
		if
		:: none || first != NIL -> signal()
		:: else -> fallAsleep(); if :: !won -> signal() :: else fi
		fi;
		won = 0
	   :: else
	   fi;
#endif
	   if :: n != NIL || none || over -> break :: else fi;
	   if
	   :: !yielded -> yielded = 1; release(); acquire()
	   :: else -> sleep()
	   fi
	od;
	release();
	none = 0; yielded = 0; over = 0
}

/* A goroutine that runs and ends one task. The one before LATE submits that, so it may come while a loop ends. */
proctype Task(byte t) {
	byte old;
	bit won;
	if :: t + 1 == LATE -> d_step { pub++; plain++ }; run Task(LATE) :: else fi;
#ifdef BUG_DAEMON_LATE
	push(t + 1);
	if :: isDaemon(t + 1) -> daemons-- :: else fi
#else
	if :: isDaemon(t + 1) -> daemons-- :: else fi; /* node.go: End */
	push(t + 1)
#endif
}

active [TAKERS] proctype Taker() {
	byte n, newest, x, y, h;
	bit won, none, over, yielded, ends;
	byte me = _pid;
	if
#ifdef ENDS
	:: me == TAKERS - 1 -> ends = 1 /* the context may end at any time */
#endif
	:: else
	fi;
	do
	:: take();
	   if :: n == NIL -> break :: else fi
	od;
	home++
}

/* All that was not taken, told of by all: first, aside, and what was pushed and never gathered. */
inline tell(p) {
	x = p;
	do
	:: x != NIL && x != ASLEEP -> got[x]++; x = link[x]
	:: else -> break
	od
}

active proctype Owner() {
	byte t, x;
	atomic {
		do
		:: t < NT ->
			if
			:: t == FOREIGN -> pub++; foreign++
			:: t == DAEMON -> pub++; daemons++
			:: t != FOREIGN && t != DAEMON && t != LATE -> pub++; plain++
			:: else
			fi;
			if :: t != LATE -> run Task(t) :: else fi;
			t++
		:: else -> break
		od;
		t = 0
	};
	/* Join */
	count == NT;
#ifdef SEAL
	/* seal */
	acquire();
	sealed = 1;
	if :: sleepers > 0 -> signal() :: else fi;
	release();
#endif
	/* all, after those who take have gone */
	home == TAKERS;
	d_step {
		if :: aside -> got[FOREIGN + 1]++ :: else fi;
		tell(first); tell(pushed);
		t = 1;
		do
		:: t <= NT -> assert(got[t] == 1); t++
		:: else -> break
		od
	}
}
#ifdef FAIR
ltl woken { <> (home == TAKERS) }
#endif
