package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/creche-go/creche/group"
)

// crew starts worker processes, and kills the second one if it is to.
type crew struct {
	*fleet
	victim string
}

func newCrew(f *fleet) *crew {
	c := &crew{fleet: f}
	if f.kill {
		c.victim = "worker 2"
	}
	return c
}

// start returns when a worker process is ready. From then on it is a daemon of g: when all else has ended, it is told to end, and
// awaited. That of the victim ends before, which is no failure here.
func (c *crew) start(ctx context.Context, g *group.TaskGroup[struct{}], name, server string) error {
	_, err := group.Start(ctx, g, func(ctx context.Context, ready func(struct{}) bool) error {
		program, err := os.Executable()
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, program, "-dir", c.dir)
		cmd.Env = append(os.Environ(), workerEnv+"="+server, nameEnv+"="+name)
		cmd.Stderr = c.errs
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = 10 * time.Second
		told, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		killed := c.follow(name, told, cmd.Process, func() { ready(struct{}{}) })
		if err := cmd.Wait(); !killed && ctx.Err() == nil {
			return fmt.Errorf("%s has ended by itself: %w", name, err)
		}
		return context.Cause(ctx)
	}, group.Daemon(), group.Name(name))
	return err
}

// follow reads what a worker tells, until it tells no more, and reports whether it was killed meanwhile.
func (c *crew) follow(name string, told io.Reader, p *os.Process, ready func()) (killed bool) {
	hand := map[string]bool{} // what it has in hand
	done := 0
	for lines := bufio.NewScanner(told); lines.Scan(); {
		what, folder, _ := strings.Cut(lines.Text(), " ")
		switch what {
		case isReady:
			ready()
		case "begins":
			hand[folder] = true
		case "ends":
			delete(hand, folder)
			done++
		}
		if name == c.victim && !killed && done >= 1 && len(hand) >= 2 {
			_ = p.Kill()
			killed = true
			fmt.Fprintf(c.out, "%s is killed with %d folders in hand, after %d\n", name, len(hand), done)
		}
	}
	return killed
}
