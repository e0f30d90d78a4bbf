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
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/creche-go/creche/group"
)

// A source is what one task finds out about one file.
type source struct {
	path         string
	lines, bytes int
	sum          [sha256.Size]byte
}

// A census is what the chapter prints in the end. Only the loop writes to it, so it needs no lock.
type census struct {
	sources  []source
	failures []string
}

// files measures every Go file below a folder: many at a time, one after another, and many at a time again.
func files(ctx context.Context, t *tour) error {
	dir := t.dir
	if dir == "" {
		goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return fmt.Errorf("asking go env for GOROOT: %w (the flag -dir names another folder)", err)
		}
		dir = filepath.Join(strings.TrimSpace(string(goroot)), "src")
	}
	var found census
	tree := os.DirFS(dir)
	paths := goFiles(tree, &found)
	fmt.Fprintf(t.out, "%d Go files below %s\n", len(paths), dir)
	if len(paths) == 0 {
		return errors.New(strings.Join(append(found.failures, "there is nothing to read"), "; "))
	}

	parallel, err := measureAll(ctx, t, tree, paths, &found)
	found.print(t.out, len(paths))
	if err != nil {
		return err
	}
	serial, err := measureInTurn(ctx, t, tree, paths)
	if err != nil {
		return err
	}
	// The first pass may have waited for the disk, and the second found the files in memory. The third is fair to both.
	again, err := measureAll(ctx, t, tree, paths, &census{})
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "\n%d at a time: %v; one after another: %v; %[1]d at a time again, the files now in memory: %[4]v\n",
		t.limit, parallel.Round(time.Millisecond), serial.Round(time.Millisecond), again.Round(time.Millisecond))
	if n := len(found.failures); n > 0 {
		return fmt.Errorf("%d of the files and folders could not be read", n)
	}
	return nil
}

// measureAll runs one task a file, at most limit at once, and enters each file into the census when its task is done.
//
// Under KeepGoing a failed task stops nothing: the loop takes it like any other, and a failure that the loop took is no
// longer an error of Run. What is left for Run to report is an interruption from outside.
func measureAll(ctx context.Context, t *tour, tree fs.FS, paths []string, found *census) (time.Duration, error) {
	began := time.Now()
	bar := newProgress(t.status, fmt.Sprintf("%d at a time", t.limit), len(paths))
	defer bar.end()

	late, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[source]) error {
		for _, path := range paths {
			// Go never blocks: beyond the limit the task waits in the group's queue.
			g.Go(func(ctx context.Context) (source, error) {
				return measure(ctx, tree, path)
			}, group.Name(path))
		}
		for task, ok := g.Next(ctx); ok; task, ok = g.Next(ctx) {
			file, err := task.Result()
			switch task.State() {
			case group.Succeeded:
				found.sources = append(found.sources, file)
				bar.step()
			case group.Failed:
				found.failures = append(found.failures, err.Error())
				bar.step()
			}
			// Any other state means that the group was cancelled before or while the task ran.
		}
		return nil
	}, group.Limit(t.limit), group.KeepGoing())

	// Next ends the loop as soon as ctx ends. The values of tasks that came to their end after that are here.
	found.sources = append(found.sources, late...)
	return time.Since(began), err
}

// measureInTurn does the same work without a group, for the sake of comparison.
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

// measure reads one file. It looks at its task's context between two pieces, so that a file of any size can be abandoned.
func measure(ctx context.Context, tree fs.FS, path string) (source, error) {
	file, err := tree.Open(path)
	if err != nil {
		return source{}, err
	}
	defer file.Close()
	s := source{path: path}
	hash := sha256.New()
	for piece := make([]byte, 32<<10); ; {
		if ctx.Err() != nil {
			return source{}, context.Cause(ctx)
		}
		n, err := file.Read(piece)
		s.bytes += n
		s.lines += bytes.Count(piece[:n], []byte("\n"))
		hash.Write(piece[:n])
		if err == io.EOF {
			hash.Sum(s.sum[:0])
			return s, nil
		}
		if err != nil {
			return source{}, err
		}
	}
}

// goFiles lists the Go files of a tree. A folder that cannot be read is entered as a failure, and the rest goes on.
func goFiles(tree fs.FS, found *census) (paths []string) {
	// The function returns no error, so WalkDir returns none either.
	_ = fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			found.failures = append(found.failures, err.Error())
			return nil
		}
		// Opening a named pipe would wait for its writer. A symbolic link may lead to a file, so it is tried.
		isFile := entry.Type().IsRegular() || entry.Type() == fs.ModeSymlink
		if isFile && strings.HasSuffix(path, ".go") {
			paths = append(paths, path)
		}
		return nil
	})
	return paths
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
	for _, failure := range c.failures {
		fmt.Fprintf(w, "failed: %s\n", failure)
	}
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
