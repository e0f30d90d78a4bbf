package observe_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/observe"
	"github.com/creche-go/creche/internal/testutil"
)

var errBoom = errors.New("boom")

type intGroup = group.TaskGroup[int]

// logOf runs a small program and returns what was written of it, from level up.
func logOf(t *testing.T, level slog.Level) []string {
	t.Helper()
	var out bytes.Buffer
	l := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	synctest.Test(t, func(t *testing.T) {
		_, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Do(func(ctx context.Context) error {
				_, err := group.Run(ctx, func(context.Context, *intGroup) error { return nil }, group.Name("inner"))
				return err
			}, group.Name("good"))
			synctest.Wait()
			g.Do(func(context.Context) error { return errBoom }, group.Name("b\nad"))
			g.Do(func(context.Context) error { return nil }, group.Name("late"))
			return nil
		}, group.Name("outer"), group.Limit(1), observe.Log(l))
		testutil.WantError(t, "Run", err, errBoom)
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	slices.Sort(lines) // that a task was queued may be told after its begin
	return lines
}

func TestLog(t *testing.T) {
	want := []string{
		`level=DEBUG msg="scope opened" scope=outer`,
		`level=DEBUG msg="task queued" scope=outer task=good index=0`,
		`level=DEBUG msg="task started" scope=outer task=good index=0`,
		`level=DEBUG msg="scope opened" scope=inner within=good`,
		`level=DEBUG msg="scope ended" scope=inner`,
		`level=DEBUG msg="task ended" scope=outer task=good index=0 state=Succeeded`,
		`level=DEBUG msg="task queued" scope=outer task="b\nad" index=1`,
		`level=DEBUG msg="task queued" scope=outer task=late index=2`,
		`level=DEBUG msg="task started" scope=outer task="b\nad" index=1`,
		`level=WARN msg="task ended" scope=outer task="b\nad" index=1 state=Failed error=boom`,
		`level=DEBUG msg="task ended" scope=outer task=late index=2 state=NotStarted error="group: task not started: b\nad[1]: boom"`,
		`level=DEBUG msg="scope ended" scope=outer error=boom`,
	}
	failed := want[9:10]
	want = slices.Sorted(slices.Values(want))
	if diff := cmp.Diff(want, logOf(t, slog.LevelDebug)); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(failed, logOf(t, slog.LevelInfo)); diff != "" {
		t.Errorf("without debugging (-want +got):\n%s", diff)
	}
}

// A scope without a name is called after the line that opened it.
func TestLog_NoName(t *testing.T) {
	var out bytes.Buffer
	l := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	group.Run(t.Context(), func(context.Context, *intGroup) error { return nil }, observe.Log(l))
	if !strings.Contains(out.String(), "scope=log_test.go:") {
		t.Errorf("the log: %s", out.String())
	}
	if v := testutil.PanicOf(t, func() { observe.Log(nil) }); v != "observe: Log needs a logger, got nil" {
		t.Errorf("without a logger it panics with %v", v)
	}
}
