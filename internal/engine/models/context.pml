/* signal.go, context.go, cancel.go: contexts that are nothing but words until somebody waits on them. A scope S, a task N that runs in it,
 * and with PARENT a scope P whose context S was opened with. Who takes part is chosen by macros:
 *
 *	CANCEL_P, CANCEL_S, CANCEL_N   somebody cancels the scope, or the task alone
 *	END_N                          the task ends
 *	CLOSE_S                        S is joined, once N has ended, and closed; needs END_N
 *	DONE_S, DONE_N, DONE_END       somebody asks for the channel of the context, or of the task's handle, and waits for its end
 *	ERR_S, ERR_N                   somebody asks for the context's error
 *	AFTER_S, AFTER_N               somebody hangs a function on the context; with STOP he takes it off again
 *
 * Bounds: one of each that is named, each acting once; one task, two scopes; the same channel, or function, for all. There is no loop,
 * so that each run ends, and a state in which somebody waits for ever is an invalid end state: nothing more is to be had from LTL.
 *
 * P and S are within nothing else. What a cancellation does to the queue is join.pml's.
 */
#define S 0       /* scopes */
#define P 1
#define CTX_S 0   /* signals: of the contexts, and of N's end */
#define CTX_N 1
#define END 2
#define CTX_P 3

/* signal.go. The lock of a scope guards its signals, but for awaited, and for the end of a channel, which everybody sees. */
bit signals[2];   /* the scopes' locks */
bit done[4];      /* the channel has been made */
bit closed[4];    /* its end */
bit hook[4];      /* the function is in the list */
bit fired[4], listed[4], awaited[4];

bit wait;         /* scope.go: Scope.wait of S; P's is there from the beginning */
bit canceled[2];  /* scope.go */
bit stageEnded;   /* node.go: N has its final state */
bit ext;          /* node.go */
bit cancel;       /* extra.go: of N alone */
bit endSignal;    /* extra.go: ended */
#ifdef PARENT
bit ended;        /* machine.go: S has been joined */
bit attached, told; /* signal.go: of S's waits */
bit set, child;   /* cancel.go: link.set; S's hook is in the list of CTX_P */
byte running;     /* cancel.go: link.running */
bit hearing;      /* the goroutine for heard is to begin */
#endif

/* What the properties look at. */
bit handed[4];    /* somebody has been given the channel */
byte called[4];   /* how often the function was */
bit stopped[4];   /* it was taken off before that */
bit overP, overS; /* P's Cancel has returned, S's Close has */

inline acquire(s) { atomic { !signals[s] -> signals[s] = 1 } }
inline release(s) { signals[s] = 0 }

/* signal.go: waits, of S */
inline waits() { if :: !wait -> wait = 1 :: else fi }

/* signal.go: close. Of a channel that nobody was given yet nobody sees the end. */
inline close(sig) { if :: done[sig] -> closed[sig] = 1 :: else fi }

/* signal.go: spend. It leaves the hook in h. */
inline spend(sig, h) {
	if
	:: fired[sig]
	:: else ->
#ifdef BUG_AWAITED_FIRST
		awaited[sig] = 0;
		d_step { fired[sig] = 1; close(sig); h = hook[sig]; hook[sig] = 0 }
#else
		d_step { fired[sig] = 1; close(sig); h = hook[sig]; hook[sig] = 0 };
		awaited[sig] = 0
#endif
	fi
}

/* signal.go: hook.call */
inline call(sig, h) { if :: h -> d_step { h = 0; called[sig]++; assert(called[sig] == 1 && !stopped[sig]) } :: else fi }

/* context.go: over, for each signal. The result is in o. */
inline over(sig) {
	if
	:: sig == CTX_S -> o = canceled[S]
	:: sig == CTX_P -> o = canceled[P]
	:: sig == END -> o = stageEnded
	:: sig == CTX_N ->
		o = canceled[S];
		if
		:: !o && ext -> o = cancel
		:: else
		fi;
		if :: !o -> o = stageEnded :: else fi
	fi
}

/* signal.go: expect. The result is in o, the other way round: it is over. */
inline expect(sig) {
#ifdef BUG_AWAIT_LATE
	over(sig);
	awaited[sig] = 1
#else
	awaited[sig] = 1;
	over(sig)
#endif
}

