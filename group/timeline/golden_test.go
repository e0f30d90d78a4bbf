package timeline_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

type intGroup = group.TaskGroup[int]

var errBoom = errors.New("boom")

// work is a task that takes so many milliseconds and returns err.
func work(ms int, err error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// formats are the ways to write a recording.
var formats = map[string]func(*timeline.Recorder, io.Writer) error{
	"json": (*timeline.Recorder).WriteTrace,
	"svg":  (*timeline.Recorder).WriteSVG,
	"html": (*timeline.Recorder).WriteHTML,
}

func written(t *testing.T, r *timeline.Recorder, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := formats[format](r, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// program has whatever there is to draw: tasks that wait, succeed, fail, are cancelled, never begin and still run, a daemon, a scope in a
// task, and one in a body. It calls halfway while some of its tasks run.
func program(ctx context.Context, r *timeline.Recorder, halfway func()) {
	group.Run(ctx, func(ctx context.Context, g *intGroup) error {
		g.Do(work(1000, nil), group.Name("heartbeat"), group.Daemon())
		g.Do(work(40, nil), group.Name("read"))
		g.Do(func(ctx context.Context) error {
			_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
				g.Do(work(30, nil), group.Name("lex"))
				g.Do(work(10, nil), group.Name("lex"))
				return nil
			}, group.Name("tokens"))
			return err
		}, group.Name("parse"))
		g.Do(work(30, nil), group.Name("read"))
		_ = work(35, nil)(ctx)
		_, err := group.Run(ctx, func(ctx context.Context, g *intGroup) error {
			g.Do(work(20, nil), group.Name("lock"))
			return nil
		}, group.Name("in the body"))
		g.Do(work(25, errBoom), group.Name("write"))
		g.Do(work(100, nil), group.Name("index"))
		g.Do(work(100, nil), group.Name("late"))
		time.Sleep(10 * time.Millisecond)
		halfway()
		return err
	}, group.Name("import"), group.Limit(2), r.Observe())
}

// What is written is what testdata says: who changes it looks at it, and then writes the files anew with
//
//	go test ./group/timeline -run TestGolden -update
func TestGolden(t *testing.T) {
	check := func(t *testing.T, r *timeline.Recorder, name, format string) {
		t.Helper()
		file := filepath.Join("testdata", name+"."+format)
		got := written(t, r, format)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r := timeline.New(1000)
		program(t.Context(), r, func() { check(t, r, "halfway", "svg") })
		for format := range formats {
			check(t, r, "import", format)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := timeline.New(12)
		program(t.Context(), r, func() {})
		check(t, r, "full", "svg")
	})
}
