package testutil

import (
	"bytes"
	"runtime"
	"strings"
)

// LibraryGoroutines counts the living goroutines that the library has started: neither those of its tests nor those of this package.
// In a bubble it counts those of the bubble alone: outside, some of an earlier test may still be on their way out.
func LibraryGoroutines() int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	n, within := 0, ""
	for i, g := range strings.Split(string(buf), "\n\n") {
		head, _, _ := strings.Cut(g, "\n")
		if i == 0 { // the caller
			within = bubble(head)
		}
		_, creator, ok := strings.Cut(g, "created by github.com/creche-go/creche/")
		pkg, _, _ := strings.Cut(creator, ".")
		if ok && bubble(head) == within && !strings.HasSuffix(pkg, "_test") && pkg != "internal/testutil" {
			n++
		}
	}
	return n
}

// bubble returns which bubble a goroutine belongs to, given the first line of its trace: "goroutine 7 [sleep, synctest bubble 5]:".
func bubble(head string) string {
	_, after, _ := strings.Cut(head, "synctest bubble ")
	number, _, _ := strings.Cut(after, "]")
	number, _, _ = strings.Cut(number, ",")
	return number
}

// Goroutine returns what tells the goroutine that calls it from others.
func Goroutine() string {
	buf := make([]byte, 64)
	id, _, _ := bytes.Cut(buf[:runtime.Stack(buf, false)], []byte(" ["))
	return string(id)
}
