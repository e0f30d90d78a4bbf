package main

import (
	"bytes"
	"context"
	"crypto/sha256"
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
		{[]string{"files", "-dir", ""}, `invalid value "" for flag -dir: it must name a folder`},
		{[]string{"files", "-dir", filepath.Join(file, "..", "none")}, "for flag -dir: "},
		{[]string{"files", "-dir", file}, "is not a folder"},
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

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 12 {
		write(t, filepath.Join(dir, fmt.Sprint("p", i), "a.go"), "package p\n"+strings.Repeat("//\n", i))
	}
	write(t, filepath.Join(dir, "copy.go"), "package p\n")
	write(t, filepath.Join(dir, "notes.txt"), "no Go file")
	status, stdout, stderr := tourOf(t.Context(), "files", "-dir", dir, "-limit", "3")
	if status != 0 {
		t.Errorf("status %d, want 0; %s", status, stderr)
	}
	has(t, stdout, "== files", "read 13 of 13 files: 79 lines, 328 bytes, 12 different contents", "p11/a.go", "p2/a.go",
		fmt.Sprintf("%x", sha256.Sum256([]byte("package p\n"+strings.Repeat("//\n", 11))))[:8], "one after another: ")
	for _, part := range []string{"p1/a.go", "crawl"} { // not among the ten largest; not asked for
		if strings.Contains(stdout, part) {
			t.Errorf("the output has %q:\n%s", part, stdout)
		}
	}
	has(t, stderr, "3 at a time: 13 of 13\n", "one after another: 13 of 13\n")
}

func TestFilesReportsWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good.go"), "package p\n")
	// A link that leads nowhere cannot be read by root either.
	if err := os.Symlink("nowhere", filepath.Join(dir, "bad.go")); err != nil {
		t.Skip(err)
	}
	status, stdout, stderr := tourOf(t.Context(), "files", "-dir", dir)
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stdout, "read 1 of 2 files", "failed: open bad.go: ", "good.go")
	has(t, stderr, "tour: files: 1 of the files and folders could not be read")
}

func TestFilesOfClosedFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good.go"), "package p\n")
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadDir(closed); err == nil {
		t.Skip("this user may read everything")
	}
	status, stdout, _ := tourOf(t.Context(), "files", "-dir", dir)
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stdout, "read 1 of 1 files", "failed: open closed: ")
}

func TestFilesOfEmptyFolder(t *testing.T) {
	status, _, stderr := tourOf(t.Context(), "files", "-dir", t.TempDir())
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stderr, "tour: files: there is nothing to read")
}

func TestFilesThroughSymlink(t *testing.T) {
	// Some distributions of Go have a link for GOROOT/src.
	dir := t.TempDir()
	write(t, filepath.Join(dir, "src", "a.go"), "package a\n")
	link := filepath.Join(dir, "link")
	if err := os.Symlink("src", link); err != nil {
		t.Skip(err)
	}
	_, stdout, _ := tourOf(t.Context(), "files", "-dir", link)
	has(t, stdout, "read 1 of 1 files")
}

func TestFilesInterrupted(t *testing.T) {
	dir := t.TempDir()
	for i := range 40 {
		write(t, filepath.Join(dir, fmt.Sprintf("f%d.go", i)), "package f\n")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cut := &cutter{after: 1, cancel: func() { cancel(errors.New("Ctrl-C")) }}
	var out bytes.Buffer
	if status := run(ctx, []string{"files", "-dir", dir, "-limit", "1"}, &out, cut); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, out.String(), "of 40 files: ") // what was done
	has(t, cut.String(), "tour: files: interrupted: Ctrl-C\n")
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
