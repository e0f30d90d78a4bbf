// Command backup copies the files of a tree into a store in which each content is kept once, under its hash:
//
//	go run ./internal/examples/backup -to /tmp/store ./internal
//
// It shows a loop over a sequence that holds few elements at a time, failures that do not end the loop, results as they come with progress, and an end in
// order: a file of the store is whole or is not there, also if the program is interrupted.
package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/creche-go/creche/group"
	parallel "github.com/creche-go/creche/iter"
)

func main() {
	log.SetFlags(0)
	to := flag.String("to", "", "the `folder` of the store")
	limit := flag.Int("limit", 8, "copy so many files at once")
	flag.Parse()
	if flag.NArg() != 1 || *to == "" {
		log.Fatal("usage: backup -to folder [-limit n] folder")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	done, err := backup(ctx, os.DirFS(flag.Arg(0)), *to, *limit, func(s *summary) {
		fmt.Fprintf(os.Stderr, "\r%d files, %d new, %d bytes, %d failed ", s.files, s.added, s.bytes, len(s.failed))
	})
	fmt.Fprintln(os.Stderr)
	for _, err := range done.failed {
		log.Print(err)
	}
	if err != nil {
		log.Fatal(err)
	}
	if len(done.failed) > 0 {
		os.Exit(1)
	}
}

// summary is what was done so far. Only the loop of backup writes to it.
type summary struct {
	index  []entry
	files  int
	added  int // files whose content was not in the store
	bytes  int64
	failed []error
}

// entry says under which hash a file's content is kept.
type entry struct {
	path, hash string
	size       int64
	added      bool
}

// backup copies what is in tree to the store and writes an index of it. It tells progress of each file. The error says why it ended before the
// last file; that one file cannot be read is no reason.
func backup(ctx context.Context, tree fs.FS, store string, limit int, progress func(*summary)) (*summary, error) {
	s := new(summary)
	if err := os.MkdirAll(store, 0o777); err != nil {
		return s, err
	}
	for e, err := range parallel.MapUnordered(ctx, files(tree), func(ctx context.Context, f file) (entry, error) {
		return keep(ctx, tree, f, store)
	}, group.Limit(limit), group.KeepGoing(), group.Name("backup")) {
		if ended := (*group.Error)(nil); errors.As(err, &ended) { // the loop itself: what is yielded for a file is the file's own error
			return s, err
		}
		s.files++
		if err != nil {
			s.failed = append(s.failed, err)
		} else {
			s.index = append(s.index, e)
			s.bytes += e.size
			if e.added {
				s.added++
			}
		}
		progress(s)
	}
	return s, writeIndex(s.index, store)
}

type file struct {
	path string
	err  error // of finding it
}

// files is the sequence of the regular files of a tree. A folder that cannot be read is an element of it, too.
func files(tree fs.FS) iter.Seq[file] {
	return func(yield func(file) bool) {
		_ = fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
			if (err != nil || d.Type().IsRegular()) && !yield(file{path, err}) {
				return fs.SkipAll
			}
			return nil
		})
	}
}

// keep copies a file into the store, under a name of its own until it is whole.
func keep(ctx context.Context, tree fs.FS, f file, store string) (e entry, err error) {
	if f.err != nil {
		return e, f.err
	}
	from, err := tree.Open(f.path)
	if err != nil {
		return e, err
	}
	defer from.Close()
	to, err := os.CreateTemp(store, ".partial-*")
	if err != nil {
		return e, err
	}
	defer func() {
		err = errors.Join(err, to.Close())
		if err == nil {
			e.added, err = place(to.Name(), filepath.Join(store, e.hash))
		}
		if err != nil || !e.added {
			err = errors.Join(err, os.Remove(to.Name()))
		}
	}()
	sum := sha256.New()
	e.path = f.path
	e.size, err = io.Copy(io.MultiWriter(to, sum), &reader{ctx, from})
	if err != nil {
		return e, fmt.Errorf("%s: %w", f.path, err)
	}
	e.hash = hex.EncodeToString(sum.Sum(nil))
	return e, nil
}

// place gives a whole file its name, unless there is one.
func place(partial, name string) (added bool, err error) {
	if _, err := os.Stat(name); err == nil {
		return false, nil
	}
	return true, os.Rename(partial, name) // two who have the same content may both do it
}

// reader ends with the context, in the middle of a file.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.Reader.Read(p)
}

// writeIndex lists hashes and paths in a file of the store whose name is the time.
func writeIndex(index []entry, store string) error {
	slices.SortFunc(index, func(a, b entry) int { return cmp.Compare(a.path, b.path) })
	f, err := os.Create(filepath.Join(store, time.Now().UTC().Format("20060102T150405")+".index"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, e := range index {
		fmt.Fprintf(w, "%s %s\n", e.hash, e.path)
	}
	return errors.Join(w.Flush(), f.Close())
}
