package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/creche-go/creche/group"
	temporalgroup "github.com/creche-go/creche/group/temporal"
	"github.com/creche-go/creche/iter"
)

// report is what a worker found in a folder, not in those below.
type report struct {
	Folder       string
	Files, Lines int
	Worker       string
	Attempt      int32
}

// count has the fleet count the folders of the tree, a few at a time, and enters what they find as it comes.
func count(ctx context.Context, c client.Client, f *fleet, t *tally) error {
	list, err := folders(f.dir)
	if err != nil {
		return err
	}
	attempts := f.attempts
	if attempts == 0 {
		attempts = 5
	}
	options := temporalgroup.Options{StartActivityOptions: client.StartActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: time.Minute,
		HeartbeatTimeout:    time.Second, // after that a worker is believed dead
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumAttempts: attempts},
	}}
	for r, err := range iter.MapUnordered(ctx, slices.Values(list), func(ctx context.Context, folder string) (report, error) {
		return temporalgroup.Activity[report](c, options, activityName, folder)(ctx)
	}, group.Limit(12)) {
		if err != nil {
			return err
		}
		t.add(r)
	}
	return nil
}

// countAlone counts in this process.
func countAlone(ctx context.Context, dir string) (*tally, error) {
	list, err := folders(dir)
	if err != nil {
		return nil, err
	}
	t := newTally()
	for r, err := range iter.MapUnordered(ctx, slices.Values(list), func(_ context.Context, folder string) (report, error) {
		return countFolder(dir, folder, func() {})
	}) {
		if err != nil {
			return nil, err
		}
		t.add(r)
	}
	return t, nil
}

// folders returns those with Go files.
func folders(dir string) ([]string, error) {
	found := map[string]bool{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && isGo(d) {
			found[path.Dir(name)] = true
		}
		return err
	})
	return slices.Sorted(maps.Keys(found)), err
}

// countFolder calls step before each file.
func countFolder(dir, folder string, step func()) (report, error) {
	r := report{Folder: folder}
	tree := os.DirFS(dir)
	list, err := fs.ReadDir(tree, folder)
	if err != nil {
		return r, err
	}
	for _, d := range list {
		if !isGo(d) {
			continue
		}
		step()
		text, err := fs.ReadFile(tree, path.Join(folder, d.Name()))
		if err != nil {
			return r, err
		}
		r.Files++
		r.Lines += bytes.Count(text, []byte("\n"))
	}
	return r, nil
}

func isGo(d fs.DirEntry) bool { return d.Type().IsRegular() && strings.HasSuffix(d.Name(), ".go") }

// tally is what came in.
type tally struct {
	files, lines int
	folders      map[string]int // how often each came
	by           map[string]int // workers: how many folders
	again        int            // folders that took more than one attempt
}

func newTally() *tally { return &tally{folders: map[string]int{}, by: map[string]int{}} }

func (t *tally) add(r report) {
	t.files += r.Files
	t.lines += r.Lines
	t.folders[r.Folder]++
	t.by[r.Worker]++
	if r.Attempt > 1 {
		t.again++
	}
}

func (t *tally) print(w io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(t.by)) {
		fmt.Fprintf(w, "%s counted %d folders\n", name, t.by[name])
	}
	fmt.Fprintf(w, "%d folders were begun more than once\n%d files, %d lines in %d folders\n", t.again, t.files, t.lines, len(t.folders))
}
