//go:build race

package waitset_test

// scale says how much less a test does that counts memory: with the race detector each task is many times as dear.
const scale = 20
