//go:build !explore

package engine

const firstReading, maxEvery = 8, 64

// longStreak is how many tasks have to block one after the other before that counts as their way. Goroutines that yield come back sooner:
// the runtime looks at those at least every 61st time that it picks one.
const longStreak = 256
