package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// asCommand, in the environment, makes the test binary the command itself: only a process of its own can be sent a signal.
const asCommand = "TOUR_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// A signaller sends its process the signal when that prints something for the first time.
type signaller struct {
	printed bytes.Buffer // not embedded: io.Copy would call its ReadFrom instead of Write
	process *exec.Cmd
	signal  os.Signal
}

func (s *signaller) Write(p []byte) (int, error) {
	if s.printed.Len() == 0 {
		if err := s.process.Process.Signal(s.signal); err != nil {
			return 0, err
		}
	}
	return s.printed.Write(p)
}

func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent these signals")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			// So many chapters do not come to their end before the signal.
			command := exec.CommandContext(t.Context(), os.Args[0], slices.Repeat([]string{"wait"}, 30)...)
			command.Env = append(os.Environ(), asCommand+"=1")
			stdout := &signaller{process: command, signal: signal}
			var stderr bytes.Buffer
			command.Stdout, command.Stderr = stdout, &stderr
			err := command.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 { // -1 if the signal itself ended it
				t.Errorf("ended with %v, want exit status 1", err)
			}
			has(t, stderr.String(), "tour: wait: interrupted: ")
			if n := strings.Count(stdout.printed.String(), "== wait\n"); n != 1 {
				t.Errorf("%d chapters began, want 1", n)
			}
		})
	}
}
