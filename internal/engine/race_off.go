//go:build !race || chained

package engine

const raceEnabled = false

func raceAcquire[T any](*T)      {}
func raceReleaseMerge[T any](*T) {}
func (*Machine) raceHide()       {}
func (*Machine) raceShow()       {}
