package main

import (
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	tests := []struct {
		name   string
		out    string
		passed bool
		want   result
		reason string
		took   time.Duration
		ok     bool
	}{
		{"passes", "ok  \texample/p\t1.250s\n", true, passes, "", 1250 * time.Millisecond, true},
		{"fails", "--- FAIL: TestA (0.00s)\n    a_test.go:1: got 1\nFAIL\nFAIL\texample/p\t0.002s\nFAIL\n", false, fails, "TestA", 0, true},
		{"panics", "panic: runtime error: x\n\ngoroutine 1:\nFAIL\texample/p\t0.002s\nFAIL\n", false, fails, "panic: runtime error: x", 0, true},
		{"exits", "exit status 3\nFAIL\texample/p\t0.002s\nFAIL\n", false, fails, "exit status 3", 0, true},
		{"hangs", "panic: test timed out after 1s\n\trunning tests:\nFAIL\texample/p\t1.004s\nFAIL\n", false, hangs, "", 0, true},
		{"is not compiled", "# example/p\n/x/a.go:3:2: undefined: y\nFAIL\texample/p [build failed]\nFAIL\n", false, uncompiled, "a.go:3:2: undefined: y", 0, true},
		{"is not there", "# ./nowhere\nstat nowhere: directory not found\nFAIL\t./nowhere [setup failed]\nFAIL\n", false, passes, "", 0, false},
		{"is not begun", "go: no such tool\n", false, passes, "", 0, false},
		{"says one thing and does another", "ok  \texample/p\t1.250s\n", false, passes, "", 0, false},
	}
	for _, tt := range tests {
		r, reason, took, ok := verdict(tt.out, tt.passed)
		if ok != tt.ok || ok && (r != tt.want || reason != tt.reason || took != tt.took) {
			t.Errorf("%s: got %d, %q, %v, %v, want %d, %q, %v, %v", tt.name, r, reason, took, ok, tt.want, tt.reason, tt.took, tt.ok)
		}
	}
}

// Each folder that mutants are generated in has steps, and they are cheap ones first: the tests of the package itself.
func TestNoticing(t *testing.T) {
	for _, dir := range folders {
		if s := noticing(dir, false); len(s) == 0 || s[0] != (step{dir: dir}) {
			t.Errorf("%s: %v", dir, s)
		}
	}
}
