package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// A site is a small library of shelves and books, served on a free loopback port: 55 pages that link to one another in
// circles, some slow, some broken, one that never answers.
type site struct {
	url      string
	listener net.Listener
	server   *http.Server
}

func openSite() (*site, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &site{
		url:      "http://" + listener.Addr().String(),
		listener: listener,
		server:   &http.Server{Handler: http.HandlerFunc(answer)},
	}, nil
}

// serve answers until close is called. It does not listen to ctx: its clients do, and it must not close before them.
func (s *site) serve(context.Context) error {
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// close ends serve. It waits for the pages that are being written, but not for ever: somebody with a browser may have asked
// for the one that never comes.
func (s *site) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
	_ = s.listener.Close() // open still if serve has never begun
}

const shelves, books = 6, 48

func answer(w http.ResponseWriter, r *http.Request) {
	delay := 20 * time.Millisecond
	var links []string
	var n int
	switch path := r.URL.Path; {
	case path == "/robots.txt":
		fmt.Fprintln(w, "User-agent: *\nDisallow: /staff/")
		return
	case path == "/":
		links = append(links, "/staff/rota")
		for n := range shelves {
			links = append(links, fmt.Sprintf("/shelf/%d", n+1))
		}
	case scan(path, "/shelf/%d", &n, shelves):
		links = append(links, "/", fmt.Sprintf("/shelf/%d", n%shelves+1))
		for book := n; book <= books; book += shelves {
			links = append(links, fmt.Sprintf("/book/%d", book))
		}
		if n == shelves {
			links = append(links, "/book/lost") // not found
		}
	case path == "/book/13":
		http.Error(w, "the book fell behind the shelf", http.StatusInternalServerError)
		return
	case path == "/book/27": // never answers
		<-r.Context().Done()
		return
	case scan(path, "/book/%d", &n, books):
		links = append(links, fmt.Sprintf("../shelf/%d", (n-1)%shelves+1))
		if n%7 == 0 {
			delay = 150 * time.Millisecond
		}
	default:
		http.NotFound(w, r)
		return
	}
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
		return
	}
	var page strings.Builder
	for _, link := range links {
		fmt.Fprintf(&page, "<li><a href=%q>%[1]s</a>\n", link)
	}
	fmt.Fprintf(w, "<!doctype html><title>%s</title><ul>\n%s</ul>\n", r.URL.Path, page.String())
}

// scan reports whether path has the given form with a number from 1 to the last.
func scan(path, form string, n *int, last int) bool {
	_, err := fmt.Sscanf(path, form, n)
	return err == nil && *n >= 1 && *n <= last && path == fmt.Sprintf(form, *n)
}
