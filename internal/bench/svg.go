package main

import (
	"fmt"
	"html"
	"strings"
)

// A drawing is an SVG that needs nothing from elsewhere. Its colours follow the reader's preference for light or dark, also where the
// file is shown as an image; the paper is drawn, so that it can be read on any ground.
type drawing struct {
	width  float64
	marks  strings.Builder
	styles string // rules of its own, beside those of all drawings
}

const styles = `text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600}.dim{fill:#59636e}.end{text-anchor:end}.mid{text-anchor:middle}
.paper{fill:#fff}.grid{stroke:#d1d9e0;fill:none}.peer{fill:#afb8c1}.mine{fill:#0969da}.over{fill:#cf222e}
.budget{stroke:#1f2328;stroke-width:2;stroke-dasharray:3 2}.whisker{stroke:#1f2328}
`

const darkStyles = `text{fill:#f0f6fc}.dim{fill:#9198a1}.paper{fill:#0d1117}.grid{stroke:#3d444d}.peer{fill:#656c76}.mine{fill:#4493f8}.over{fill:#f85149}
.budget,.whisker{stroke:#f0f6fc}
`

func (d *drawing) text(x, y float64, class, format string, args ...any) {
	fmt.Fprintf(&d.marks, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y, class, html.EscapeString(fmt.Sprintf(format, args...)))
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&d.marks, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2, class)
}

func (d *drawing) rect(x, y, width, height float64, class string) {
	fmt.Fprintf(&d.marks, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>\n", x, y, width, height, class)
}

// finish returns the file. The title is for those who do not see the drawing.
func (d *drawing) finish(height float64, title string) string {
	title = html.EscapeString(title)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s">
<title>%s</title>
<style>
%s%s@media (prefers-color-scheme:dark){
%s}
</style>
<rect width="100%%" height="100%%" class="paper"/>
%s</svg>
`, d.width, height, d.width, height, title, title, styles, d.styles, darkStyles, d.marks.String())
}
