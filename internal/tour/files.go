package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// A source is what is found out about one file.
type source struct {
	path         string
	lines, bytes int
	sum          [sha256.Size]byte
}

// A census is what the chapter prints in the end. Only the loop writes to it, so it needs no lock.
type census struct {
	sources  []source
	failures failures
}

// files measures every Go file below a folder, many at a time. Then it does so again, one after another and many at a time, and
// compares the times of these two: the first time the files may have come from the disk, and from then on they are in memory.
func files(ctx context.Context, t *tour) error {
	tree, dir, err := openTree(ctx, t)
	if err != nil {
		return err
	}
	var found census
	paths := slices.Collect(goFiles(ctx, tree, found.failures.add))
	fmt.Fprintf(t.out, "%d Go files below %s\n", len(paths), dir)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if len(paths) == 0 {
		found.failures.print(t.out)
		return errors.New("there is nothing to read")
	}

	_, err = measureAll(ctx, t, "first reading", tree, paths, &found)
	found.print(t.out, len(paths))
	if err != nil {
		return err
	}
	serial, err := measureInTurn(ctx, t, tree, paths)
	if err != nil {
		return err
	}
	parallel, err := measureAll(ctx, t, fmt.Sprintf("%d at a time", t.limit), tree, paths, &census{})
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "\nread twice more, now from memory: one after another in %v, %d at a time on %d processors in %v\n",
		serial.Round(time.Millisecond), t.limit, runtime.GOMAXPROCS(0), parallel.Round(time.Millisecond))
	return found.failures.err()
}

// measureAll has one call of measure for each file, at most limit at once, and enters each file into the census when it is done:
// MapUnordered yields what the calls return in the order in which they do.
//
// Under KeepGoing a file that cannot be read ends nothing: its error is yielded in its place.
func measureAll(ctx context.Context, t *tour, label string, tree fs.FS, paths []string, found *census) (time.Duration, error) {
	began := time.Now()
	bar := newProgress(t.status, label, len(paths))
	defer bar.end()
	measured := iter.MapUnordered(ctx, slices.Values(paths), func(ctx context.Context, path string) (source, error) {
		return measure(ctx, tree, path)
	}, group.Limit(t.limit), group.KeepGoing())
	for file, err := range measured {
		if err != nil {
			found.failures.add(err)
		} else {
			found.sources = append(found.sources, file)
		}
		if found.failures.ended == nil {
			bar.step()
		}
	}
	return time.Since(began), found.failures.ended
}

// measureInTurn does the same work in a plain loop, for the sake of comparison.
func measureInTurn(ctx context.Context, t *tour, tree fs.FS, paths []string) (time.Duration, error) {
	began := time.Now()
	bar := newProgress(t.status, "one after another", len(paths))
	defer bar.end()
	for _, path := range paths {
		_, _ = measure(ctx, tree, path) // what could not be read is in the census by now
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		bar.step()
	}
	return time.Since(began), nil
}

func measure(ctx context.Context, tree fs.FS, path string) (source, error) {
	s := source{path: path}
	hash := sha256.New()
	err := readPieces(ctx, tree, path, func(piece []byte) {
		s.bytes += len(piece)
		s.lines += bytes.Count(piece, []byte("\n"))
		hash.Write(piece)
	})
	hash.Sum(s.sum[:0])
	return s, err
}

// print writes the totals and the ten largest files. Of all the files, some may be missing: the pass was cut short.
func (c *census) print(w io.Writer, all int) {
	lines, size, contents := 0, 0, map[[sha256.Size]byte]bool{}
	for _, s := range c.sources {
		lines += s.lines
		size += s.bytes
		contents[s.sum] = true
	}
	fmt.Fprintf(w, "read %d of %d files: %d lines, %d bytes, %d different contents\n",
		len(c.sources), all, lines, size, len(contents))
	c.failures.print(w)
	slices.SortFunc(c.sources, func(a, b source) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.path, b.path))
	})
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "lines\tbytes\tsha256\t  the largest\n")
	for _, s := range c.sources[:min(10, len(c.sources))] {
		fmt.Fprintf(table, "%d\t%d\t%x\t  %s\n", s.lines, s.bytes, s.sum[:4], s.path)
	}
	_ = table.Flush()
}
