package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// showing calls play with a context whose scopes are in the live tree, which it serves at the address meanwhile. The server is a daemon of
// the outermost scope, and so in the tree itself.
func (t *tour) showing(ctx context.Context, play func(context.Context) int) (status int, err error) {
	listener, err := net.Listen("tcp", t.http)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(t.status, "the live tree is at http://%s\n", listener.Addr())
	server := &http.Server{Handler: debug.Handler(debug.OlderThan(time.Second))}
	_, err = group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		g.Do(func(ctx context.Context) error {
			defer context.AfterFunc(ctx, func() { _ = server.Close() })() // looks are short: nobody is waited for
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		}, group.Daemon(), group.Name("serve the live tree"))
		status = play(ctx)
		return nil
	}, group.Name("tour"), debug.Observe())
	_ = listener.Close() // open still if the daemon has never begun
	if ctx.Err() != nil {
		err = nil // the chapters have told
	}
	return status, err
}
