package debug_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// wantWarnings compares the warnings with lines of their kind, scope, tasks and text.
func wantWarnings(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, w := range debug.Look().Warnings {
		got = append(got, fmt.Sprintf("%s %d %v: %s", w.Kind, w.Scope, w.Tasks, w.Text))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestWarnings(t *testing.T) {
	tests := map[string]func(t *testing.T, g *intGroup){
		"none": func(t *testing.T, g *intGroup) {
			g.Go(obedient)
			time.Sleep(9 * time.Minute)
			wantWarnings(t)
		},
		"old": func(t *testing.T, g *intGroup) {
			for i := range 5 {
				g.Go(obedient, group.Name("t"))
				time.Sleep(time.Duration(i+1) * time.Minute)
			}
			wantWarnings(t, `old 1 [0 1 2]: running for more than 10m0s in scope 1 "g": t[0] (15m0s), t[1] (14m0s), t[2] (12m0s)`)
			time.Sleep(time.Hour)
			wantWarnings(t, `old 1 [0 1 2 3 4]: running for more than 10m0s in scope 1 "g": t[0] (1h15m), t[1] (1h14m), t[2] (1h12m) and 2 more`)
		},
		"a task that waits for a scope is not old": func(t *testing.T, g *intGroup) {
			g.Go(within("inner", func(_ context.Context, g *intGroup) error { g.Go(obedient, group.Name("t")); return nil }))
			time.Sleep(11 * time.Minute)
			wantWarnings(t, `old 2 [0]: running for more than 10m0s in scope 2 "inner": t[0] (11m0s)`)
		},
		"runs on": func(t *testing.T, g *intGroup) {
			g.Go(sleeping(time.Hour), group.Name("t"))
			g.Go(obedient)
			synctest.Wait()
			g.Cancel(errors.New("enough"))
			synctest.Wait()
			wantWarnings(t, `runsOn 1 [0]: running on although scope 1 "g" is cancelled: t[0] (0s)`)
			time.Sleep(time.Minute)
			wantWarnings(t, `runsOn 1 [0]: running on although scope 1 "g" is cancelled, as it has been for 1m0s at least: t[0] (1m0s)`)
		},
		"runs on below a scope that was cancelled": func(t *testing.T, g *intGroup) {
			g.Go(within("inner", func(ctx context.Context, g *intGroup) error {
				g.Go(sleeping(time.Hour), group.Name("t"))
				return nil
			}), group.Name("outer"))
			synctest.Wait()
			g.Cancel(errors.New("enough"))
			wantWarnings(t, `runsOn 2 [0]: running on although scope 2 "inner" is cancelled: t[0] (0s)`)
			has(t, dump(t, debug.Text), `scope 2 "inner" cancelled 0s`, "because: enough")
		},
		"behind a shield nothing runs on": func(t *testing.T, g *intGroup) {
			g.Go(func(ctx context.Context) (int, error) {
				return 0, group.Shield(ctx, time.Hour, func(ctx context.Context) error {
					_, err := within("inner", func(ctx context.Context, g *intGroup) error {
						g.Go(sleeping(time.Minute))
						return nil
					})(ctx)
					return err
				})
			})
			synctest.Wait()
			g.Cancel(nil)
			synctest.Wait()
			has(t, dump(t, debug.Text), `scope 1 "g" cancelled`, `scope 2 "inner" open`)
			wantWarnings(t)
		},
		"left open": func(t *testing.T, g *intGroup) {
			inner := group.New[int](g.Context(), group.Name("inner"))
			time.Sleep(5 * time.Minute)
			inner.Go(value)
			time.Sleep(9 * time.Minute)
			wantWarnings(t)
			time.Sleep(2 * time.Minute)
			wantWarnings(t, `leftOpen 2 []: scope 2 "inner" is open without tasks, and has had no new one for 11m0s: does nobody call Wait?`)
			inner.Wait()
			wantWarnings(t, `leftOpen 1 []: scope 1 "g" is open without tasks, and has had no new one for 16m0s: does nobody call Wait?`)
		},
		"a body is not left open": func(t *testing.T, g *intGroup) {
			g.Go(func(ctx context.Context) (int, error) {
				return within("inner", func(ctx context.Context, g *intGroup) error { time.Sleep(time.Hour); return nil })(ctx)
			})
			time.Sleep(30 * time.Minute)
			wantWarnings(t)
		},
		"a queue that grows": func(t *testing.T, g *intGroup) {
			in := group.New[int](g.Context(), group.Name("in"), group.Limit(1))
			for range 30 {
				in.Go(sleeping(time.Second))
			}
			wantWarnings(t) // the first look
			time.Sleep(2*time.Second + time.Second/2)
			wantWarnings(t) // shorter now
			for range 50 {
				in.Go(sleeping(time.Second))
			}
			time.Sleep(2 * time.Second)
			wantWarnings(t, `queueGrows 2 []: the queue of scope 2 "in" grows: from 27 to 75 tasks within 2s`)
			wantWarnings(t, `queueGrows 2 []: the queue of scope 2 "in" grows: from 27 to 75 tasks within 2s`) // as a second one who looks sees it
			time.Sleep(time.Second)
			wantWarnings(t)
		},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				g := group.New[int](t.Context(), observed("g"))
				f(t, g)
				g.Cancel(nil)
				g.Wait()
			})
		})
	}
}

func TestWarnings_OlderThan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("g"))
		g.Go(obedient)
		time.Sleep(time.Hour)
		for d, want := range map[time.Duration]int{0: 0, time.Hour: 1, 2 * time.Hour: 0} {
			if n := len(debug.Look(debug.OlderThan(d)).Warnings); n != want {
				t.Errorf("%d warnings with OlderThan(%v), want %d", n, d, want)
			}
		}
		g.Cancel(nil)
		g.Wait()
	})
}

// People are not shown hundreds of warnings. Programs are.
func TestWarnings_Many(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("g"))
		for i := range 50 {
			group.New[int](g.Context(), group.Name(fmt.Sprint(i))).Go(obedient)
		}
		time.Sleep(time.Hour)
		if n := len(debug.Look().Warnings); n != 50 {
			t.Errorf("%d warnings, want 50", n)
		}
		text := dump(t, debug.Text)
		if n := strings.Count(text, "\n! "); n != 21 {
			t.Errorf("%d lines of warnings in the text, want 21", n)
		}
		has(t, text, "\n! and 30 more\n")
		has(t, dump(t, debug.HTML), "<li>and 30 more</li>")
		g.Cancel(nil)
		g.Wait()
	})
}
