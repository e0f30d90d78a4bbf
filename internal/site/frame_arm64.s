//go:build gc

#include "textflag.h"

// As on amd64, with R29 for BP.
TEXT ·Caller(SB), NOSPLIT|NOFRAME, $0-8
	MOVD 8(R29), R0
	MOVD R0, ret+0(FP)
	RET
