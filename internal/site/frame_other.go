//go:build !(gc && (amd64 || arm64))

package site

// Caller returns the return address of the function that calls it, which must not be inlined: a place in that one's caller.
//
//go:noinline
func Caller() uintptr { return walk() }
