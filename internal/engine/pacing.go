//go:build !explore

package engine

const firstReading, maxEvery = 8, 64