/* signal.go: channel. It leaves with the channel handed out. */
inline channel(sig) {
	attach();
	poll();
	waits();
	acquire(S);
	if
	:: done[sig]
	:: else ->
		done[sig] = 1;
		if
		:: fired[sig] -> close(sig)
		:: else ->
			expect(sig);
			if
			:: !o -> listed[sig] = (sig != END)
			:: else ->
#ifndef BUG_CHANNEL_LEFT
				spend(sig, h)
#endif
			fi;
			o = 0
		fi
	fi;
	d_step { handed[sig] = 1; release(S) };
	call(sig, h)
}

/* signal.go: after, with hang */
inline after(sig) {
	attach();
	waits();
	acquire(S);
	if
	:: fired[sig] -> h = 1
	:: else ->
		expect(sig);
		if :: !o -> listed[sig] = 1; hook[sig] = 1 :: else -> h = 1; o = 0 fi
	fi;
	release(S);
	call(sig, h)
}

/* signal.go: the function that after returns */
inline stop(sig) {
	acquire(S);
	d_step { if :: hook[sig] -> hook[sig] = 0; stopped[sig] = 1 :: else fi; release(S) }
}

/* signal.go: fireAll, of S */
inline fireAll() {
	if
	:: !wait
	:: else ->
		acquire(S);
		if :: listed[CTX_S] -> listed[CTX_S] = 0; spend(CTX_S, h) :: else fi;
		if :: listed[CTX_N] -> listed[CTX_N] = 0; spend(CTX_N, k) :: else fi;
		release(S);
		call(CTX_S, h);
		call(CTX_N, k)
	fi
}

/* signal.go: fire, of a context, and of N's end too if that is set */
inline fire(sig, end) {
	o = awaited[sig];
	if :: !o && end -> o = awaited[END] :: else fi;
	if
	:: !o
	:: else ->
		o = 0;
		waits();
		acquire(S);
		listed[sig] = 0;
		spend(sig, h);
		if :: end -> spend(END, k) :: else fi;
		release(S);
		call(sig, h);
		call(END, k)
	fi
}

/* signal.go: seen */
inline seen(sig) {
#ifdef BUG_NOT_SEEN
	skip
#else
	if
	:: awaited[sig] -> waits(); acquire(S); close(sig); release(S)
	:: else
	fi
#endif
}

/* cancel.go: Cancel, of S. The result is in won. */
inline cancelS() {
	d_step { won = !canceled[S]; canceled[S] = 1 };
	if :: won -> fireAll() :: else fi
}

#ifdef PARENT

/* context.go: err, of P, with seen. The result is in e. */
inline errP() {
	e = canceled[P];
	if
	:: e && awaited[CTX_P] -> acquire(P); close(CTX_P); release(P)
	:: else
	fi
}

/* cancel.go: Poll, with isTold and parentEnded. The result is in e. */
inline poll() {
	e = canceled[S];
	if
	:: !e ->
		if :: wait -> o = told :: else fi;
		if
		:: o -> o = 0
		:: else ->
			errP();
			if :: e -> errP(); cancelS(); won = 0; e = canceled[S] :: else fi
		fi
	:: else
	fi
}

/* cancel.go: attach, with hangOnScope, hangOn, and the hang of P's */
inline attach() {
	waits();
	won = 0;
	if :: !attached -> d_step { won = !attached; attached = 1 } :: else fi;
	if
	:: !won
	:: else ->
		won = 0;
		running++;
		acquire(P);
		o = fired[CTX_P];
		if :: !o -> expect(CTX_P) :: else fi;
		if :: !o -> listed[CTX_P] = 1; child = 1 :: else fi;
		release(P);
#ifdef BUG_TOLD_ANYWAY
		if :: o -> o = 0; hearing = 1 :: else fi;
		told = 1;
#else
		if :: o -> o = 0; hearing = 1 :: else -> told = 1 fi;
#endif
		acquire(S); set = 1; release(S);
		if :: ended -> detach() :: else fi
	fi
}

/* cancel.go: heard */
inline heard() {
	errP();
	cancelS();
	won = 0; e = 0;
	running--
}

/* cancel.go: detach */
inline detach() {
	acquire(S);
	d_step { o = set; set = 0; release(S) };
	if
	:: o ->
#ifndef BUG_STILL_TOLD
		told = 0;
#endif
		acquire(P);
		d_step { o = child; child = 0; release(P) };
		if :: o -> o = 0; running-- :: else fi;
		running == 0
	:: else
	fi
}

#else
inline attach() { waits() }
inline poll() { e = canceled[S] }
#endif

