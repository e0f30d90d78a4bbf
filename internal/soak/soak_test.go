package main

import (
	"runtime"
	"testing"
	"time"
)

// A soak of two seconds.
func TestSoak(t *testing.T) {
	s := new(soak)
	s.seed.Store(1)
	if !s.run(2 * time.Second) {
		t.Error("it has failed")
	}
	if s.programs.Load() == 0 || s.streams.Load() == 0 || s.tasks.Load() == 0 {
		t.Error("it has run nothing")
	}
}

// What stays behind is found.
func TestCompare(t *testing.T) {
	var kept []byte
	gate := make(chan struct{})
	defer close(gate)
	for what, leak := range map[string]func(){
		"nothing":     func() {},
		"memory":      func() { kept = make([]byte, 2*tolerance) },
		"a goroutine": func() { go func() { <-gate }() },
	} {
		s, before := new(soak), measure()
		leak()
		if s.compare(before, measure()); s.failed.Load() != (what != "nothing") {
			t.Errorf("after a leak of %s: failed is %v", what, s.failed.Load())
		}
	}
	runtime.KeepAlive(kept)
}
