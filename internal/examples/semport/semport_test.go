package semport_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/internal/examples/semport"
)

type way = func(ctx context.Context, tree fs.FS, budget int64) (map[string]semport.Sum, error)

var both = []struct {
	name string
	do   way
}{{"before", semport.Before}, {"after", semport.After}}

// weighed counts the bytes of the files that are being read.
type weighed struct {
	fstest.MapFS
	mu        sync.Mutex
	now, most int64
	broken    string
}

func (w *weighed) ReadFile(name string) ([]byte, error) {
	size := int64(len(w.MapFS[name].Data))
	w.add(size)
	defer w.add(-size)
	if name == w.broken {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errRead}
	}
	return w.MapFS.ReadFile(name)
}

func (w *weighed) add(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now += n
	w.most = max(w.most, w.now)
}

var errRead = errors.New("bad sector")

func files() fstest.MapFS {
	tree := fstest.MapFS{"empty": {}, "huge": {Data: make([]byte, 1<<20)}}
	for i := range 200 {
		tree[fmt.Sprintf("folder %d/%d", i%7, i)] = &fstest.MapFile{Data: []byte(strings.Repeat("x", i*100))}
	}
	return tree
}

func TestBothAgree(t *testing.T) {
	const budget = 64 << 10
	var sums []map[string]semport.Sum
	for _, b := range both {
		tree := &weighed{MapFS: files()}
		got, err := b.do(t.Context(), tree, budget)
		if err != nil || len(got) != 202 {
			t.Fatalf("%s: %d sums, %v", b.name, len(got), err)
		}
		if tree.most > 1<<20 { // the huge file is read alone
			t.Errorf("%s: %d bytes at once", b.name, tree.most)
		}
		sums = append(sums, got)
	}
	if diff := cmp.Diff(sums[0], sums[1]); diff != "" {
		t.Errorf("they differ (-before +after):\n%s", diff)
	}
}

func TestBothFail(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, b := range both {
		tree := &weighed{MapFS: files(), broken: "folder 3/3"}
		if got, err := b.do(t.Context(), tree, 64<<10); got != nil || !errors.Is(err, errRead) {
			t.Errorf("%s: %d sums, %v", b.name, len(got), err)
		}
		if got, err := b.do(t.Context(), os.DirFS("no such folder"), 1); got != nil || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s without a folder: %d sums, %v", b.name, len(got), err)
		}
		if got, err := b.do(ended, files(), 64<<10); got != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s after the end of its context: %d sums, %v", b.name, len(got), err)
		}
	}
}
