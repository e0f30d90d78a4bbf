//go:build gc && (amd64 || arm64)

package site

// Caller returns the return address of the function that calls it, which must not be inlined: a place in that one's caller. It looks at
// the frame pointer, which Go's compiler maintains on these processors. It must be called by its name, not by a func value.
func Caller() uintptr
