package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// tourOf runs the command and returns its exit status and what it printed.
func tourOf(ctx context.Context, args ...string) (status int, stdout, stderr string) {
	var out, progress bytes.Buffer
	status = run(ctx, args, &out, &progress)
	return status, out.String(), progress.String()
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the output lacks %q:\n%s", part, text)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A cutter calls cancel once the given number of writes has been made to it.
type cutter struct {
	bytes.Buffer
	after  int
	cancel func()
}

func (c *cutter) Write(p []byte) (int, error) {
	if c.after--; c.after == 0 {
		c.cancel()
	}
	return c.Buffer.Write(p)
}

func TestWrongCommandLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	write(t, file, "package a\n")
	for _, test := range []struct {
		args    []string
		message string
	}{
		{[]string{"file"}, `there is no chapter "file"`},
		{[]string{"files", "crowl"}, `there is no chapter "crowl"`},
		{[]string{"-fast"}, "flag provided but not defined: -fast"},
		{[]string{"files", "-limit", "abc"}, `invalid value "abc" for flag -limit: it must be a whole number from 1 to 1000`},
		{[]string{"-limit", "0"}, `invalid value "0" for flag -limit: `},
		{[]string{"-limit", "1001"}, `invalid value "1001" for flag -limit: `},
		{[]string{"-timeout", "-1s"}, `invalid value "-1s" for flag -timeout: it must be a duration of more than nothing`},
		{[]string{"-timeout", "soon"}, `invalid value "soon" for flag -timeout: it must be a duration`},
		{[]string{"-http", "6060"}, `invalid value "6060" for flag -http: it must be a host and a port, such as 127.0.0.1:6060`},
		{[]string{"files", "-dir", ""}, `invalid value "" for flag -dir: it must name a folder`},
		{[]string{"files", "-dir", filepath.Join(file, "..", "none")}, "for flag -dir: "},
		{[]string{"files", "-dir", file}, "is not a folder"},
		{[]string{"pipeline", "-dir", filepath.Join(file, "..", "none")}, "for flag -dir: "},
	} {
		status, stdout, stderr := tourOf(t.Context(), test.args...)
		if status != 2 || stdout != "" {
			t.Errorf("%q: status %d and output %q, want 2 and none", test.args, status, stdout)
		}
		has(t, stderr, "tour: ", test.message, " (-h prints the usage)\n")
		if n := strings.Count(stderr, "\n"); n != 1 {
			t.Errorf("%q: a message of %d lines, want 1:\n%s", test.args, n, stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	status, stdout, stderr := tourOf(t.Context(), "files", "-h")
	if status != 0 || stderr != "" {
		t.Errorf("status %d and messages %q, want 0 and none", status, stderr)
	}
	has(t, stdout, "usage: ", "files", "crawl", "-dir", "-limit", "-timeout")
}

func TestCrawl(t *testing.T) {
	status, stdout, stderr := tourOf(t.Context(), "crawl")
	if status != 0 {
		t.Errorf("status %d, want 0; %s", status, stderr)
	}
	has(t, stdout, "== crawl", "/shelf/6\n", "/book/48\n",
		"/book/lost: 404 Not Found\n", "/book/13: 500 Internal Server Error\n",
		"fetched 53 pages", "failed: 3, barred by robots.txt: 1, not reached: 0")
	if n := strings.Count(stdout, "/shelf/1\n"); n != 1 {
		t.Errorf("/shelf/1 was fetched %d times, want once:\n%s", n, stdout)
	}
}

func TestCrawlOneAtATime(t *testing.T) {
	var now, peak atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peak.Store(max(peak.Load(), now.Add(1)))
		defer now.Add(-1)
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/a">a</a> <a href="b#part">b</a> <a href="http://elsewhere.invalid/">c</a> <a href="%zz">d</a>`)
		case "/a", "/b":
			fmt.Fprint(w, `<a href="/">home</a>`)
		default: // no robots.txt
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	var out bytes.Buffer
	err := crawlFrom(t.Context(), server.URL+"/", &tour{limit: 1, timeout: time.Minute, out: &out})
	if err != nil {
		t.Error(err)
	}
	has(t, out.String(), "/a\n", "/b\n", "fetched 3 pages", "failed: 0, barred by robots.txt: 0, not reached: 0")
	if peak.Load() != 1 {
		t.Errorf("%d requests at once, want 1", peak.Load())
	}
}

func TestCrawlWithoutRules(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.Error(w, "", http.StatusTeapot)
		}
	}))
	defer server.Close()
	var out bytes.Buffer
	err := crawlFrom(t.Context(), server.URL, &tour{limit: 2, timeout: time.Minute, out: &out})
	if err == nil || err.Error() != "418 I'm a teapot" {
		t.Errorf("got the error %v, want that of robots.txt, once", err)
	}
}

func TestCrawlRunsOutOfTime(t *testing.T) {
	status, stdout, stderr := tourOf(t.Context(), "-timeout", "400ms", "crawl")
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stdout, "fetched ", "not reached: ")
	has(t, stderr, "tour: crawl: ", "400ms")
}

func TestCrawlInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cut := &cutter{after: 6, cancel: func() { cancel(errors.New("Ctrl-C")) }}
	var messages bytes.Buffer
	if status := run(ctx, []string{"crawl"}, cut, &messages); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, cut.String(), "fetched ", "not reached: ")
	// What follows is Ctrl-C, or a broken page that was all that had not been taken.
	has(t, messages.String(), "tour: crawl: interrupted: ")
	if strings.Contains(cut.String(), "not reached: 0") {
		t.Errorf("the crawl went on:\n%s", cut.String())
	}
}

func TestInterruptedBetweenChapters(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if status, stdout, _ := tourOf(ctx); status != 1 || stdout != "" {
		t.Errorf("status %d and output %q, want 1 and none", status, stdout)
	}
}
