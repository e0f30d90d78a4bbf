// Package semport is a program from before and after it came to Creche: it hashes the files of a tree, many at once, and bounds how many bytes of them it
// holds in memory. [Before] does it with errgroup and a weighted semaphore, [After] with a group and a weighted limiter. The command in the folder cmd runs
// both, and compares:
//
//	go run -C internal/examples/semport ./cmd ../..
package semport

import "crypto/sha256"

// Sum is the hash of a file.
type Sum = [sha256.Size]byte
