package timeline_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

// checkXML fails the test unless all elements nest, and none is a script or comes from elsewhere.
func checkXML(t *testing.T, text string, html bool) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	if html {
		d.Strict, d.AutoClose = false, []string{"meta"}
	}
	var open []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%.2000s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			switch token.Name.Local {
			case "script", "img", "link", "iframe", "a", "image", "use", "foreignObject":
				t.Errorf("there is an element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "href" || a.Name.Local == "src" {
					t.Errorf("there is an attribute %s", a.Name.Local)
				}
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != token.Name.Local {
				t.Fatalf("%s ends within %v", token.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%v do not end", open)
	}
}

type traceEvent struct {
	Phase, Name, Cat string
	Pid, Tid, ID     int
	Ts               float64
	Args             map[string]any
}

func (e *traceEvent) UnmarshalJSON(b []byte) error {
	var raw struct {
		Ph, Name, Cat string
		Pid, Tid, ID  int
		Ts            float64
		Args          map[string]any
	}
	err := json.Unmarshal(b, &raw)
	*e = traceEvent{raw.Ph, raw.Name, raw.Cat, raw.Pid, raw.Tid, raw.ID, raw.Ts, raw.Args}
	return err
}

type traceFile struct {
	OtherData   map[string]int
	TraceEvents []traceEvent
}

// checkTrace fails the test unless the spans of each track nest and the arrows lead from within one to the beginning of another. It returns what was
// read.
func checkTrace(t *testing.T, text string) (file traceFile) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	type track struct{ pid, tid int }
	type arrow struct {
		at      float64
		on      track
		arrived bool
	}
	open := map[track][]traceEvent{} // their beginnings
	last := map[track]float64{}
	spans := map[track][][2]float64{}
	arrows := map[int]*arrow{}
	for i, e := range file.TraceEvents {
		on := track{e.Pid, e.Tid}
		switch e.Phase {
		case "B":
			if e.Ts < last[on] {
				t.Errorf("event %d, %s, begins at %v, before the last one of its track ended, at %v", i, e.Name, e.Ts, last[on])
			}
			open[on], last[on] = append(open[on], e), e.Ts
		case "E":
			stack := open[on]
			if len(stack) == 0 || e.Ts < last[on] {
				t.Fatalf("event %d: nothing of track %v ends at %v", i, on, e.Ts)
			}
			began := stack[len(stack)-1]
			if began.Args["state"] == "Running" {
				t.Errorf("event %d: %s has ended, and runs", i, began.Name)
			}
			spans[on] = append(spans[on], [2]float64{began.Ts, e.Ts})
			open[on], last[on] = stack[:len(stack)-1], e.Ts
		case "s":
			if arrows[e.ID] != nil {
				t.Errorf("two arrows have the number %d", e.ID)
			}
			arrows[e.ID] = &arrow{at: e.Ts, on: on}
		case "f":
			a := arrows[e.ID]
			if a == nil || a.arrived || a.at > e.Ts {
				t.Errorf("event %d: arrow %d leads from %+v to %v", i, e.ID, a, e.Ts)
				continue
			}
			if stack := open[on]; len(stack) == 0 || stack[len(stack)-1].Ts != e.Ts {
				t.Errorf("event %d: arrow %d does not lead to a beginning", i, e.ID)
			}
			a.arrived = true
		}
	}
	for on, stack := range open {
		for _, began := range stack {
			if began.Args["state"] != "Running" {
				t.Errorf("%s does not end, and its state is %v", began.Name, began.Args["state"])
			}
			spans[on] = append(spans[on], [2]float64{began.Ts, 1e18})
		}
	}
	for id, a := range arrows {
		within := false
		for _, s := range spans[a.on] {
			within = within || s[0] <= a.at && a.at <= s[1]
		}
		if !a.arrived || !within {
			t.Errorf("arrow %d: it begins within a span: %v, and arrives: %v", id, within, a.arrived)
		}
	}
	return file
}

// grow starts a random program in g.
func grow(ctx context.Context, g *intGroup, rng *rand.Rand, depth int) {
	for range 1 + rng.IntN(5) {
		inner, ms := depth > 0 && rng.IntN(3) == 0, rng.IntN(30)
		if rng.IntN(4) == 0 && depth > 0 {
			_, _ = group.Run(ctx, func(ctx context.Context, g *intGroup) error { grow(ctx, g, rng, depth-1); return nil }, group.KeepGoing())
			continue
		}
		var err error
		if rng.IntN(10) == 0 {
			err = errBoom
		}
		seed := rng.Uint64()
		t := g.Do(func(ctx context.Context) error {
			rng := rand.New(rand.NewPCG(seed, 1))
			for inner {
				_, _ = group.Run(ctx, func(ctx context.Context, g *intGroup) error { grow(ctx, g, rng, depth-1); return nil },
					group.Name(fmt.Sprint("scope ", rng.IntN(3))), group.Limit(1+rng.IntN(3)))
				inner = rng.IntN(2) == 0
			}
			return work(ms, err)(ctx)
		}, group.Name(fmt.Sprint("task ", rng.IntN(5))))
		if rng.IntN(10) == 0 {
			time.Sleep(time.Duration(rng.IntN(10)) * time.Millisecond)
			t.Cancel(nil)
		}
	}
}

