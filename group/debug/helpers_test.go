package debug_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

var update = flag.Bool("update", false, "write the golden files")

type intGroup = group.TaskGroup[int]

// observed is what roots are opened with.
func observed(name string, opts ...group.Option) group.Option {
	return group.Options(append([]group.Option{group.Name(name), debug.Observe()}, opts...)...)
}

// bubble runs f in a bubble, with an empty tree.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	runtime.GC() // so that what other tests have left is not collected meanwhile
	debug.Empty()
	synctest.Test(t, f)
}

func dump(t *testing.T, f debug.Format, opts ...debug.Option) string {
	t.Helper()
	var b strings.Builder
	if err := debug.Dump(&b, f, opts...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// where is what differs between two machines, and two versions of a test.
var where = regexp.MustCompile(`[^" ]*/(\w+_test\.go):\d+`)

// golden compares a text with a file below testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = where.ReplaceAllString(got, "$1")
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("not as %s has it (go test -update accepts it) (-want +got):\n%s", path, diff)
	}
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func hasNot(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("there is %q in:\n%s", part, text)
		}
	}
}

// Tasks.
func obedient(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
func value(context.Context) (int, error)        { return 1, nil }
func nop(context.Context) error                 { return nil }

func sleeping(d time.Duration) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { time.Sleep(d); return 1, nil }
}

// within makes a task that opens a scope.
func within(name string, body func(context.Context, *intGroup) error, opts ...group.Option) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		_, err := group.Run(ctx, body, append(opts, group.Name(name))...)
		return 0, err
	}
}
