package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// A scene is a program that is looked at: a shop, in which not all is well.
type scene struct {
	url   string
	shop  *group.TaskGroup[int]
	close func() // the server
}

// hostile is a name that must be shown and not obeyed.
const hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)> \"quoted\" \n\x1b[31m \u202edesrever"

var errLost = errors.New(`the connection to "<b>warehouse</b>" is lost`)

// openShop begins a scene with so many tasks that crawl, and some others.
func openShop(t *testing.T, crawling int) *scene {
	s := &scene{shop: group.New[int](context.Background(), group.Name("shop"), group.KeepGoing(), debug.Observe())}
	freed := make(chan struct{})
	stubborn := func(context.Context) (int, error) { <-freed; return 0, nil }
	var pool *group.TaskGroup[int]

	var ready sync.WaitGroup
	ready.Add(2)
	s.shop.Go(within("catalogue", func(ctx context.Context, g *group.TaskGroup[int]) error {
		for range 140 {
			g.Go(func(context.Context) (int, error) { return 1, nil }, group.Name("parse"))
		}
		for i := range crawling {
			g.Go(wait, group.Name(fmt.Sprintf("fetch /articles/%d", 100+i)))
		}
		ready.Done()
		return nil
	}, group.Limit(max(1, crawling*3/4))), group.Name("refresh the catalogue"))

	s.shop.Go(within("orders", func(ctx context.Context, g *group.TaskGroup[int]) error {
		g.Go(within("order 7001", func(ctx context.Context, g *group.TaskGroup[int]) error {
			g.Go(wait, group.Name("charge the card"))
			g.Go(wait, group.Name("reserve the stock"))
			return nil
		}), group.Name("POST /orders"))
		g.Go(within("order 7002", func(ctx context.Context, g *group.TaskGroup[int]) error {
			begun := make(chan struct{})
			g.Go(func(ctx context.Context) (int, error) { close(begun); return stubborn(ctx) }, group.Name("print the label"))
			g.Go(wait, group.Name("charge the card"))
			<-begun
			return errLost
		}), group.Name("POST /orders"))
		g.Go(wait, group.Name(hostile))
		pool = group.New[int](ctx, group.Name("workers"))
		ready.Done()
		return nil
	}, group.KeepGoing()), group.Name("take orders"))
	s.shop.Go(wait, group.Name("listen on :8080"), group.Daemon())
	ready.Wait()

	server := httptest.NewServer(debug.Handler(debug.OlderThan(time.Minute)))
	s.url = server.URL
	s.close = sync.OnceFunc(func() { server.CloseClientConnections(); server.Close() })
	t.Cleanup(func() {
		s.close()
		close(freed)
		pool.Wait()
		s.shop.Cancel(nil)
		s.shop.Wait()
	})
	return s
}

// within makes a task that opens a scope.
func within(name string, body func(context.Context, *group.TaskGroup[int]) error, opts ...group.Option) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		_, err := group.Run(ctx, body, append(opts, group.Name(name))...)
		return 0, err
	}
}

func wait(ctx context.Context) (int, error) { <-ctx.Done(); return 0, context.Cause(ctx) }
