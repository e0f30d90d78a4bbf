package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var errRead = errors.New("bad sector")

// tree is one of which some files cannot be opened.
type tree struct {
	fstest.MapFS
	broken string
	opened func(name string)
}

func (t tree) Open(name string) (fs.File, error) {
	if t.opened != nil {
		t.opened(name)
	}
	if name == t.broken {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errRead}
	}
	return t.MapFS.Open(name)
}

func someFiles() fstest.MapFS {
	files := fstest.MapFS{
		"large":  {Data: []byte(strings.Repeat("0123456789abcdef", 1<<16))},
		"broken": {Data: []byte("x")},
		"link":   {Data: []byte("large"), Mode: fs.ModeSymlink},
	}
	for i := range 100 {
		files[fmt.Sprintf("folder/%d", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "content %d", i%10)}
	}
	return files
}

// stored returns what is in the store, and complains about what is not whole.
func stored(t *testing.T, store string) (contents, indexes []string) {
	t.Helper()
	list, err := os.ReadDir(store)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		switch filepath.Ext(d.Name()) {
		case ".index":
			indexes = append(indexes, d.Name())
		case "":
			contents = append(contents, d.Name())
		default:
			t.Errorf("%s was left behind", d.Name())
		}
	}
	return contents, indexes
}

func TestBackup(t *testing.T) {
	store := t.TempDir()
	told := 0
	s, err := backup(t.Context(), tree{MapFS: someFiles(), broken: "broken"}, store, 4, func(*summary) { told++ })
	if err != nil {
		t.Fatal(err)
	}
	if s.files != 102 || told != 102 || len(s.index) != 101 {
		t.Errorf("%d files, %d told, %d in the index; want 102, of which one is broken", s.files, told, len(s.index))
	}
	if len(s.failed) != 1 || !errors.Is(s.failed[0], errRead) {
		t.Errorf("failures: %v", s.failed)
	}
	contents, indexes := stored(t, store)
	if len(contents) != 11 || len(indexes) != 1 {
		t.Errorf("%d contents and %d indexes, want 11 and 1", len(contents), len(indexes))
	}
	index, err := os.ReadFile(filepath.Join(store, indexes[0]))
	if err != nil || strings.Count(string(index), "\n") != 101 || !strings.Contains(string(index), " folder/99\n") {
		t.Errorf("the index: %v\n%s", err, index)
	}

	again, err := backup(t.Context(), tree{MapFS: someFiles()}, store, 4, func(*summary) {})
	if err != nil || again.added != 1 { // what could not be read the first time
		t.Errorf("the second time %d contents are new, %v", again.added, err)
	}
}

// When it is interrupted no file of the store is half written, and the error tells why there are not all.
func TestBackup_Interrupted(t *testing.T) {
	errStop := errors.New("ctrl-c")
	ctx, cancel := context.WithCancelCause(t.Context())
	store := t.TempDir()
	s, err := backup(ctx, tree{MapFS: someFiles(), opened: func(name string) {
		if name == "large" {
			cancel(errStop)
		}
	}}, store, 4, func(*summary) {})
	if !errors.Is(err, errStop) {
		t.Errorf("the error is %v", err)
	}
	contents, indexes := stored(t, store)
	large := fmt.Sprintf("%x", sha256.Sum256(someFiles()["large"].Data))
	if len(indexes) > 0 || slices.Contains(contents, large) || slices.ContainsFunc(s.index, func(e entry) bool { return e.path == "large" }) {
		t.Errorf("the file that was interrupted, or an index, is there: %q, %q", contents, indexes)
	}
}

func TestBackup_NoStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := backup(t.Context(), someFiles(), filepath.Join(file, "store"), 1, func(*summary) {}); err == nil {
		t.Error("a folder was made in a file")
	}
}
