// Command fleet counts the Go files of a tree, as the tour's chapter files does, but in three worker processes that get their work from a Temporal server:
//
//	go run -C internal/examples/fleet . -kill
//
// The server runs in this process, the workers are the same program, started again. With -kill one of them is killed while it has work in
// hand: the server misses its heartbeats, gives its work to another, and each file is counted once all the same.
//
// What the loop does is in count.go, and it is what it would be without a fleet: a task is a function, wherever it runs. worker.go is what the workers
// do, and process.go how they are started and lost.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/temporaltest"

	"github.com/creche-go/creche/group"
)

func main() {
	log.SetFlags(0)
	f := fleet{out: os.Stdout, errs: os.Stderr, workers: 3}
	flag.StringVar(&f.dir, "dir", "../../..", "count the Go files below this `folder`")
	flag.BoolVar(&f.kill, "kill", false, "kill a worker that has work in hand")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if w := os.Getenv(workerEnv); w != "" {
		if err := work(ctx, w, f.dir, os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	if _, err := f.run(ctx); err != nil {
		log.Fatal(err)
	}
}

// fleet is what the command line says.
type fleet struct {
	out, errs io.Writer
	dir       string
	workers   int
	kill      bool
	attempts  int32 // at a folder; 0 for five
}

// run counts the tree with a fleet, and then without, and returns how the first went.
func (f *fleet) run(ctx context.Context) (*tally, error) {
	server := temporaltest.NewServer()
	defer server.Stop()
	c, err := client.Dial(client.Options{HostPort: server.GetFrontendHostPort(), Namespace: server.GetDefaultNamespace(), Logger: silent})
	if err != nil {
		return nil, err
	}
	defer c.Close()

	t := newTally()
	_, err = group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		crew := newCrew(f)
		for i := range f.workers {
			name := fmt.Sprintf("worker %d", i+1)
			if err := crew.start(ctx, g, name, server.GetFrontendHostPort()+" "+server.GetDefaultNamespace()); err != nil {
				return err
			}
		}
		fmt.Fprintf(f.out, "%d workers are ready\n", f.workers)
		return count(ctx, c, f, t)
	}, group.Name("fleet"))
	if err != nil {
		return t, err
	}
	t.print(f.out)
	alone, err := countAlone(ctx, f.dir)
	if err != nil {
		return t, err
	}
	fmt.Fprintf(f.out, "without a fleet: %d files, %d lines\n", alone.files, alone.lines)
	if alone.files != t.files || alone.lines != t.lines {
		return t, errors.New("the two counts differ")
	}
	return t, nil
}

// silent is for what the SDK has to tell when a worker is killed, which is the point here.
var silent = sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
