//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"testing"
)

// What a test that hung had started was left running, and took a processor for as long as the machine was up.
func TestTogether_NothingIsLeftRunning(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "sleep 3600 &")
	cmd.Stdout = w
	end := together(cmd)
	err = cmd.Run()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	end()
	if _, err := io.Copy(io.Discard, r); err != nil { // ends when nobody has the other end any more
		t.Error(err)
	}
}
