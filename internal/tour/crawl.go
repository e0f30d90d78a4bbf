package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/creche-go/creche/group"
)

// patience is the time that one page may take.
const patience = time.Second

// A page is what one task brings back.
type page struct {
	address string
	links   []string
	took    time.Duration
}

// crawl serves a small site and crawls it.
//
// The server is a task like any other, and Run returns only when it has ended. A server that fails cancels the body's ctx and
// with it the crawl. It is closed after the crawl, whatever ended that, so that nobody is cut off while reading.
func crawl(ctx context.Context, t *tour) error {
	site, err := openSite()
	if err != nil {
		return err
	}
	_, err = group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[struct{}]) error {
		g.Do(site.serve, group.Name("server"))
		defer site.close()
		return crawlFrom(ctx, site.url+"/", t)
	})
	return err
}

// crawlFrom fetches the page at start and every page of the same host that can be reached from it.
func crawlFrom(ctx context.Context, start string, t *tour) error {
	fmt.Fprintf(t.out, "crawling %s, %d pages at a time, for %v at most\n", start, t.limit, t.timeout)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()

	// Only this goroutine uses these, never a task. So they need no lock.
	seen := map[string]bool{}
	fetched, failed, barred, sum := 0, 0, 0, time.Duration(0)
	got := func(p page) {
		fetched++
		sum += p.took
		fmt.Fprintf(t.out, "  %4dms  %s\n", p.took.Milliseconds(), p.address)
	}

	began := time.Now()
	late, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[page]) error {
		// The rules are no page, yet their task belongs to the same group. Its handle gives the value to whoever asks.
		robots := group.Go(g, func(ctx context.Context) ([]string, error) {
			return fetchRules(ctx, client, start)
		}, group.Name("robots.txt"), group.Timeout(patience))

		add := func(address string) {
			seen[address] = true
			g.Go(func(ctx context.Context) (page, error) {
				return fetchPage(ctx, client, address)
			}, group.Name(address), group.Timeout(patience))
		}
		add(start)
		for task, ok := g.Next(ctx); ok; task, ok = g.Next(ctx) {
			p, err := task.Result()
			if task.State() == group.Failed {
				failed++
				fmt.Fprintf(t.out, "  failed  %s: %v\n", task.Name(), err)
			}
			if err != nil {
				continue // a broken page is no reason to stop; at the end of the crawl's own time, Next ends the loop
			}
			got(p)
			rules, err := robots.Wait(ctx)
			if err != nil {
				return err
			}
			for _, link := range p.links {
				switch {
				case seen[link]:
				case forbids(rules, link):
					seen[link] = true
					barred++
				default:
					add(link) // the loop goes on until this page, too, has been taken
				}
			}
		}
		return nil
	}, group.Limit(t.limit), group.KeepGoing(), group.Timeout(t.timeout))

	for _, p := range late { // came to their end after the loop
		got(p)
	}
	fmt.Fprintf(t.out, "fetched %d pages in %v; one after another they would have taken %v\n",
		fetched, time.Since(began).Round(time.Millisecond), sum.Round(time.Millisecond))
	fmt.Fprintf(t.out, "failed: %d, barred by robots.txt: %d, not reached: %d\n",
		failed, barred, len(seen)-fetched-failed-barred)
	return err
}

var href = regexp.MustCompile(`href="([^"]*)"`)

// fetchPage reads one page and finds its links to other pages of the same host.
func fetchPage(ctx context.Context, client *http.Client, address string) (page, error) {
	began := time.Now()
	base, err := url.Parse(address)
	if err != nil {
		return page{}, err
	}
	body, err := fetch(ctx, client, address)
	if err != nil {
		return page{}, err
	}
	p := page{address: address, took: time.Since(began)}
	for _, match := range href.FindAllStringSubmatch(body, -1) {
		link, err := base.Parse(match[1])
		if err == nil && link.Host == base.Host {
			link.Fragment = ""
			p.links = append(p.links, link.String())
		}
	}
	return p, nil
}

// fetchRules reads the paths that the site's robots.txt asks every crawler to leave alone. A site need not have one.
func fetchRules(ctx context.Context, client *http.Client, address string) ([]string, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	body, err := fetch(ctx, client, base.JoinPath("/robots.txt").String())
	if errors.Is(err, errNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var rules []string
	for line := range strings.Lines(body) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), "Disallow: "); ok {
			rules = append(rules, path)
		}
	}
	return rules, nil
}

// forbids reports whether one of the rules bars the address.
func forbids(rules []string, address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.ContainsFunc(rules, func(rule string) bool { return strings.HasPrefix(u.Path, rule) })
}

var errNotFound = errors.New("404 Not Found")

// fetch sends the request with its task's context: at the end of that, by whatever cause, the connection is given up.
func fetch(ctx context.Context, client *http.Client, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	var ofURL *url.Error
	if errors.As(err, &ofURL) {
		err = ofURL.Err // the address is in the task's name already
	}
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
		return string(body), err
	case http.StatusNotFound:
		return "", errNotFound
	default:
		return "", errors.New(response.Status)
	}
}
