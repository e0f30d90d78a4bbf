//go:build !race || chained

package engine

const raceEnabled = false

func raceAcquire[T any](*T)      {}
func raceRelease[T any](*T)      {}
func raceReleaseMerge[T any](*T) {}
func (*Scope) raceHide()         {}
func (*Scope) raceShow()         {}
