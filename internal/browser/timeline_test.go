package browser

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

// recorded returns the timeline of a scope with so many tasks besides a few whose names are hostile, after so long.
func recorded(t *testing.T, tasks int) *timeline.Recorder {
	r := timeline.New(4 * tasks)
	work := func(d time.Duration, err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { time.Sleep(d); return 0, err }
	}
	synctest.Test(t, func(t *testing.T) {
		group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
			g.Go(work(3*time.Second, nil), group.Name("</svg></style><script>document.title='owned'</script>"))
			g.Go(work(2*time.Second, errors.New("no")), group.Name("\n\x1b[31m \u202edesrever"))
			g.Go(within(strings.Repeat("a long name ", 30), func(_ context.Context, inner *group.TaskGroup[int]) error {
				inner.Go(work(time.Second, nil), group.Name("<b>inside</b>"))
				return nil
			}))
			for i := range tasks {
				g.Go(work(time.Duration(1+i%7)*time.Second, nil), group.Name(fmt.Sprint("article ", i%50)))
			}
			return nil
		}, group.Name(`import "<i>all</i>"`), group.KeepGoing(), group.Limit(16), r.Observe())
	})
	return r
}

// TestTimeline looks at the page that a recorder writes as its readers do.
func TestTimeline(t *testing.T) {
	w := newWindow(t)
	var page, picture strings.Builder
	r := recorded(t, 900)
	if err := errors.Join(r.WriteHTML(&page), r.WriteSVG(&picture)); err != nil {
		t.Fatal(err)
	}
	url := served(t, page.String())
	w.open(url)

	w.run("names are shown and not obeyed", func(t *testing.T) {
		text := eval[string](w, `document.body.textContent`)
		for _, want := range []string{"<script>document.title", "\ufffd\ufffd[31m \ufffddesrever", "<b>inside</b>"} {
			if !strings.Contains(text, want) {
				t.Errorf("the page does not show %q", want)
			}
		}
		if title := eval[string](w, `document.title`); title != `Timeline of import "<i>all</i>"` {
			t.Errorf("the title is %q", title)
		}
		if n := eval[int](w, `document.querySelectorAll("script, b, i, img, iframe").length`); n > 0 {
			t.Errorf("%d elements that the page should not have", n)
		}
	})
	w.run("a row for each task, within the picture", func(t *testing.T) {
		if n := eval[int](w, `document.querySelectorAll("svg g > title").length`); n < 900 {
			t.Errorf("%d rows, want 900 at least", n)
		}
		// What lies outside is cut off. A name that reaches into the bars cannot be read.
		w.is(`[...document.querySelectorAll("svg g")].every(g => { const b = g.getBBox(); return b.x >= 0 && b.x + b.width <= 1000 })`)
		w.is(`[...document.querySelectorAll("svg g > text:first-of-type")].every(e => { const b = e.getBBox(); return b.x + b.width <= 255 })`)
	})
	w.run("the styles are those of the page", func(t *testing.T) {
		colour := func(selector, property string) string {
			return eval[string](w, fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)`, selector, property))
		}
		if good, bad := colour("svg .succeeded", "fill"), colour("svg .failed", "fill"); good == bad || good == "rgb(0, 0, 0)" {
			t.Errorf("successes are %s and failures %s", good, bad)
		}
		light := colour("body", "background-color")
		w.prefer("dark")
		if dark := colour("body", "background-color"); dark == light {
			t.Errorf("the page is %s, in the dark as well", dark)
		}
		w.prefer("light")
	})
	w.run("the page is never wider than the window", func(t *testing.T) {
		for _, width := range []int64{1280, 420} {
			w.size(width, 860)
			w.open(url)
			if over := eval[int](w, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%d pixels are out of sight at a width of %d", over, width)
			}
		}
		w.size(1280, 860)
	})
	w.run("keyboard", func(t *testing.T) {
		w.open(url)
		w.do(press(kb.Tab), press(kb.ArrowDown)) // the picture can be scrolled without a mouse
		w.is(`document.activeElement.getAttribute("aria-label")?.startsWith("Picture")`)
		w.do(focus("summary"), press(kb.Enter))
		w.is(seen("details tbody tr") + " > 900")
	})
	w.run("the picture by itself", func(t *testing.T) {
		w.open(served(t, `<!DOCTYPE html><title>picture</title><img src="data:image/svg+xml;base64,`+base64.StdEncoding.EncodeToString([]byte(picture.String()))+`">`))
		w.is(`document.querySelector("img").naturalWidth === 1000`)
	})
	w.silent()
}
