//go:build gc

#include "textflag.h"

// The caller, whom Go calls this from without a wrapper, has BP point to its frame: there lies the BP of its own caller, and
// above it where it returns to.
TEXT ·Caller(SB), NOSPLIT|NOFRAME, $0-8
	MOVQ 8(BP), AX
	MOVQ AX, ret+0(FP)
	RET
