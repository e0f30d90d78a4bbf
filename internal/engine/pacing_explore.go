//go:build explore

package engine

// So few that programs of a handful of tasks come to relay.go.
const firstReading, maxEvery = 2, 2

const longStreak = 2
