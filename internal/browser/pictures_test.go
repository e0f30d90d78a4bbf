package browser

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

var pictures = flag.String("pictures", "", "write pictures of the pages to this `folder`, for people to look at")

// save writes what is to be seen to a file in the folder for pictures, as small as it gets without a loss.
func (w *window) save(name string) {
	w.t.Helper()
	shot, err := png.Decode(bytes.NewReader(w.shot()))
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, shot); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), b.Bytes(), 0o666); err != nil {
		w.t.Error(err)
	}
}

// needsFolder skips a test that nobody has asked for.
func needsFolder(t *testing.T) {
	if *pictures == "" {
		t.Skip("needs the flag -pictures")
	}
}

// TestPictures_Readme writes tree.png, of a program that has been running for hours: in a bubble, they take no time.
func TestPictures_Readme(t *testing.T) {
	needsFolder(t)
	w := newWindow(t)
	w.size(1200, 760)
	w.open(served(t, daily(t)))
	w.save("tree")
	w.silent()
}

// TestPictures_Tree writes pictures of the tree for who works on its page.
func TestPictures_Tree(t *testing.T) {
	needsFolder(t)
	w := newWindow(t)
	for _, scheme := range []string{"light", "dark"} {
		w.prefer(scheme)
		w.open(served(t, daily(t)))
		w.save("tree-" + scheme)
		w.open(served(t, daily(t, debug.Stacks())))
		w.save("tree-stacks-" + scheme)
		w.run(scheme, func(t *testing.T) {
			s := openShop(t, tasks)
			w.open(s.url)
			w.do(typeInto("#filter", "fetch 99"))
			w.save("tree-filter-" + scheme)
			w.size(420, 800)
			w.open(s.url)
			w.save("tree-narrow-" + scheme)
			w.size(1280, 860)
			s.close()
			w.is(`document.body.classList.contains("stale")`)
			w.save("tree-no-answer-" + scheme)
		})
	}
}

func served(t *testing.T, page string) (url string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// daily returns the page of a shop in the course of a day.
func daily(t *testing.T, opts ...debug.Option) string {
	var page strings.Builder
	parse := func(context.Context) (int, error) { time.Sleep(730 * time.Millisecond); return 1, nil }
	broken := func(context.Context) (int, error) { return 0, errors.New("no such page") }
	stubborn := func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil }
	synctest.Test(t, func(t *testing.T) {
		group.Run(t.Context(), func(ctx context.Context, g *group.TaskGroup[int]) error {
			g.Go(wait, group.Name("listen on :8080"), group.Daemon())
			pool := group.New[int](ctx, group.Name("mailers"))
			pool.Go(parse)
			time.Sleep(3*time.Hour + 12*time.Minute)
			g.Go(within("catalogue", func(ctx context.Context, g *group.TaskGroup[int]) error {
				for range 340 {
					g.Go(parse, group.Name("parse"))
				}
				for range 6 {
					g.Go(broken, group.Name("fetch"))
				}
				for _, name := range []string{"bread", "rolls", "cakes", "pies", "jam"} {
					g.Go(wait, group.Name("fetch /shelves/"+name))
				}
				return nil
			}, group.Limit(3), group.KeepGoing()), group.Name("refresh the catalogue"))
			time.Sleep(2 * time.Minute)
			g.Go(within("orders", func(ctx context.Context, g *group.TaskGroup[int]) error {
				g.Go(within("order 7001", func(ctx context.Context, g *group.TaskGroup[int]) error {
					g.Go(wait, group.Name("charge the card"))
					g.Go(wait, group.Name("reserve the stock"))
					return nil
				}), group.Name("POST /orders"))
				time.Sleep(41 * time.Second)
				g.Go(within("order 7002", func(ctx context.Context, g *group.TaskGroup[int]) error {
					g.Go(stubborn, group.Name("print the label"))
					g.Go(wait, group.Name("charge the card"))
					time.Sleep(time.Second)
					return errors.New("the connection to the warehouse is lost")
				}), group.Name("POST /orders"))
				return nil
			}, group.KeepGoing()), group.Name("take orders"))
			time.Sleep(53 * time.Second)
			if err := debug.Dump(&page, debug.HTML, append(opts, debug.OlderThan(3*time.Hour))...); err != nil {
				t.Error(err)
			}
			pool.Cancel(nil)
			pool.Wait()
			g.Cancel(nil)
			return nil
		}, group.Name("shop"), group.KeepGoing(), debug.Observe())
	})
	return page.String()
}
