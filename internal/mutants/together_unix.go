//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// together keeps the processes that cmd starts, and those that they start, in one group, all of which the function that it returns kills: a
// test that ran out of time leaves behind what it has started.
func together(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	end = func() {
		if cmd.Process != nil {
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	}
	cmd.Cancel = func() error { end(); return nil }
	return end
}
