package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/creche-go/creche/group"
)

// openTree returns the tree of the flag -dir, or else that of the Go distribution's own source. All paths in it, also those in its
// errors, are relative to dir.
func openTree(ctx context.Context, t *tour) (tree fs.FS, dir string, err error) {
	dir = t.dir
	if dir == "" {
		goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return nil, "", fmt.Errorf("asking go env for GOROOT: %w (the flag -dir names another folder)", err)
		}
		dir = filepath.Join(strings.TrimSpace(string(goroot)), "src")
	}
	return os.DirFS(dir), dir, nil
}

// goFiles is the sequence of the Go files of a tree. It walks the tree anew for each loop, and no further than the loop goes. A
// sequence has no room for errors: those of folders that cannot be read go to failed, and the rest goes on.
func goFiles(ctx context.Context, tree fs.FS, failed func(error)) iter.Seq[string] {
	return func(yield func(string) bool) {
		// The function returns no error but SkipAll, so WalkDir returns none.
		_ = fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return fs.SkipAll
			case err != nil:
				failed(err)
			case strings.HasSuffix(path, ".go") && mayBeFile(tree, path, entry) && !yield(path):
				return fs.SkipAll
			}
			return nil
		})
	}
}

// mayBeFile leaves out what is no file: opening a named pipe would wait for its writer. A symbolic link is what it leads to. One that
// leads nowhere is a file that cannot be read.
func mayBeFile(tree fs.FS, path string, entry fs.DirEntry) bool {
	if entry.Type() == fs.ModeSymlink {
		info, err := fs.Stat(tree, path)
		return err != nil || info.Mode().IsRegular()
	}
	return entry.Type().IsRegular()
}

// readPieces reads one file and calls use for each piece. It looks at ctx between two pieces, so that a file of any size can be
// abandoned.
func readPieces(ctx context.Context, tree fs.FS, path string, use func(piece []byte)) error {
	file, err := tree.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for piece := make([]byte, 32<<10); ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n, err := file.Read(piece)
		use(piece[:n])
		if err == io.EOF {
			return nil
		}
		if ofPath := (*fs.PathError)(nil); errors.As(err, &ofPath) {
			return &fs.PathError{Op: ofPath.Op, Path: path, Err: ofPath.Err} // its own path begins with dir
		}
		if err != nil {
			return err
		}
	}
}

// failures are what could not be read. Walks, loops and tasks may add to it at once.
type failures struct {
	mu    sync.Mutex
	list  []string
	ended error
}

// add takes an error of a walk, or one that a loop yields. Under [group.KeepGoing] that is the error of one file, as the function
// returned it. Only the error with which the loop itself ends before its source does is a [*group.Error].
func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ended := (*group.Error)(nil); errors.As(err, &ended) {
		f.ended = err
	} else {
		f.list = append(f.list, err.Error())
	}
}

// print writes them in the order of their texts: they come from several places, in any order.
func (f *failures) print(w io.Writer) {
	slices.Sort(f.list)
	for _, failure := range f.list {
		fmt.Fprintf(w, "failed: %s\n", failure)
	}
}

// err returns why the work as a whole has failed, nil if it has not.
func (f *failures) err() error {
	if n := len(f.list); f.ended == nil && n > 0 {
		return fmt.Errorf("%d of the files and folders could not be read", n)
	}
	return f.ended
}
