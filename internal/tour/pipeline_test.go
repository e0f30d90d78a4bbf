package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mostHeld is what differs between two runs of the chapter: how far the stages are apart is up to the scheduler.
var mostHeld = regexp.MustCompile(`at most (\d+) of`)

func TestPipelineTranscript(t *testing.T) {
	status, stdout, stderr := tourOf(t.Context(), "pipeline", "-dir", "testdata/tree")
	if status != 0 {
		t.Errorf("status %d, want 0; %s", status, stderr)
	}
	golden(t, "pipeline", mostHeld.ReplaceAllString(stdout, "at most ... of"))
	if diff := cmp.Diff("pipeline: 2 of 5\npipeline: 3 of 5\npipeline: 4 of 5\npipeline: 5 of 5\n", stderr); diff != "" {
		t.Errorf("not the progress of five files (-want +got):\n%s", diff)
	}
}

// digestOf runs the chapter for a tree.
func digestOf(ctx context.Context, limit int, tree fs.FS) (stdout string, err error) {
	var out bytes.Buffer
	err = digestTree(ctx, &tour{limit: limit, out: &out, status: io.Discard}, tree)
	return out.String(), err
}

func TestPipelineWithAnyLimit(t *testing.T) {
	tree := manyFiles(1000)
	digest := regexp.MustCompile(`(?m)^digest.*$`)
	one, err := digestOf(t.Context(), 1, tree)
	if err != nil {
		t.Fatal(err)
	}
	has(t, one, "read 1000 of 1000 files, and left out 0 ", "written by hand: 1000 files, 1000 lines, ", "batches: 10\n")
	for _, limit := range []int{2, 7, 100} {
		many, err := digestOf(t.Context(), limit, tree)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(digest.FindString(one), digest.FindString(many)); diff != "" {
			t.Errorf("limit %d (-one at a time +got):\n%s", limit, diff)
		}
		var most int
		fmt.Sscan(mostHeld.FindStringSubmatch(many)[1], &most)
		if bound := 3 * (4*limit + 64); most < 1 || most >= bound {
			t.Errorf("limit %d: at most %d files in memory, want fewer than %d", limit, most, bound)
		}
	}
	tree["f0500.go"].Data = []byte("package F500\n")
	if other, _ := digestOf(t.Context(), 1, tree); digest.FindString(other) == digest.FindString(one) {
		t.Errorf("another tree, and the same digest:\n%s", one)
	}
}

// TestPipelineHoldsTheWalkBack has a file that takes a minute. Files after it may be read meanwhile, but only so many: their turn to
// leave comes after it.
func TestPipelineHoldsTheWalkBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 8
		var begun atomic.Int32
		tree := slowTree{manyFiles(1000), func(path string) time.Duration {
			begun.Add(1)
			if path == "f0300.go" {
				return time.Minute
			}
			return 0
		}}
		began := time.Now()
		time.AfterFunc(30*time.Second, func() {
			if ahead := begun.Load() - 300; ahead < limit || ahead >= 4*limit+64 {
				t.Errorf("%d files were begun from the slow one on, want at least %d and fewer than %d", ahead, limit, 4*limit+64)
			}
		})
		stdout, err := digestOf(t.Context(), limit, tree)
		if took := time.Since(began); err != nil || took != time.Minute {
			t.Errorf("ended after %v with error %v, want 1m0s and none", took, err)
		}
		has(t, stdout, "read 1000 of 1000 files")
	})
}

func TestPipelineReadsUnderTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tree := slowTree{manyFiles(800), func(string) time.Duration { return time.Millisecond }}
		began := time.Now()
		_, err := digestOf(t.Context(), 8, tree)
		if took := time.Since(began); err != nil || took != 100*time.Millisecond {
			t.Errorf("800 files of 1ms took %v with error %v, want 100ms, as 8 are read at a time, and none", took, err)
		}
	})
}

