package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
)

var update = flag.Bool("update", false, "write the golden files of the transcripts anew")

// staged are the chapters that tell the time in units.
var staged = []string{"gather", "wait", "cancel", "connection", "groups", "hedge"}

// golden compares what was printed with a file below testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		write(t, path, got)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if want := strings.ReplaceAll(string(text), "\r\n", "\n"); got != want {
		t.Errorf("not as %s has it (go test -update accepts it) (-want +got):\n%s", path, cmp.Diff(want, got))
	}
}

func TestTranscripts(t *testing.T) {
	for _, name := range staged {
		for file, args := range map[string][]string{name: {name}, name + ".timeline": {name, "-timeline"}} {
			t.Run(file, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					status, stdout, stderr := tourOf(t.Context(), args...)
					if status != 0 || stderr != "" {
						t.Errorf("status %d and messages %q, want 0 and none", status, stderr)
					}
					golden(t, file, stdout)
				})
			})
		}
	}
}

// TestTimelineOnlyAdds checks that the flag changes nothing else.
func TestTimelineOnlyAdds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, plain, _ := tourOf(t.Context(), staged...)
		_, drawn, _ := tourOf(t.Context(), append([]string{"-timeline"}, staged...)...)
		var rest strings.Builder
		for line := range strings.Lines(drawn) {
			if !strings.HasPrefix(line, "      ") && !strings.HasPrefix(line, "timelines: ") {
				rest.WriteString(line)
			}
		}
		if got := strings.ReplaceAll(rest.String(), "\n\n\n", "\n\n"); got != plain {
			t.Errorf("without the timelines there is:\n%s\nwant:\n%s", got, plain)
		}
	})
}

// TestStagedInterrupted ends each chapter at each moment. It has to end by itself then, and to say why.
func TestStagedInterrupted(t *testing.T) {
	for _, name := range staged {
		t.Run(name, func(t *testing.T) {
			for units := range 60 {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					after := time.Duration(units)*unit + unit/2
					stop := time.AfterFunc(after, func() { cancel(errors.New("Ctrl-C")) })
					began := time.Now()
					status, stdout, stderr := tourOf(ctx, name, "-timeline")
					if strings.Contains(stdout, "task -1") {
						t.Errorf("after %v: what is no task is told as one:\n%s", after, stdout)
					}
					if stop.Stop() { // the chapter ended before
						cancel(nil)
						return
					}
					if want := fmt.Sprintf("tour: %s: interrupted: Ctrl-C\n", name); status != 1 || stderr != want {
						t.Errorf("after %v: status %d and messages %q, want 1 and %q", after, status, stderr, want)
					}
					if took := time.Since(began); took != after {
						t.Errorf("interrupted after %v, it ended after %v", after, took)
					}
				})
			}
		})
	}
}

// TestWatchedOutcome compares the outcome that the timeline shows with the state that the library gives the task.
func TestWatchedOutcome(t *testing.T) {
	bad, why := errors.New("bad"), errors.New("why")
	for name, end := range map[string]func(context.Context) error{
		"nil":                   func(context.Context) error { return nil },
		"an error":              func(context.Context) error { return bad },
		"Err":                   func(ctx context.Context) error { return ctx.Err() },
		"Cause":                 context.Cause,
		"wrapped":               func(ctx context.Context) error { return fmt.Errorf("reading: %w", context.Cause(ctx)) },
		"joined":                func(ctx context.Context) error { return errors.Join(ctx.Err(), context.Cause(ctx)) },
		"joined with an error":  func(ctx context.Context) error { return errors.Join(ctx.Err(), bad) },
		"wrapped with an error": func(ctx context.Context) error { return fmt.Errorf("%w: %w", context.Cause(ctx), bad) },
		"of a scope below": func(ctx context.Context) error {
			_, err := group.Gather(ctx, func(ctx context.Context) (int, error) { return 0, context.Cause(ctx) })
			return err
		},
		"of a scope below that failed": func(ctx context.Context) error {
			_, err := group.Gather(ctx, func(ctx context.Context) (int, error) { return 0, bad })
			return err
		},
	} {
		for _, cancelled := range []string{"not", "by the handle", "by the scope"} {
			t.Run(name+"/"+cancelled, func(t *testing.T) {
				s := &stage{began: time.Now()}
				g := group.New[struct{}](t.Context(), group.KeepGoing())
				begun, ready := make(chan struct{}), make(chan struct{})
				task := g.Go(watched(s, "task", func(ctx context.Context) (struct{}, error) {
					close(begun)
					<-ready
					return struct{}{}, end(ctx)
				}))
				<-begun
				switch cancelled {
				case "by the handle":
					task.Cancel(why)
				case "by the scope":
					g.Cancel(why)
				}
				close(ready)
				_, _ = g.Wait()
				if got, want := s.rows[0].outcome, task.State(); got != want {
					t.Errorf("the timeline has %v, the task is %v: %v", got, want, task.Err())
				}
			})
		}
	}
}

func TestTimeline(t *testing.T) {
	var out bytes.Buffer
	drawTimeline(&out, []*row{
		{name: "a", start: 0, end: 3, outcome: group.Succeeded},
		{name: "longer", start: 1, end: 1, outcome: group.Failed},
		{name: "c", start: 2, end: 10, outcome: group.Canceled},
		{name: "d", outcome: group.NotStarted},
	})
	want := `
              0   1   2   3   4   5   6   7   8   9   10
      a       [===========+                              succeeded
      longer  ....x                                      failed
      c       ........[===============================/  cancelled
      d       .........................................  never started
`
	if got := "\n" + out.String(); got != want {
		t.Errorf("got:%s\nwant:%s", got, want)
	}
}

func TestUsageNamesAllChapters(t *testing.T) {
	_, stdout, _ := tourOf(t.Context(), "-h")
	for _, chapter := range chapters {
		has(t, stdout, "\n  "+chapter.name+" ")
	}
	has(t, stdout, "\n  -timeline ", fmt.Sprintf("units of %d ms", unit.Milliseconds()))
}
