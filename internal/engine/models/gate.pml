/* S3: scopes that share a limiter: gate.go and limiter.go. Places are never exceeded nor lost, and no scope with a task is forgotten. The
 * limiter's words are guarded by its lock, so that each of its critical sections is one step. Tasks weigh 1, lend
 * nothing, and return, and none begins without its turn: TrySubmit, weighAgain, askMore and lend.go are left out.
 *
 *	NS     scopes, each with a goroutine that submits: 2 or 3
 *	NT     tasks of scope 0; the others have one: 1 or 2
 *	SIZE   places: 1 or 2
 *	LIMIT  the limit that each scope has of its own; 0: none
 *	WAITS  the first task of scope 0 to begin blocks until all others have ended; needs two places
 *	CANCEL somebody cancels scope 0
 *
 * Goroutines are as many as there are places, for whoever has one, and those that have given theirs back and not ended yet.
 */
#ifndef LIMIT
#define LIMIT 0
#endif
#ifndef NS
#define NS 2
#endif
#ifndef NT
#define NT 2
#endif
#define ALL (NT + NS - 1)
#ifndef SIZE
#define SIZE 1
#endif

/* queue.go, gate.go: of each scope */
byte pub[NS], claim[NS];
bit asking[NS], canceled[NS];
#if LIMIT
byte live[NS]; /* machine.go */
#endif

/* limiter.go */
byte free = SIZE;
byte line[NS], waiting; /* the scopes in the queue, the first at 0 */

/* What the properties look at. */
byte running, ended;
byte runs[NS];
bit inLine[NS];
bit waited;

/* A scope is in the line once at a time. */
inline join(s) { assert(!inLine[s]); inLine[s] = 1; line[waiting] = s; waiting++ }

/* the first, or the one at i, goes */
inline drop(i) {
	inLine[line[i]] = 0;
	waiting--;
	do
	:: i < waiting -> line[i] = line[i + 1]; i++
	:: else -> line[i] = 0; break
	od;
	i = 0
}

/* limiter.go: put, for one who holds the lock */
inline put(places) {
	free = free + places;
	assert(free <= SIZE);
	do
	:: waiting > 0 && free > 0 ->
		free--;
		run Gated(line[0]);
		drop(i)
	:: else -> break
	od
}

/* queue.go: pop. The result is in won. */
inline pop(s) {
	do
	:: n = claim[s];
	   if :: n == pub[s] -> won = 0; break :: else fi;
	   d_step { won = (claim[s] == n); if :: won -> claim[s] = n + 1 :: else fi };
	   if :: won -> break :: else fi
	od;
	n = 0
}

inline isEmpty(s) { n = claim[s]; yes = (n == pub[s]); n = 0 }

/* machine.go: refuseAll */
inline refuseAll(s) {
	do
	:: pop(s); if :: won -> ended++; won = 0 :: else -> break fi
	od
}

/* chain.go: enter. The result is in yes. */
inline enter(s) {
#if LIMIT
	do
	:: n = live[s];
	   if :: n >= LIMIT -> yes = 0; break :: else fi;
	   d_step { yes = (live[s] == n); if :: yes -> live[s]++ :: else fi };
	   if :: yes -> break :: else fi
	od;
	n = 0
#else
	yes = 1
#endif
}

/* chain.go: enterAnyway */
inline enterAnyway(s) {
#if LIMIT
	live[s]++
#else
	skip
#endif
}

/* chain.go: leave, without a join */
inline leave(s) {
#if LIMIT
	live[s]--
#else
	skip
#endif
}

/* gate.go: ask, with queueUp, and refuseRest, whose exit is another turn */
inline ask(s) {
	if
	:: asking[s]
	:: else ->
		do
		:: isEmpty(s);
		   if :: yes -> break :: else fi;
		   d_step { won = !asking[s]; asking[s] = 1 };
		   if :: !won -> break :: else fi;
		   won = 0;
		   enter(s);
		   if
		   :: yes ->
			atomic { yes = (free > 0 && waiting == 0); if :: yes -> free--; run Gated(s) :: else fi };
			if :: yes -> break :: else fi;
			atomic { yes = !canceled[s]; if :: yes -> join(s); put(0) :: else fi };
			if :: yes -> break :: else fi;
			asking[s] = 0;
			refuseAll(s);
			leave(s)
		   :: else ->
			asking[s] = 0;
#if LIMIT && !defined(BUG_FULL_NO_LOOK)
			if :: live[s] >= LIMIT -> break :: else fi
#else
			break
#endif
		   fi
		od
	fi;
	yes = 0; won = 0
}

/* gate.go: withdraw */
inline withdraw(s) {
	atomic {
		i = 0; yes = 0;
		do
		:: i < waiting && line[i] != s -> i++
		:: else -> break
		od;
		if :: i < waiting -> yes = 1; drop(i) :: else fi;
		i = 0;
		put(0)
	};
#ifndef BUG_WITHDRAW_KEEPS
	if :: yes -> yes = 0; asking[s] = 0; leave(s); ask(s) :: else fi;
#endif
	yes = 0
}

/* gate.go: gated. It has been given a place. */
proctype Gated(byte s) {
	byte n, i;
	bit won, yes;
#ifndef BUG_GOON_LATE
	asking[s] = 0;
#endif
	do
	:: pop(s);
	   if :: !won -> break :: else -> won = 0 fi;
#ifdef BUG_GOON_LATE
	   asking[s] = 0;
#endif
#ifndef BUG_NO_NEXT
	   ask(s);
#endif
	   d_step { running++; runs[s]++; assert(running <= SIZE && (!LIMIT || runs[s] <= LIMIT)) };
#ifdef WAITS
	   if
	   :: atomic { s == 0 && !waited -> waited = 1 }; ended == ALL - 1
	   :: else
	   fi;
#endif
	   d_step { running--; runs[s]--; ended++ };
	   if
	   :: waiting > 0 -> break /* its time is over */
	   :: skip
	   fi
	od;
#ifdef BUG_GOON_LATE
	asking[s] = 0;
#endif
	atomic { put(1) };
	isEmpty(s);
	if
	:: yes && asking[s] -> yes = 0; withdraw(s)
	:: else -> yes = 0
	fi;
	leave(s);
#ifndef BUG_EXIT_NO_ASK
	ask(s)
#endif
}

proctype Producer(byte s) {
	byte n, i, t;
	bit won, yes;
	do
	:: t < (s == 0 -> NT : 1) ->
		pub[s]++;
#ifdef CANCEL
		if
			:: canceled[s] -> enterAnyway(s); refuseAll(s); leave(s); ask(s)
		:: else -> ask(s)
		fi;
#else
		ask(s);
#endif
		t++
	:: else -> break
	od
}

#ifdef CANCEL
/* machine.go: dismiss */
active proctype Canceller() {
	byte n, i;
	bit won, yes;
	enterAnyway(0);
	canceled[0] = 1;
	refuseAll(0);
	withdraw(0);
	leave(0);
	ask(0)
}
#endif

init {
	byte s;
	atomic {
		do
		:: s < NS -> run Producer(s); s++
		:: else -> break
		od;
		s = 0
	};
	ended == ALL;
	timeout;
	assert(free == SIZE && waiting == 0 && running == 0)
}

#ifdef FAIR
ltl served { <> (ended == ALL) }
#endif
