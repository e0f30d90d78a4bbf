package creche_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
)

// serve listens on a port of its own, tells ready which, and serves until ctx ends. Requests that run then have a few seconds.
func serve(ctx context.Context, ready func(net.Addr) bool) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err // Start returns it
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })}
	if !ready(listener.Addr()) {
		return listener.Close()
	}
	_, err = group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		g.Do(func(context.Context) error {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err // from now on that is a failure of the scope
			}
			return nil
		}, group.Name("serve"))
		<-ctx.Done()
		return group.Shield(ctx, 5*time.Second, server.Shutdown)
	})
	return err
}

// A server with a handshake: who needs it does not go on before it listens, and its scope does not end before it is shut down.
func Example_server() {
	_, err := group.Run(context.Background(), func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		addr, err := group.Start(ctx, g, serve)
		if err != nil {
			return err
		}
		res, err := http.Get("http://" + addr.String())
		if err != nil {
			return err
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		fmt.Println(string(text), err)
		return err
	}, group.CancelOnReturn())
	fmt.Println(err)
	// Output:
	// hello <nil>
	// <nil>
}
