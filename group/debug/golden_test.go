package debug_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// town opens scopes of all sorts and calls f when they are ten minutes old.
func town(t *testing.T, f func()) {
	bubble(t, func(t *testing.T) {
		group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			g.Go(within("bakery", func(ctx context.Context, g *intGroup) error {
				g.Go(value)
				g.Go(func(context.Context) (int, error) { return 0, errors.New("burnt") })
				time.Sleep(time.Millisecond)
				for _, name := range []string{"bread", "rolls", "cake", "pie"} {
					g.Go(sleeping(time.Hour), group.Name(name))
					time.Sleep(time.Millisecond)
				}
				return nil
			}, group.Limit(2), group.KeepGoing()), group.Name("bake"))
			time.Sleep(time.Second)
			g.Go(within("post", func(ctx context.Context, g *intGroup) error {
				g.Go(sleeping(20*time.Minute), group.Name("sort"))
				g.Go(obedient, group.Name("carry"))
				time.Sleep(time.Millisecond)
				time.Sleep(time.Minute)
				return errors.New("no stamps\nare left")
			}), group.Name("deliver"))
			time.Sleep(time.Second)
			group.New[int](ctx, group.Name("square"))
			g.Go(obedient, group.Name("clock"), group.Daemon())
			time.Sleep(10 * time.Minute)
			f()
			g.Cancel(nil)
			return nil
		}, observed("town", group.KeepGoing()))
	})
}

func TestGolden(t *testing.T) {
	for _, f := range []debug.Format{debug.Text, debug.JSON, debug.Mermaid} {
		t.Run(string(f), func(t *testing.T) {
			town(t, func() { golden(t, string(f), dump(t, f, debug.OlderThan(5*time.Minute))) })
		})
	}
}

// What is written as JSON can be read as a Tree.
func TestJSON_RoundTrip(t *testing.T) {
	town(t, func() {
		var got debug.Tree
		if err := json.Unmarshal([]byte(dump(t, debug.JSON)), &got); err != nil {
			t.Fatal(err)
		}
		want := debug.Look()
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("(-written +read):\n%s", diff)
		}
		if len(want.Scopes) != 4 || len(want.Scopes[0].Tasks) != 3 {
			t.Errorf("the tree is not that of a town: %+v", want)
		}
	})
}

// The tree ends when its scopes do.
func TestTreeShrinks(t *testing.T) {
	town(t, func() {})
	if tree := debug.Look(); len(tree.Scopes) > 0 {
		t.Errorf("after the end there are %+v", tree.Scopes)
	}
	if s := dump(t, debug.Text); s != "0 scopes, no tasks\n" {
		t.Errorf("nothing is written as %q", s)
	}
	if s := dump(t, debug.JSON); !strings.Contains(s, `"scopes": []`) {
		t.Errorf("nothing is written as %s", s)
	}
}

func TestDump_UnknownFormat(t *testing.T) {
	for _, f := range []debug.Format{"", "xml", "Text"} {
		err := debug.Dump(nil, f)
		if err == nil || !strings.Contains(err.Error(), "text, json, mermaid, html") {
			t.Errorf("format %q: got the error %v, want one with the formats", f, err)
		}
	}
}
