package testutil

import (
	"bytes"
	"runtime"
	"strings"
)

// LibraryGoroutines counts the living goroutines that the library has started: neither those of its tests nor those of this package.
func LibraryGoroutines() int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	n := 0
	for _, creator := range strings.Split(string(buf), "created by github.com/creche-go/creche/")[1:] {
		pkg, _, _ := strings.Cut(creator, ".")
		if !strings.HasSuffix(pkg, "_test") && pkg != "internal/testutil" {
			n++
		}
	}
	return n
}

// Goroutine returns what tells the goroutine that calls it from others.
func Goroutine() string {
	buf := make([]byte, 64)
	id, _, _ := bytes.Cut(buf[:runtime.Stack(buf, false)], []byte(" ["))
	return string(id)
}
