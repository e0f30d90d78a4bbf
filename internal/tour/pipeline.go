package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	stditer "iter"
	"regexp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// A text is a file that is in memory.
type text struct {
	path    string
	content []byte
}

// A summary is what is left of many files, or of one batch. Summaries are combined in the order of the tree.
type summary struct {
	files, lines, bytes int
	digests             [][sha256.Size]byte // one a batch
}

// batchSize is the number of files that have one digest in common.
const batchSize = 100

// pipeline makes one digest of the Go files of a tree that were written by hand, without ever having many of them in memory.
func pipeline(ctx context.Context, t *tour) error {
	tree, dir, err := openTree(ctx, t)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "the Go files below %s\n", dir)
	return digestTree(ctx, t, tree)
}

// digestTree is a chain of loops, each of which is the source of the next: walk, read, filter, hash, batch, summarize, reduce. All of them
// work at once. A loop that is slower than those before it holds them back, down to the walk, so that memory does not grow with the
// tree. And each of them keeps the order of its source, so that the digest is the same however many tasks there are.
func digestTree(ctx context.Context, t *tour, tree fs.FS) error {
	total := 0 // the bar needs it: one more walk, which keeps nothing but a number
	for range goFiles(ctx, tree, func(error) {}) {
		total++
	}
	bar := newProgress(t.status, "pipeline", max(total, 1)) // a file may be new when the walk comes by again
	var failed failures
	var held gauge
	limit := group.Limit(t.limit)

	read := iter.Map(ctx, goFiles(ctx, tree, failed.add), func(ctx context.Context, path string) (text, error) {
		defer bar.step()
		return readText(ctx, tree, path, &held)
	}, limit, group.KeepGoing())

	// Only reading hears of Ctrl-C. The other stages end when their source does, and have done by then what had been read.
	rest := context.WithoutCancel(ctx)

	written := iter.Filter(rest, values(read, failed.add), func(_ context.Context, file text) (bool, error) {
		if isGenerated(file.content) {
			held.leave(len(file.content))
			return false, nil
		}
		return true, nil
	}, limit)

	hashed := iter.Map(rest, values(written, failed.add), func(_ context.Context, file text) (source, error) {
		defer held.leave(len(file.content))
		return source{file.path, bytes.Count(file.content, []byte("\n")), len(file.content), sha256.Sum256(file.content)}, nil
	}, limit)

	batches := iter.Batch(rest, values(hashed, failed.add), batchSize, 0)
	summaries := iter.Map(rest, values(batches, failed.add), summarize, limit)
	sum, err := iter.Reduce(rest, values(summaries, failed.add), combine, limit)
	bar.end()
	if err != nil {
		return err
	}

	fmt.Fprintf(t.out, "read %d of %d files, and left out %d that were generated\n", held.allFiles, total, held.allFiles-sum.files)
	failed.print(t.out)
	sum.print(t.out)
	held.print(t.out)
	// What a loop of package iter holds at most, for the three stages through which files go.
	fmt.Fprintf(t.out, "the bound with -limit %d: fewer than %d files\n", t.limit, 3*(4*t.limit+64))
	if failed.err() == nil && total == 0 {
		return errors.New("there is nothing to read")
	}
	return failed.err()
}

// values stands between two stages. A stage yields values and errors, and the next one takes values alone, so here it is decided what
// becomes of the errors. To drop them would make a stage that has failed look like one that has come to its end.
func values[T any](stage stditer.Seq2[T, error], failed func(error)) stditer.Seq[T] {
	return func(yield func(T) bool) {
		for v, err := range stage {
			if err != nil {
				failed(err)
			} else if !yield(v) {
				return
			}
		}
	}
}

// readText reads a whole file. The caller gives it back with leave.
func readText(ctx context.Context, tree fs.FS, path string, held *gauge) (text, error) {
	held.enter()
	file := text{path: path}
	err := readPieces(ctx, tree, path, func(piece []byte) {
		held.grow(len(piece))
		file.content = append(file.content, piece...)
	})
	if err != nil {
		held.fail(len(file.content))
		return text{}, err
	}
	return file, nil
}

var (
	generated     = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.\r?$`)
	packageClause = regexp.MustCompile(`(?m)^package `)
)

// isGenerated looks for the line by which the Go tools know generated files, above the package clause.
func isGenerated(content []byte) bool {
	if clause := packageClause.FindIndex(content); clause != nil {
		content = content[:clause[0]]
	}
	return generated.Match(content)
}

// summarize makes one digest of those of a batch.
func summarize(_ context.Context, batch []source) (summary, error) {
	sum := summary{files: len(batch)}
	hash := sha256.New()
	for _, file := range batch {
		sum.lines += file.lines
		sum.bytes += file.bytes
		fmt.Fprintf(hash, "%x  %s\n", file.sum, file.path)
	}
	sum.digests = [][sha256.Size]byte{[sha256.Size]byte(hash.Sum(nil))}
	return sum, nil
}

// combine puts two neighbours together. It does not matter which neighbours are combined first, which is all that Reduce asks for.
func combine(_ context.Context, a, b summary) (summary, error) {
	return summary{a.files + b.files, a.lines + b.lines, a.bytes + b.bytes, append(a.digests, b.digests...)}, nil
}

func (s summary) print(w io.Writer) {
	hash := sha256.New()
	for _, digest := range s.digests {
		hash.Write(digest[:])
	}
	fmt.Fprintf(w, "written by hand: %d files, %d lines, %d bytes; batches: %d\n", s.files, s.lines, s.bytes, len(s.digests))
	fmt.Fprintf(w, "digest, the same with any -limit: %x\n", hash.Sum(nil)[:16])
}
