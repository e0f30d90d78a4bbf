package observe_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/observe"
)

var traceLine = regexp.MustCompile(`(?m)^M=.* (TaskBegin|TaskEnd|RegionBegin|RegionEnd) .*?(?:ID=(\d+) Parent=(\d+)|Task=(\d+)) Type="(.*)"`)

// The go command reads the trace back.
func TestTrace(t *testing.T) {
	if testing.Short() {
		t.Skip("the go command builds its reader of traces")
	}
	if trace.IsEnabled() {
		t.Skip("a trace is being recorded")
	}
	var out bytes.Buffer
	o := observe.Trace()
	group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
		g.Do(func(context.Context) error { return trace.Start(&out) }, group.Name("before")).Wait(ctx)
		group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			g.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
					g.Do(func(context.Context) error { panic("oops") }, group.Name("leaf"))
					return nil
				}, group.Name("inner"), o, group.PanicAsError())
				return err
			}, group.Name("branch"))
			return nil
		}, group.Name("outer"))
		g.Do(func(context.Context) error { trace.Stop(); return nil }, group.Name("after"))
		return nil
	}, group.Name("root"), o)

	file := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	text, err := exec.Command("go", "tool", "trace", "-d=parsed", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	names := map[string]string{} // of the trace's tasks, by their numbers
	var got []string
	for _, m := range traceLine.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "TaskBegin" {
			names[m[2]] = m[5]
		}
		got = append(got, m[1]+" "+m[5]+" in "+names[m[3]+m[4]])
	}
	want := []string{
		"TaskBegin outer in ",
		"RegionBegin branch in outer",
		"TaskBegin inner in outer",
		"RegionBegin leaf in inner",
		"RegionEnd leaf in inner",
		"TaskEnd inner in outer",
		"RegionEnd branch in outer",
		"TaskEnd outer in ",
		"RegionBegin after in ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the trace (-want +got):\n%s\nof\n%s", diff, text)
	}
}

// While no trace is being recorded, contexts stay what they are.
func TestTrace_Off(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("a trace is being recorded")
	}
	synctest.Test(t, func(t *testing.T) {
		group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Do(func(context.Context) error { return nil })
			return nil
		}, observe.Trace(), group.Observe(func(ctx context.Context, e group.Event) context.Context { // is told next
			if kind := fmt.Sprintf("%T", ctx); strings.Contains(kind, "traced") {
				t.Errorf("%v: the context is a %s", e.Kind, kind)
			}
			return nil
		}))
	})
}
