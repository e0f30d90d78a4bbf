package site

// Walk is the slow way.
//
//go:noinline
func Walk() uintptr { return walk() }