// TestPipelineInterrupted ends the chapter at several moments. What was read by then is in the digest.
func TestPipelineInterrupted(t *testing.T) {
	read := regexp.MustCompile(`read (\d+) of 400 files, and left out 0 that were generated\n(?:.*\n)*written by hand: (\d+) files`)
	for after := range 49 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			tree := slowTree{manyFiles(400), func(string) time.Duration { return time.Millisecond }}
			moment := time.Duration(after)*time.Millisecond + time.Millisecond/2
			time.AfterFunc(moment, func() { cancel(errors.New("Ctrl-C")) })
			began := time.Now()
			stdout, err := digestOf(ctx, 8, tree)
			if err == nil || err.Error() != "Ctrl-C" {
				t.Errorf("after %v: got the error %v, want Ctrl-C", moment, err)
			}
			if took := time.Since(began); took > moment+time.Millisecond {
				t.Errorf("interrupted after %v, it ended after %v", moment, took)
			}
			counts := read.FindStringSubmatch(stdout)
			if want := fmt.Sprint(8 * after); counts == nil || counts[1] != want || counts[2] != want {
				t.Errorf("after %v: want %s files, read and in the digest, got:\n%s", moment, want, stdout)
			}
		})
	}
}

func TestPipelineInterruptedCommand(t *testing.T) {
	dir := t.TempDir()
	for i := range 400 {
		write(t, filepath.Join(dir, fmt.Sprintf("f%d.go", i)), "package f\n")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cut := &cutter{after: 1, cancel: func() { cancel(errors.New("Ctrl-C")) }}
	var out bytes.Buffer
	if status := run(ctx, []string{"pipeline", "-dir", dir, "-limit", "1"}, &out, cut); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, out.String(), "of 400 files", "written by hand: ")
	has(t, cut.String(), "tour: pipeline: interrupted: Ctrl-C\n")
}

func TestPipelineReportsWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good.go"), "package p\n")
	if err := os.Symlink("nowhere", filepath.Join(dir, "bad.go")); err != nil {
		t.Skip(err)
	}
	status, stdout, stderr := tourOf(t.Context(), "pipeline", "-dir", dir)
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stdout, "read 1 of 2 files", "failed: open bad.go: ", "written by hand: 1 files")
	has(t, stderr, "pipeline: 2 of 2\n", "tour: pipeline: 1 of the files and folders could not be read\n")
}

// A closedFolder is a tree with a folder that cannot be read.
type closedFolder struct{ fstest.MapFS }

func (c closedFolder) ReadDir(path string) ([]fs.DirEntry, error) {
	if path == "closed" {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	return c.MapFS.ReadDir(path)
}

func TestPipelineReportsFailuresOfTheWalk(t *testing.T) {
	stdout, err := digestOf(t.Context(), 2, closedFolder{fstest.MapFS{"a.go": {}, "closed/b.go": {}, "z.go": {}}})
	if err == nil || err.Error() != "1 of the files and folders could not be read" {
		t.Errorf("got the error %v, want that one could not be read", err)
	}
	if n := strings.Count(stdout, "failed: "); n != 1 {
		t.Errorf("%d failures, want 1:\n%s", n, stdout)
	}
	has(t, stdout, "read 2 of 2 files", "failed: open closed: permission denied\n")
}

func TestPipelineOfEmptyFolder(t *testing.T) {
	status, _, stderr := tourOf(t.Context(), "pipeline", "-dir", t.TempDir())
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	has(t, stderr, "tour: pipeline: there is nothing to read\n")
}

// TestPipelineGoesOnWithAPanic has a tree that panics, below five loops.
func TestPipelineGoesOnWithAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no goroutine is left, or the bubble would tell
		defer func() {
			if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), "a broken disk") {
				t.Errorf("recovered %v, want the panic of the tree", v)
			}
		}()
		_, err := digestOf(t.Context(), 2, slowTree{manyFiles(500), func(path string) time.Duration {
			if path == "f0250.go" {
				panic("a broken disk")
			}
			return 0
		}})
		t.Errorf("ended with the error %v", err)
	})
}

func TestIsGenerated(t *testing.T) {
	for content, want := range map[string]bool{
		"// Code generated by x. DO NOT EDIT.\n\npackage p\n":    true,
		"// Licence\r\n// Code generated x DO NOT EDIT.\r\n":     true,
		"package p\n\n// Code generated by x. DO NOT EDIT.\n":    false,
		"//  Code generated by x. DO NOT EDIT.\npackage p\n":     false,
		"// Code generated by x. DO NOT EDIT\npackage p\n":       false,
		"// p\npackage p\n\n// Code generated x. DO NOT EDIT.\n": false,
	} {
		if got := isGenerated([]byte(content)); got != want {
			t.Errorf("%q: got %t, want %t", content, got, want)
		}
	}
}
