//go:build !race

package waitset_test

// scale says how much less a test does that counts memory.
const scale = 1
