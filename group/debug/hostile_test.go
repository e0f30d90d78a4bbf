package debug_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// hostile are names that want to be more than names.
var hostile = map[string]string{
	"script":    `</style></title><script>alert("1")</script><img src=x onerror='alert(2)'>`,
	"attribute": `" onmouseover="alert(1)" x='y'`,
	"template":  "{{.}} ${alert(1)} `backtick`",
	"mermaid":   "\"] --> x[\"`**bold**`<br>\"]; click s1 href \"javascript:alert(1)\" %% #quot;",
	"lines":     "one\ntwo\r\nthree\u2028four\x00\x7f",
	"terminal":  "\x1b[31mred\x1b]0;title\x07 \u009b31m",
	"bidi":      "\u202egnp.exe \u2066\u200f\u061c",
	"no UTF-8":  "caf\xe9 \xff",
	"invisible": "a\u200bb\ufeffc\U000e0041d\u00a0e",
	"long":      strings.Repeat("ü", 100_000),
	"formula":   "=cmd|' /C calc'!A0",
}

// Whatever a task, a scope or an error is called, it stays a text on one line.
func TestHostileNames(t *testing.T) {
	for name, evil := range hostile {
		t.Run(name, func(t *testing.T) {
			for _, f := range []debug.Format{debug.Text, debug.JSON, debug.Mermaid, debug.HTML} {
				checkHarmless(t, f, called(t, evil, f), called(t, "harmless", f), evil)
			}
		})
	}
}

// called returns the tree of a scope and a task of that name, and with a cause that says it.
func called(t *testing.T, name string, f debug.Format) (text string) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed(name))
		g.Go(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			text = dump(t, f)
			return 0, nil
		}, group.Name(name))
		synctest.Wait()
		g.Cancel(errors.New(name))
		g.Wait()
	})
	return text
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	content = regexp.MustCompile(`"[^"]*"`)
)

// tagsOf returns the tags of a page with the names of their attributes.
func tagsOf(page string) []string {
	return tag.FindAllString(content.ReplaceAllString(page, `""`), -1)
}

func checkHarmless(t *testing.T, f debug.Format, text, harmless, evil string) {
	t.Helper()
	const most = 30_000 // characters
	for i, r := range text {
		if r == unicode.ReplacementChar && f != debug.JSON || r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s: there is a %U in %q", f, r, text[max(0, i-20):min(len(text), i+20)])
		}
	}
	switch f {
	case debug.Text:
		if n := strings.Count(text, "\n"); n != 5 {
			t.Errorf("text: %d lines, want 5:\n%s", n, text)
		}
	case debug.Mermaid:
		for line := range strings.Lines(text) {
			if n := strings.Count(line, `"`); n != 0 && n != 2 {
				t.Errorf("mermaid: %d quotes in %s", n, line)
			}
		}
		hasNot(t, strings.ReplaceAll(text, "<br>", ""), "<", "`", "%", "{")
	case debug.HTML:
		if diff := cmp.Diff(tagsOf(harmless), tagsOf(text)); diff != "" {
			t.Errorf("html: not the tags of a page with a harmless name (-want +got):\n%s", diff)
		}
	case debug.JSON:
		var tree debug.Tree
		if err := json.Unmarshal([]byte(text), &tree); err != nil {
			t.Fatalf("json: %v", err)
		}
		want := []rune(strings.ToValidUTF8(evil, "\ufffd"))
		if len(want) > 200 {
			want = append(want[:200], '…')
		}
		if got := tree.Scopes[0].Tasks[0].Name; got != string(want) {
			t.Errorf("json: the name is %q, want %q", got, string(want))
		}
	}
	if f != debug.HTML && len(text) > most {
		t.Errorf("%s: %d bytes for one task", f, len(text))
	}
}

// An error that panics when asked for its text does not take the tree with it.
func TestCauseThatPanics(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("scope"))
		g.Cancel(panicking{})
		text := dump(t, debug.Text)
		has(t, text, `scope 1 "scope" cancelled`, "PANIC")
		g.Wait()
	})
}

type panicking struct{}

func (panicking) Error() string { panic("no text") }
