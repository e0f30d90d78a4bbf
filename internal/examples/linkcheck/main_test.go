package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// site returns a site with a cycle, broken links, a slow page and a loop of redirects, and another that it links to.
func site(t *testing.T, handled *atomic.Int32) (address string) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
		}
		fmt.Fprint(w, `<a href="/never-followed">`)
	}))
	t.Cleanup(elsewhere.Close)
	var busy atomic.Int32
	mux := http.NewServeMux()
	page := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if n := busy.Add(1); n > 2 {
				t.Errorf("%d requests at once", n)
			}
			defer busy.Add(-1)
			handled.Add(1)
			fmt.Fprint(w, body)
		})
	}
	page("/{$}", `<a href="a"><a class="x" href="/b#part"><a href="mailto:me@example.org">`)
	page("/a", `<a href="/"><a href="/a#self"><a href="missing"><a href="/slow">`)
	page("/b", `<a href="`+elsewhere.URL+`"><a href="`+elsewhere.URL+`/gone"><a href="/round">`)
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestCheck(t *testing.T) {
	var handled atomic.Int32
	address := site(t, &handled)
	c := checker{client: &http.Client{}, limit: 8, perHost: 2, timeout: 2 * time.Second}
	checked, err := c.check(t.Context(), address+"/")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range checked {
		text := "ok"
		switch {
		case l.err == nil:
		case errors.Is(l.err, context.DeadlineExceeded):
			text = "too slow"
		case strings.Contains(l.err.Error(), "redirects"):
			text = "redirects"
		default:
			text = l.err.Error()
		}
		name := strings.TrimPrefix(l.address, address)
		if name == l.address {
			name = "elsewhere " + l.address[strings.LastIndex(l.address, ":")+6:]
		}
		got[name] = text
	}
	want := map[string]string{"/": "ok", "/a": "ok", "/b": "ok", "/slow": "too slow", "/round": "redirects", "/missing": "404 Not Found",
		"elsewhere ": "ok", "elsewhere /gone": "404 Not Found"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if handled.Load() != 3 {
		t.Errorf("%d pages were read, want each of 3 once", handled.Load())
	}
	var out strings.Builder
	if n := print(&out, checked); n != 4 || !strings.HasSuffix(out.String(), "8 links, 4 broken\n") {
		t.Errorf("%d are broken:\n%s", n, &out)
	}
}

// Whoever interrupts it is told what was found by then.
func TestCheck_Interrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	errStop := errors.New("ctrl-c")
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<a href="/hangs">`) })
	mux.HandleFunc("/hangs", func(_ http.ResponseWriter, r *http.Request) {
		cancel(errStop)
		<-r.Context().Done()
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	c := checker{client: s.Client(), limit: 8, perHost: 2, timeout: time.Minute}
	checked, err := c.check(ctx, s.URL+"/")
	if !errors.Is(err, errStop) || len(checked) != 2 || checked[0].err != nil || !errors.Is(checked[1].err, errStop) {
		t.Errorf("%v, %v", checked, err)
	}
}

func TestCheck_NoAddress(t *testing.T) {
	if _, err := new(checker).check(t.Context(), "no-address"); err == nil {
		t.Error("it was taken for one")
	}
}
