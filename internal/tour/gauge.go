package main

import (
	"fmt"
	"io"
	"sync"
)

// A gauge counts the files that are in memory, and remembers the most that there ever were. A file counts from the moment in which its
// reading begins. Tasks may use it at once.
type gauge struct {
	mu                   sync.Mutex
	files, bytes         int // now
	mostFiles, mostBytes int
	allFiles, allBytes   int // that were read
}

// enter counts a file that is about to be read.
func (g *gauge) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.files++
	g.allFiles++
	g.mostFiles = max(g.mostFiles, g.files)
}

// grow counts bytes of a file that has entered.
func (g *gauge) grow(bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bytes += bytes
	g.allBytes += bytes
	g.mostBytes = max(g.mostBytes, g.bytes)
}

// leave is for a file that no stage needs any more.
func (g *gauge) leave(bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.files--
	g.bytes -= bytes
}

// fail is leave for a file that could not be read after all.
func (g *gauge) fail(bytes int) {
	g.leave(bytes)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.allFiles--
	g.allBytes -= bytes
}

func (g *gauge) print(w io.Writer) {
	fmt.Fprintf(w, "in memory at once: at most %d of %d files, and at most %d of %d bytes\n",
		g.mostFiles, g.allFiles, g.mostBytes, g.allBytes)
}
