// Command tour shows Creche at work, one chapter a file. Six chapters are short programs that sleep instead of working:
//
//   - gather.go has ten flaky tasks, and three ways to ask what came of them;
//   - wait.go waits for the same ten, for one, for a failure, for all, and until a deadline;
//   - cancel.go cancels the one who waits, and looks at what becomes of the tasks;
//   - connection.go works until it is done, the connection is lost or nobody waits any more;
//   - groups.go nests scopes, and cancels one and then all;
//   - hedge.go asks a second replica when the first is slow.
//
// Three have real input:
//
//   - files.go reads a tree of Go source files, many at a time, and takes the results as they come;
//   - pipeline.go reads the same tree in stages that work at once, and holds few of its files in memory;
//   - crawl.go follows the links of a small web site, each page adding the tasks for the pages it links to.
//
// The remaining files hold what the chapters need and the library has no part in: the command line (main.go), the clock and the
// tasks that sleep (stage.go), the drawing of timelines (timeline.go) and the files with them (recording.go), the progress bar
// (progress.go), the tree of files (tree.go), the count of those in memory (gauge.go), the site that is crawled (site.go) and the live tree
// of all that runs (http.go).
//
// The picture docs/timeline.svg was made by
//
//	go run -C internal/tour . -timeline ../../docs/timeline.svg groups
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const usage = `usage: go run -C internal/tour . [flags] [chapter ...]

Chapters, all of them if none is named:
  gather      ten flaky tasks: Gather, Settle, and a scope that keeps going
  wait        the same ten: wait for the first, for the first failure, for all, until a deadline
  cancel      the one who waits is cancelled: what becomes of the tasks?
  connection  the work is done, the connection is lost or the waiter is cancelled, whichever is first
  groups      three groups of tasks below one scope: one group is cancelled, then all
  hedge       a slow replica of a server, and a fast one
  files       read a tree of Go source files, many at a time, and compare with one after another
  pipeline    filter, hash, batch and reduce the same files, with few of them in memory at a time
  crawl       follow the links of a small web site on a loopback port, slow and broken pages included

The first six tell the time in units of 25 ms, from the start of each of their parts.

Flags:
  -timeline           gather to hedge: draw the tasks of each part below it, one row a task
  -timeline file      all chapters: write a timeline of their scopes and tasks to the file instead, which
                      is named .html, .svg or, for ui.perfetto.dev, .json (a relative path is taken from
                      internal/tour under go run -C)
  -dir folder         files, pipeline: the tree to read (default: the Go distribution's own source;
                      a relative path is taken from internal/tour under go run -C)
  -limit n            files, pipeline (each stage), crawl: the number of tasks that may run at once
                      (1 to 1000, default 8)
  -timeout duration   crawl: the time the whole crawl may take (default 10s)
  -http host:port     serve the live tree of the scopes and tasks, such as 127.0.0.1:6060, while the chapters run:
                      for a browser, and for curl
  -h                  print this text

Ctrl-C or SIGTERM ends a chapter, which prints what was done until then.
Exit status: 0 if all went well, 1 if a chapter failed or was cut short, 2 if the command line is wrong (go run prints
that status and has 1 itself).
`

// maxLimit is as many files and connections as most systems let a process open, or fewer.
const maxLimit = 1000

// A tour is one run of the command: its settings and where it prints.
type tour struct {
	dir      string
	limit    int
	timeout  time.Duration
	timeline timelines
	http     string
	out      io.Writer // what a chapter found
	status   io.Writer // how far it is
}

type chapter struct {
	name string
	run  func(context.Context, *tour) error
}

var chapters = []chapter{
	{"gather", gather},
	{"wait", wait},
	{"cancel", cancel},
	{"connection", connection},
	{"groups", groups},
	{"hedge", hedge},
	{"files", files},
	{"pipeline", pipeline},
	{"crawl", crawl},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default handling is back, so that a second one ends a program that hangs.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command without the process around it. It returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	t := &tour{limit: 8, timeout: 10 * time.Second, out: stdout, status: stderr}
	chosen, err := t.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "tour: %v (-h prints the usage)\n", err)
		return 2
	}
	play := func(ctx context.Context) int { return t.play(ctx, chosen) }
	if t.http == "" {
		return play(ctx)
	}
	status, err := t.showing(ctx, play)
	if err != nil {
		fmt.Fprintf(stderr, "tour: the live tree: %v\n", err)
		return 1
	}
	return status
}

// play runs the chapters one after another, and returns the exit status.
func (t *tour) play(ctx context.Context, chosen []chapter) (status int) {
	for _, chapter := range chosen {
		if ctx.Err() != nil {
			status = 1
			break
		}
		fmt.Fprintf(t.out, "== %s\n", chapter.name)
		if err := t.timeline.record(ctx, chapter.name, func(ctx context.Context) error { return chapter.run(ctx, t) }); err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("interrupted: %w", err)
			}
			fmt.Fprintf(t.status, "tour: %s: %v\n", chapter.name, err)
			status = 1
		}
		fmt.Fprintln(t.out)
	}
	if err := t.timeline.write(); err != nil {
		fmt.Fprintf(t.status, "tour: -timeline: %v\n", err)
		status = 1
	}
	return status
}

// parse reads the command line into t and returns the chapters to run. Flags may stand before and after their names.
func (t *tour) parse(args []string) (chosen []chapter, err error) {
	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints errors and the usage
	flags.BoolFunc("timeline", "", t.timeline.set)
	flags.Func("dir", "", func(value string) error {
		// The empty string is more likely a variable of the shell that is not set than a wish for the default.
		if value == "" {
			return errors.New("it must name a folder")
		}
		info, err := os.Stat(value)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is not a folder", value)
		}
		t.dir = value
		return err
	})
	flags.Func("limit", "", func(value string) (err error) {
		if t.limit, err = strconv.Atoi(value); err != nil || t.limit < 1 || t.limit > maxLimit {
			return fmt.Errorf("it must be a whole number from 1 to %d", maxLimit)
		}
		return nil
	})
	flags.Func("http", "", func(value string) error {
		if _, _, err := net.SplitHostPort(value); err != nil {
			return errors.New("it must be a host and a port, such as 127.0.0.1:6060")
		}
		t.http = value
		return nil
	})
	flags.Func("timeout", "", func(value string) (err error) {
		if t.timeout, err = time.ParseDuration(value); err != nil || t.timeout <= 0 {
			return errors.New("it must be a duration of more than nothing, such as 500ms or 10s")
		}
		return nil
	})
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			break
		}
		name := flags.Arg(0)
		if t.timeline.drawn && t.timeline.into(name) == nil {
			args = flags.Args()[1:]
			continue
		}
		i := slices.IndexFunc(chapters, func(c chapter) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no chapter %q", name)
		}
		chosen, args = append(chosen, chapters[i]), flags.Args()[1:]
	}
	if chosen == nil {
		chosen = chapters
	}
	return chosen, nil
}
