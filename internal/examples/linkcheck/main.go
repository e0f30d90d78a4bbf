// Command linkcheck follows the links of a web site and tells which are broken:
//
//	go run ./internal/examples/linkcheck https://example.org
//
// Pages of the site are read, and what they link to is checked, also elsewhere. Each address is asked once, a few at a time in all and fewer per host.
// Ctrl-C ends it in order: what was found by then is told.
//
// It shows tasks that start tasks under a limit (the scope ends when there are none left), limiters that several tasks share, a timeout for each task, and
// handles whose failures are the result and not the end.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/creche-go/creche/group"
)

func main() {
	log.SetFlags(0)
	c := checker{client: http.DefaultClient}
	flag.IntVar(&c.limit, "limit", 16, "ask for at most so many addresses at once")
	flag.IntVar(&c.perHost, "per-host", 4, "and for at most so many of one host")
	flag.DurationVar(&c.timeout, "timeout", 10*time.Second, "give an address so long")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: linkcheck [flags] address")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	checked, err := c.check(ctx, flag.Arg(0))
	if print(os.Stdout, checked) > 0 || err != nil {
		if err != nil {
			log.Print(err)
		}
		os.Exit(1)
	}
}

// checker is what the command line says.
type checker struct {
	client         *http.Client
	limit, perHost int
	timeout        time.Duration
}

// link is an address, and what came of asking for it.
type link struct {
	address string
	from    string // the page that it was first found on
	err     error
}

// crawl is one run of a checker.
type crawl struct {
	*checker
	g    *group.TaskGroup[struct{}]
	site string // the host whose pages are read

	mu    sync.Mutex
	hosts map[string]*group.Limiter
	seen  map[string]bool
	links map[string]*group.Task[struct{}] // by addresses
	from  map[string]string
}

// check returns what was checked, in the order of the addresses. The error says why that is not all.
func (c *checker) check(ctx context.Context, address string) ([]link, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" {
		return nil, fmt.Errorf("linkcheck: %q is not an address: %w", address, errors.Join(err, errors.ErrUnsupported))
	}
	run := &crawl{checker: c, site: start.Host, hosts: map[string]*group.Limiter{}, seen: map[string]bool{}, links: map[string]*group.Task[struct{}]{}, from: map[string]string{}}
	_, err = group.Run(ctx, func(_ context.Context, g *group.TaskGroup[struct{}]) error {
		run.g = g
		run.add(start, "")
		return nil
	}, group.Name("linkcheck"), group.Limit(c.limit), group.KeepGoing(), group.IgnoreFunc(func(err error) bool {
		return !errors.Is(err, context.Canceled) // a broken link is a result
	}))
	var all []link
	for address, task := range run.links {
		if task.State() != group.NotStarted {
			all = append(all, link{address, run.from[address], task.Err()})
		}
	}
	slices.SortFunc(all, func(a, b link) int { return cmp.Compare(a.address, b.address) })
	return all, err
}

// add starts a task for an address that was not seen before. Tasks call it, too: Go does not wait, whatever the limit.
func (c *crawl) add(u *url.URL, from string) {
	u.Fragment = ""
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.Scheme != "http" && u.Scheme != "https" || c.seen[u.String()] {
		return
	}
	c.seen[u.String()] = true
	host := c.hosts[u.Host]
	if host == nil {
		host = group.NewLimiter(c.perHost)
		c.hosts[u.Host] = host
	}
	c.from[u.String()] = from
	c.links[u.String()] = c.g.Do(func(ctx context.Context) error { return c.visit(ctx, u, host) }, group.Name(u.String()))
}

// visit asks for an address when its host has room, and reads the links of a page of the site.
func (c *crawl) visit(ctx context.Context, u *url.URL, host *group.Limiter) error {
	_, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[struct{}]) error {
		g.Do(func(ctx context.Context) error { return c.read(ctx, u) }, group.Timeout(c.timeout))
		return nil
	}, group.SharedLimit(host), group.FirstError())
	return err
}

var href = regexp.MustCompile(`<a\s[^>]*href="([^"]+)"`)

func (c *crawl) read(ctx context.Context, u *url.URL) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	answer, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		return errors.New(answer.Status)
	}
	if answer.Request.URL.Host != c.site {
		return nil
	}
	page, err := io.ReadAll(io.LimitReader(answer.Body, 10<<20))
	if err != nil {
		return err
	}
	for _, m := range href.FindAllSubmatch(page, -1) {
		if to, err := answer.Request.URL.Parse(string(m[1])); err == nil {
			c.add(to, u.String())
		}
	}
	return nil
}

// print writes the broken links and returns how many there are.
func print(w io.Writer, checked []link) (broken int) {
	for _, l := range checked {
		if l.err != nil {
			broken++
			fmt.Fprintf(w, "%s\n\ton %s\n\t%v\n", l.address, cmp.Or(l.from, "the command line"), l.err)
		}
	}
	fmt.Fprintf(w, "%d links, %d broken\n", len(checked), broken)
	return broken
}
