package site_test

import (
	"runtime"
	"testing"

	"github.com/creche-go/creche/internal/site"
)

//go:noinline
func opened() (fast, slow uintptr) { return site.Caller(), site.Walk() }

//go:noinline
func openedFor[T any](T) (fast, slow uintptr) { return site.Caller(), site.Walk() }

type opener struct{ _ [4]int }

//go:noinline
func (opener) open() (fast, slow uintptr) { return site.Caller(), site.Walk() }

func inlined() (fast, slow uintptr) { return opened() }

// However a function is called, the line of its caller is the one that the runtime tells. Only where the compiler puts a function of its own
// between the two, as it does for method values, it is that one's.
func TestCaller(t *testing.T) {
	if runtime.Compiler != "gc" {
		t.Skip("there is one way only")
	}
	byValue := opened
	tests := map[string]func() (uintptr, uintptr){
		"direct":           func() (uintptr, uintptr) { return opened() },
		"generic":          func() (uintptr, uintptr) { return openedFor("x") },
		"generic, struct":  func() (uintptr, uintptr) { return openedFor([100]int{}) },
		"method":           func() (uintptr, uintptr) { return opener{}.open() },
		"through inlining": func() (uintptr, uintptr) { return inlined() },
		"func value":       func() (uintptr, uintptr) { return byValue() },
		"deferred": func() (fast, slow uintptr) {
			defer func() { fast, slow = opened() }()
			return 0, 0
		},
		"own goroutine": func() (fast, slow uintptr) {
			done := make(chan bool)
			go func() { fast, slow = opened(); close(done) }()
			<-done
			return fast, slow
		},
		"while panicking": func() (fast, slow uintptr) {
			defer func() { recover(); fast, slow = opened() }()
			panic("x")
		},
		"big frame": func() (fast, slow uintptr) {
			var big [1 << 16]byte
			fast, slow = opened()
			runtime.KeepAlive(&big)
			return fast, slow
		},
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			fast, slow := call()
			file, line := site.Line(fast)
			wantFile, wantLine := site.Line(slow)
			if file != wantFile || line != wantLine {
				t.Errorf("got %s:%d, want %s:%d", file, line, wantFile, wantLine)
			}
		})
	}
}

func BenchmarkCaller(b *testing.B) {
	for b.Loop() {
		site.Caller()
	}
}