// Whatever was recorded, and however little of it is left, what is written can be read.
func TestFormats_RandomPrograms(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 0))
			r := timeline.New(1 + rng.IntN(100))
			all := timeline.New(10_000)
			check := func() {
				checkTrace(t, written(t, r, "json"))
				checkXML(t, written(t, r, "svg"), false)
				checkXML(t, written(t, r, "html"), true)
				file := checkTrace(t, written(t, all, "json"))
				if file.OtherData["dropped events"] != 0 {
					t.Errorf("of the large recorder: %v", file.OtherData)
				}
			}
			group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
				grow(ctx, g, rng, 3)
				check() // while tasks run
				return nil
			}, group.Limit(1+rng.IntN(4)), group.KeepGoing(), r.Observe(), all.Observe())
			check()
		})
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

// Names are what somebody else has written.
func TestFormats_HostileNames(t *testing.T) {
	names := []string{
		`</svg></title></style><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onload='alert(1)`, `]]>--><!-- &lt;b&gt; &#60;`,
		"nul \x00 escape \x1b[31m bell \a newline\n\ttab", "right to left \u202e\u2066 override", "not UTF-8 \xff\xfe\xc3", "\ufeff\u200b\u2028",
		`{{.}} ${x} \u003cscript\u003e \`, strings.Repeat("long ", 10_000), "漢字仮名交じり文", strings.Repeat("e\u0301", 500), "%s%d%!v(MISSING)",
	}
	synctest.Test(t, func(t *testing.T) {
		r := timeline.New(1000)
		for _, scope := range names {
			group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				for _, name := range names {
					g.Do(work(1, nil), group.Name(name))
				}
				return nil
			}, group.Name(scope), r.Observe())
		}
		for _, format := range []string{"svg", "html"} {
			text := written(t, r, format)
			checkXML(t, text, format == "html")
			for _, c := range text {
				if c < ' ' && c != '\n' || c == 0x7f || c == 0x202e || c == 0x2066 || c == 0xfeff || c == 0x200b {
					t.Fatalf("%s has the character %U", format, c)
				}
			}
			if strings.Contains(text, "MISSING)") && !strings.Contains(text, "%!v(MISSING)") {
				t.Errorf("%s: a name was taken for a format", format)
			}
			if n := 20 * len(names) * len(names) * 200; len(text) > n {
				t.Errorf("%s has %d bytes, want %d at most", format, len(text), n)
			}
		}
		text := written(t, r, "json")
		if strings.Contains(text, "<script") {
			t.Error("the JSON has the beginning of a script, which is of harm in a page")
		}
		found := map[string]bool{}
		for _, e := range checkTrace(t, text).TraceEvents {
			found[e.Name] = true
		}
		for _, name := range names {
			if want := strings.ToValidUTF8(name, "\ufffd\ufffd\ufffd"); !found[want] {
				t.Errorf("the JSON lacks %.50q", want)
			}
		}
	})
}

// A picture says how many of very many tasks it shows: the failures are among them.
func TestFormats_ManyTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const tasks = timeline.MaxRows + 500
		r := timeline.New(10_000)
		group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			g.Do(work(1, errBoom), group.Name("the failed one"))
			for range tasks - 1 {
				g.Do(work(2, nil), group.Name("one of many"))
			}
			return nil
		}, group.KeepGoing(), r.Observe())
		text := written(t, r, "svg")
		if !strings.Contains(text, "the failed one[0]<") || !strings.Contains(text, fmt.Sprintf("%d of %d tasks are shown", timeline.MaxRows, tasks)) {
			t.Errorf("the picture: %.3000s", text)
		}
		if n := strings.Count(text, "<title>one of many"); n != timeline.MaxRows-1 {
			t.Errorf("%d others are shown", n)
		}
	})
}

// failingWriter writes as much as it can.
type failingWriter struct{ left int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errBoom
	}
	return len(p), nil
}

func TestFormats_WriteError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := timeline.New(1000)
		for range 20 {
			program(t.Context(), r, func() {})
		}
		for format, write := range formats {
			for _, left := range []int{0, 4096, 10_000} {
				if err := write(r, &failingWriter{left}); !errors.Is(err, errBoom) {
					t.Errorf("%s with room for %d bytes: %v", format, left, err)
				}
			}
		}
	})
}
