package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// changing is what two runs of a chapter that reads files may print differently.
var changing = regexp.MustCompile(`\d+(\.\d+)?m?s\b|on \d+ processors`)

func TestFilesTranscript(t *testing.T) {
	status, stdout, stderr := tourOf(t.Context(), "files", "-dir", "testdata/tree", "-limit", "3")
	if status != 0 {
		t.Errorf("status %d, want 0; %s", status, stderr)
	}
	golden(t, "files", changing.ReplaceAllString(stdout, "..."))
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
		fmt.Sprintf("%x", sha256.Sum256([]byte("package p\n"+strings.Repeat("//\n", 11))))[:8], "one after another in ", "3 at a time on ")
	for _, part := range []string{"p1/a.go", "crawl"} { // not among the ten largest; not asked for
		if strings.Contains(stdout, part) {
			t.Errorf("the output has %q:\n%s", part, stdout)
		}
	}
	has(t, stderr, "first reading: 13 of 13\n", "3 at a time: 13 of 13\n", "one after another: 13 of 13\n")
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

func TestGoFilesIsLazy(t *testing.T) {
	tree := &opened{FS: fstest.MapFS{"a/a.go": {}, "b/b.go": {}, "c/c.go": {}}}
	for path := range goFiles(t.Context(), tree, func(err error) { t.Error(err) }) {
		if path == "b/b.go" {
			break
		}
	}
	if diff := cmp.Diff([]string{".", "a", "b"}, tree.paths); diff != "" {
		t.Errorf("not the folders up to the one that has the last file (-want +got):\n%s", diff)
	}
}

// opened is a tree that knows which paths were opened.
type opened struct {
	fs.FS
	paths []string
}

func (o *opened) Open(path string) (fs.File, error) {
	o.paths = append(o.paths, path)
	return o.FS.Open(path)
}

func (o *opened) Stat(path string) (fs.FileInfo, error) { return fs.Stat(o.FS, path) }

func TestGoFilesPassesOverLinksToFolders(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.go"), "package a\n")
	for link, to := range map[string]string{"b.go": "a.go", "folder.go": ".", "nowhere.go": "none"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	got := slices.Collect(goFiles(t.Context(), os.DirFS(dir), func(err error) { t.Error(err) }))
	if diff := cmp.Diff([]string{"a.go", "b.go", "nowhere.go"}, got); diff != "" {
		t.Errorf("not the files, and what is tried although it leads nowhere (-want +got):\n%s", diff)
	}
}

// TestReadPiecesNamesThePathInTheTree has a file whose error has a longer path, as have those of os.DirFS once they are open.
func TestReadPiecesNamesThePathInTheTree(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder.go"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := readPieces(t.Context(), os.DirFS(dir), "folder.go", func([]byte) {})
	if err == nil || strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "folder.go") {
		t.Errorf("got the error %v, want one that has the path folder.go and not %s", err, dir)
	}
}

// A slowTree has files each of which takes some time to open.
type slowTree struct {
	fstest.MapFS
	delay func(path string) time.Duration
}

func (s slowTree) Open(path string) (fs.File, error) {
	time.Sleep(s.delay(path))
	return s.MapFS.Open(path)
}

func manyFiles(n int) fstest.MapFS {
	tree := fstest.MapFS{}
	for i := range n {
		tree[fmt.Sprintf("f%04d.go", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "package f%d\n", i)}
	}
	return tree
}

// TestMeasureAllAsTheyCome reads two files at a time, the first of which takes as long as the other three.
func TestMeasureAllAsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := map[string]time.Duration{"a.go": 5 * time.Second, "b.go": time.Second, "c.go": 3 * time.Second, "d.go": time.Second}
		tree := slowTree{fstest.MapFS{}, func(path string) time.Duration { return took[path] }}
		paths := []string{"a.go", "b.go", "c.go", "d.go"}
		for _, path := range paths {
			tree.MapFS[path] = &fstest.MapFile{}
		}
		var found census
		all, err := measureAll(t.Context(), &tour{limit: 2, status: io.Discard}, "", tree, paths, &found)
		if all != 5*time.Second || err != nil {
			t.Errorf("took %v with error %v, want 5s as two files are read at a time, and none", all, err)
		}
		var order []string
		for _, s := range found.sources {
			order = append(order, s.path)
		}
		if len(order) == 4 {
			slices.Sort(order[2:]) // a.go and d.go end in the same moment
		}
		if diff := cmp.Diff([]string{"b.go", "c.go", "a.go", "d.go"}, order); diff != "" {
			t.Errorf("not as they come (-want +got):\n%s", diff)
		}
	})
}
