package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// step is a test command.
type step struct {
	dir  string // of the package
	tags string
	race bool
}

// The steps. The exploration runs small programs of the machine under every schedule; what it notices it notices each time.
var (
	engine  = step{dir: "internal/engine"}
	explore = step{dir: "internal/engine", tags: "explore"}
	policy  = step{dir: "internal/policy"}
	group   = step{dir: "group"}
	waitset = step{dir: "waitset"}
	loops   = step{dir: "iter"}
)

func (s step) raced() step { return step{s.dir, s.tags, true} }

// isQuick reports whether the step takes seconds, most of them for the compiler.
func (s step) isQuick() bool { return s != group && !s.race }

func (s step) String() string {
	text := s.dir
	if s.tags != "" {
		text += " -tags " + s.tags
	}
	if s.race {
		text += " -race"
	}
	return text
}

// noticing returns the steps that can notice a mistake in a folder, those that cost least first. Without the race detector nobody notices
// one that it is for.
func noticing(dir string, race bool) (steps []step) {
	switch dir {
	case "internal/engine":
		steps = []step{engine, group, loops, waitset, explore}
	case "internal/policy":
		steps = []step{policy, group, loops}
	}
	if race {
		for _, s := range []step{engine, group, loops, waitset} {
			steps = append(steps, s.raced())
		}
	}
	return steps
}

// result is what a test command came to.
type result int

const (
	passes result = iota
	fails
	hangs      // it did not end within its time
	uncompiled // the compiler noticed
)

// errNoVerdict is for a test command that says nothing about the tests.
var errNoVerdict = errors.New("go test did not come to run the tests")

// run runs the step below root with an overlay, or without one if that is empty. The reason is the first complaint; limit is for the
// tests alone, without the compiler.
func (s step) run(ctx context.Context, root, overlay string, limit time.Duration) (r result, reason string, took time.Duration, err error) {
	args := []string{"test", "-vet=off", "-short", "-failfast", "-count=1", "-timeout=" + limit.String()}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	if s.tags != "" {
		args = append(args, "-tags="+s.tags)
	}
	if s.race {
		args = append(args, "-race")
	} else if runtime.GOOS == "linux" {
		args = append(args, "-exec="+within4GB) // a mutant may ask for memory without end
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+s.dir)...)
	cmd.Dir = root
	cmd.WaitDelay = time.Second
	defer together(cmd)()
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return 0, "", 0, ctx.Err()
	}
	if r, reason, took, ok := verdict(string(out), err == nil); ok {
		return r, reason, took, nil
	}
	return 0, "", 0, fmt.Errorf("%w: %v: %w\n%s", errNoVerdict, s, err, out)
}

const within4GB = `sh -c 'ulimit -v 4194304; exec "$0" "$@"'`

var (
	summary   = regexp.MustCompile(`(?m)^(ok|FAIL)[ \t]+\S+[ \t]+(\S+)`)
	complaint = regexp.MustCompile(`(?m)^\s*(--- FAIL: \S+|panic: .*|fatal error: .*|exit status .*)`)
	misstep   = regexp.MustCompile(`[^/\s]+\.go:\d+:\d+: .*`)
)

// verdict reads what go test has printed. It is not ok if there is no line that sums up.
func verdict(out string, passed bool) (r result, reason string, took time.Duration, ok bool) {
	sum := summary.FindStringSubmatch(out)
	switch {
	case sum == nil || sum[2] == "[setup":
		return 0, "", 0, false
	case sum[1] == "ok":
		took, err := time.ParseDuration(sum[2])
		return passes, "", took, passed && err == nil
	case passed:
		return 0, "", 0, false
	case sum[2] == "[build":
		return uncompiled, misstep.FindString(out), 0, true
	case strings.Contains(out, "panic: test timed out after"):
		return hangs, "", 0, true
	}
	return fails, strings.TrimPrefix(strings.TrimSpace(complaint.FindString(out)), "--- FAIL: "), 0, true
}
