package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
)

const (
	queue        = "files"
	activityName = "count"
	workerEnv    = "FLEET_WORKER" // address and namespace of the server, for a process that is to be a worker
	nameEnv      = "FLEET_NAME"
)

// pace is how long a worker takes for a file at the least, so that there is something to see.
const pace = 5 * time.Millisecond

// work is what a worker process does until ctx ends. It tells its parent what it does, a line each.
func work(ctx context.Context, server, dir string, out io.Writer) error {
	address, namespace, _ := strings.Cut(server, " ")
	name := os.Getenv(nameEnv)
	c, err := client.Dial(client.Options{HostPort: address, Namespace: namespace, Logger: silent, Identity: name})
	if err != nil {
		return err
	}
	defer c.Close()
	var mu sync.Mutex
	tell := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(out, format+"\n", args...)
	}
	w := worker.New(c, queue, worker.Options{MaxConcurrentActivityExecutionSize: 4})
	w.RegisterActivityWithOptions(func(ctx context.Context, folder string) (report, error) {
		tell(begins, folder)
		defer tell(ends, folder)
		r, err := countFolder(dir, folder, func() {
			activity.RecordHeartbeat(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(pace):
			}
		})
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		r.Worker, r.Attempt = name, activity.GetInfo(ctx).Attempt
		return r, err
	}, activity.RegisterOptions{Name: activityName})
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	tell(isReady)
	<-ctx.Done()
	return nil
}

// What a worker tells.
const (
	isReady = "ready"
	begins  = "begins %s"
	ends    = "ends %s"
)
