package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
)

// Serve serves l until ctx ends. Then it takes no more requests, and gives those that it has taken the grace to come to their end.
func Serve(ctx context.Context, l net.Listener, h http.Handler, grace time.Duration) error {
	server := &http.Server{Handler: h}
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		g.Do(func(context.Context) error {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		}, group.Name("serve"))
		<-ctx.Done() // somebody wants it to end, or serve has failed
		// Requests have contexts of their own, which do not derive from ctx: they go on meanwhile.
		return group.Shield(ctx, grace, func(ctx context.Context) error {
			if err := server.Shutdown(ctx); err != nil {
				return errors.Join(err, server.Close())
			}
			return nil
		})
	}, group.Name("gateway"))
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, cause) {
		return nil // that it was to end is no failure
	}
	return err
}
