package debug

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"path"
	"time"
)

// The page is what the template makes of a tree, between a style and a script that do not change: so that the browser may be told to run
// that very script, and nothing else. The script asks for the page again and takes over what has changed. Without it the page stays as it is.
var (
	//go:embed page.html
	pageTemplate string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

// contentPolicy is the Content-Security-Policy of the page.
var contentPolicy = "default-src 'none'; style-src " + hashOf(pageStyle) + "; script-src " + hashOf(pageScript) +
	"; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"printable": printable,
	"short":     short,
	"base":      path.Base,
	"style":     func() template.CSS { return template.CSS(pageStyle) },
	"script":    func() template.JS { return template.JS(pageScript) },
}).Parse(pageTemplate))

// sight is what the page shows.
type sight struct {
	Time     time.Time
	Summary  string
	Warnings []Warning
	More     int // warnings
	Roots    []*branch
}

// writePage writes the page for a filter with these words.
func (t *Tree) writePage(w io.Writer, words []string) error {
	v := sight{Time: t.Time, Summary: t.summary(), Roots: t.branches()}
	v.Warnings, v.More = t.shownWarnings()
	share := t.share()
	for _, b := range v.Roots {
		b.trim(share, words)
	}
	return page.Execute(w, v)
}

// stretch is a part of a bar that is 100 wide, for the tasks in one state.
type stretch struct {
	State    string
	N        int
	At, Wide float64
}

// Bar returns how the tasks of the scope divide into states.
func (b *branch) Bar() (list []stretch) {
	c := b.Counts
	all := c.Running + c.Queued + c.Succeeded + c.Failed + c.Cancelled + c.NotStarted
	at := 0.0
	for name, n := range c.states {
		wide := 100 * float64(n) / float64(all)
		list = append(list, stretch{name, n, at, wide})
		at += wide
	}
	return list
}
