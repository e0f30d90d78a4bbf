package timeline

import (
	"cmp"
	"crypto/sha256"
	_ "embed" // the styles
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed page.css
var pageStyles string

// WriteHTML writes a page with the picture of WriteSVG, the critical path in words, a table of how long the tasks of each name took, and one of all
// tasks that the picture shows. It is a single file without scripts, and its content security policy forbids all others.
func (r *Recorder) WriteHTML(w io.Writer) error {
	t := r.tree()
	p := &page{}
	p.head(t.title())
	list, shown, all := t.rows(maxRows)
	p.print("<p>%s from the first event to the last; tasks: %d.</p>", short(t.end), all)
	for _, note := range t.notes(shown, all) {
		p.print(`<p class="note">%s</p>`, escape(note))
	}
	p.print(`<div class="scroll" tabindex="0" role="region" aria-label="Picture, one row a task">`)
	p.WriteString(t.picture(""))
	p.print("</div>")
	p.criticalPath(list)
	p.summary(t.summarize())
	p.tasks(list)
	p.print("</main>\n</body>\n</html>")
	_, err := io.WriteString(w, p.String())
	return err
}

// page is a document in the making.
type page struct{ strings.Builder }

func (p *page) print(format string, args ...any) { fmt.Fprintf(&p.Builder, format+"\n", args...) }

func (p *page) head(title string) {
	styles := "\n" + pageStyles + pictureStyles
	sum := sha256.Sum256([]byte(styles))
	p.print(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>%s</style>
</head>
<body>
<main>
<h1>%s</h1>`, base64.StdEncoding.EncodeToString(sum[:]), escape(title), styles, escape(title))
}

func (p *page) criticalPath(list []row) {
	p.print("<h2>Critical path</h2>\n<p>What ended last, before it what had ended last when that began, and so on. Had one of these tasks been faster, all might have been.</p>\n<ol>")
	path := slices.DeleteFunc(slices.Clone(list), func(r row) bool { return !r.critical || r.scope })
	slices.SortStableFunc(path, func(a, b row) int { return cmp.Compare(a.start, b.start) })
	for _, r := range path {
		p.print("<li><bdi>%s</bdi>: %s from %s on</li>", escape(r.label(maxName)), short(r.took()), short(r.start))
	}
	p.print("</ol>")
}

// maxNames is how many names the summary has lines for.
const maxNames = 200

func (p *page) summary(list []*summary) {
	p.print(`<h2>Tasks by name</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Tasks by name">
<table>
<caption>How long tasks ran, and waited before that: half of them no longer than p50 tells, 95 and 99 of 100 no longer than p95 and p99.</caption>
<thead><tr><th scope="col">name</th><th scope="col">tasks</th><th scope="col">failed</th><th scope="col">cancelled</th><th scope="col">never began</th>
<th scope="col">run p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">waited p50</th><th scope="col">p95</th><th scope="col">p99</th></tr></thead>
<tbody>`)
	for _, s := range list[:min(len(list), maxNames)] {
		p.print(`<tr><th scope="row"><bdi>%s</bdi></th><td>%d</td><td>%d</td><td>%d</td><td>%d</td>%s%s</tr>`,
			escape(printable(s.name, maxName)), s.count, s.failed, s.canceled, s.neverRan, percentiles(s.run), percentiles(s.wait))
	}
	p.print("</tbody>\n</table>\n</div>")
	if len(list) > maxNames {
		p.print(`<p class="note">and %d more names, whose tasks took less time</p>`, len(list)-maxNames)
	}
}

func percentiles(sorted []time.Duration) string {
	if len(sorted) == 0 {
		return strings.Repeat("<td>–</td>", 3)
	}
	var b strings.Builder
	for _, p := range []int{50, 95, 99} {
		fmt.Fprintf(&b, "<td>%s</td>", short(percentile(sorted, p)))
	}
	return b.String()
}

// tasks is the picture for those who do not see it.
func (p *page) tasks(list []row) {
	p.print(`<details>
<summary>All tasks in words</summary>
<div class="scroll" tabindex="0" role="region" aria-label="All tasks in words">
<table>
<thead><tr><th scope="col">task</th><th scope="col">depth</th><th scope="col">state</th><th scope="col">waited</th><th scope="col">from</th><th scope="col">to</th><th scope="col">critical</th></tr></thead>
<tbody>`)
	for _, r := range list {
		critical := ""
		if r.critical {
			critical = "yes"
		}
		p.print(`<tr><th scope="row"><bdi>%s</bdi></th><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>`,
			escape(r.label(maxName)), r.depth, words[r.state], short(r.waited()), short(r.start), short(r.end), critical)
	}
	p.print("</tbody>\n</table>\n</div>\n</details>")
}
