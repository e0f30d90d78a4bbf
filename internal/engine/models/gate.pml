/* S3: scopes that share a limiter: gate.go and limiter.go. Places are never exceeded nor lost, and no scope with a task is forgotten. The
 * limiter's words are guarded by its lock, so that each of its critical sections is one step. Scopes have no limit of their own, tasks weigh 1 and return.
 *
 *	NS   scopes, each with a goroutine that submits
 *	NT   tasks of scope 0; the others have one
 *	SIZE places
 *	WAITS  the first task of scope 0 to begin blocks until all others have ended; needs two places
 *	CANCEL somebody cancels scope 0
 */
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

/* limiter.go */
byte free = SIZE;
byte line[NS], waiting; /* the scopes in the queue, the first at 0 */

/* What the properties look at. */
byte running, ended;
bit waited;

inline join(s) { line[waiting] = s; waiting++ }

/* the first, or the one at i, goes */
inline drop(i) {
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

/* gate.go: ask, with queueUp */
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
		   atomic { yes = (free > 0 && waiting == 0); if :: yes -> free--; run Gated(s) :: else fi };
		   if :: yes -> break :: else fi;
		   atomic { yes = !canceled[s]; if :: yes -> join(s); put(0) :: else fi };
		   if :: yes -> break :: else fi;
		   asking[s] = 0;
		   refuseAll(s)
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
	if :: yes -> asking[s] = 0 :: else fi;
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
	   d_step { running++; assert(running <= SIZE) };
#ifdef WAITS
	   if
	   :: atomic { s == 0 && !waited -> waited = 1 }; ended == ALL - 1
	   :: else
	   fi;
#endif
	   d_step { running--; ended++ };
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
		:: canceled[s] -> refuseAll(s)
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
	canceled[0] = 1;
	refuseAll(0);
	withdraw(0);
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