/* context.go: scopeContext.Err. The result is in e. Once the error is there, so is the end of every channel that was handed out. */
inline errS() {
	poll();
	if
	:: e ->
		if :: wait -> seen(CTX_S) :: else fi;
		assert(!handed[CTX_S] || closed[CTX_S])
	:: else
	fi
}

/* context.go: nodeContext.Err. The result is in e. */
inline errN() {
	if :: ext -> e = cancel :: else fi;
	if :: !e -> poll() :: else fi;
	if :: !e -> e = stageEnded :: else fi;
	if
	:: e ->
		if :: ext -> seen(CTX_N) :: else fi;
		assert(!handed[CTX_N] || closed[CTX_N])
	:: else
	fi
}

/* extra.go, family.go: extra */
inline extra() { if :: !ext -> ext = 1 :: else fi }

#define REGISTERS bit o, e, h, k, won, was

#ifdef CANCEL_P
active proctype CancelP() {
	REGISTERS;
	canceled[P] = 1; /* cancel.go: Cancel, of P, with fireAll */
	acquire(P);
	if
	:: listed[CTX_P] ->
		d_step { listed[CTX_P] = 0; fired[CTX_P] = 1; o = child; child = 0 };
		awaited[CTX_P] = 0
	:: else
	fi;
	release(P);
	if :: o -> o = 0; heard() :: else fi;
	overP = 1
}

active proctype Heard() {
	REGISTERS;
end:	d_step { hearing -> hearing = 0 };
	heard()
}
#endif

#ifdef CANCEL_S
active proctype CancelS() { REGISTERS; cancelS() }
#endif

#ifdef CANCEL_N
active proctype CancelN() { /* node.go: cancelRunning */
	REGISTERS;
	if
	:: stageEnded
	:: else ->
		poll();
		if
		:: e
		:: else -> extra(); cancel = 1; fire(CTX_N, false)
		fi
	fi
}
#endif

#ifdef END_N
active proctype EndN() {
	REGISTERS;
	stageEnded = 1; /* node.go: End */
	if
	:: ext -> was = endSignal; fire(CTX_N, was); was = 0
	:: else
	fi;
#ifdef CLOSE_S
#ifdef PARENT
	ended = 1; /* scope.go: Join, Close */
	if :: wait -> detach() :: else fi;
#endif
	if
	:: !canceled[S] ->
		d_step { won = !canceled[S]; canceled[S] = 1 };
		if
		:: won && wait -> won = 0; fire(CTX_S, false)
		:: else -> won = 0
		fi
	:: else
	fi;
	overS = 1
#ifdef PARENT
	/* M1: nobody tells a closed scope of the end of its parent; who attaches only now takes care of that himself. */
	; assert(!child || attached)
#endif
#endif
}
#endif

#ifdef DONE_S
active proctype DoneS() {
	REGISTERS;
	channel(CTX_S);
	was = closed[CTX_S];
	errS();
	assert(!was || e);
	closed[CTX_S];
	errS();
	assert(e)
}
#endif

#ifdef DONE_N
active proctype DoneN() {
	REGISTERS;
	extra();
	channel(CTX_N);
	was = closed[CTX_N];
	errN();
	assert(!was || e);
	closed[CTX_N];
	errN();
	assert(e)
}
#endif

#ifdef DONE_END
active proctype DoneEnd() {
	REGISTERS;
	extra();
	if :: !endSignal -> endSignal = 1 :: else fi;
	channel(END);
	closed[END];
	assert(stageEnded)
}
#endif

/* Who asks after P's Cancel or S's Close has returned is told of the end. */
#ifdef ERR_S
active proctype ErrS() { REGISTERS; was = overP || overS; errS(); assert(!was || e) }
#endif

#ifdef ERR_N
active proctype ErrN() { REGISTERS; was = overP || overS; errN(); assert(!was || e) }
#endif

#ifdef AFTER_S
active proctype AfterS() {
	REGISTERS;
	after(CTX_S);
#ifdef STOP
	stop(CTX_S)
#endif
}
#endif

#ifdef AFTER_N
active proctype AfterN() {
	REGISTERS;
	extra();
	after(CTX_N);
#ifdef STOP
	stop(CTX_N)
#endif
}
#endif

/* When nobody can go on, all functions have been called, or taken off, and nobody is on his way to tell S. */
active proctype Check() {
	timeout;
#ifdef AFTER_S
	assert(called[CTX_S] + stopped[CTX_S] == 1);
#endif
#ifdef AFTER_N
	assert(called[CTX_N] + stopped[CTX_N] == 1);
#endif
#ifdef PARENT
	assert(running == 0 || !overS)
#endif
}
