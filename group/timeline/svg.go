package timeline

import (
	_ "embed" // the styles
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/creche-go/creche/group"
)

//go:embed picture.css
var pictureStyles string

// WriteSVG writes a picture with a row for each task, for up to a thousand of them. It needs nothing from elsewhere, and is light or dark
// as its reader prefers.
func (r *Recorder) WriteSVG(w io.Writer) error {
	_, err := io.WriteString(w, r.tree().picture("<style>\n"+pictureStyles+"</style>\n"))
	return err
}

// The measures of a picture.
const (
	pictureWidth = 1000.0
	names        = 250.0 // columns of names and, on the right, of words
	ends         = 130.0
	rowHeight    = 20.0
	barHeight    = 12.0
	above        = 44.0 // the first row
	indent       = 12.0
	columnWidth  = 7.0 // of a character
)

// drawing is a picture in the making.
type drawing struct {
	strings.Builder
	end time.Duration
}

func (d *drawing) print(format string, args ...any) { fmt.Fprintf(&d.Builder, format+"\n", args...) }

func (d *drawing) x(at time.Duration) float64 {
	if d.end == 0 {
		return names
	}
	return names + (pictureWidth-names-ends)*float64(at)/float64(d.end)
}

// picture draws the tree. The styles are what stands before everything else.
func (t *tree) picture(styles string) string {
	list, shown, all := t.rows(maxRows)
	notes := t.notes(shown, all)
	height := above + rowHeight*float64(len(list)+len(notes)) + 8
	d := &drawing{end: t.end}
	d.print(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="timeline-title">`,
		pictureWidth, height, pictureWidth, height)
	d.print(`<title id="timeline-title">%s</title>`, escape(t.title()))
	d.WriteString(styles)
	d.print(`<rect width="100%%" height="100%%" class="paper"/>`)
	d.legend()
	for i := range list {
		if i%2 == 1 {
			d.print(`<rect x="0" y="%.1f" width="%.0f" height="%.0f" class="stripe"/>`, above+rowHeight*float64(i), pictureWidth, rowHeight)
		}
	}
	d.axis(above + rowHeight*float64(len(list)))
	for i, r := range list {
		d.row(r, above+rowHeight*float64(i))
	}
	for i, note := range notes {
		d.print(`<text x="8" y="%.1f" class="head">%s</text>`, above+rowHeight*float64(len(list)+i)+16, escape(note))
	}
	d.WriteString("</svg>\n")
	return d.String()
}

// title names the timeline after the outermost scope, if there is one.
func (t *tree) title() string {
	if len(t.roots) == 1 {
		return "Timeline of " + printable(t.roots[0].name, maxName)
	}
	return fmt.Sprintf("Timeline of %d scopes", len(t.roots))
}

func (d *drawing) legend() {
	x := 8.0
	next := func(swatch float64, text string) {
		x += swatch + columnWidth*float64(utf8.RuneCountInString(text)) + 24
	}
	for _, state := range []group.State{group.Succeeded, group.Failed, group.Canceled, group.Running} {
		d.print(`<rect x="%.1f" y="6" width="12" height="12" rx="2" class="%s"/><text x="%.1f" y="16" class="dim">%s %s</text>`,
			x, classes[state], x+17, marks[state], words[state])
		next(17, "  "+words[state])
	}
	d.print(`<line x1="%.1f" x2="%.1f" y1="12" y2="12" class="wait"/><text x="%.1f" y="16" class="dim">waits</text>`, x, x+22, x+27)
	next(27, "waits")
	d.print(`<rect x="%.1f" y="6" width="22" height="12" rx="3" class="path"/><text x="%.1f" y="16" class="dim">critical path</text>`, x, x+28)
}

var classes = map[group.State]string{group.Running: "running", group.Succeeded: "succeeded", group.Failed: "failed", group.Canceled: "cancelled"}

// axis draws lines at round times, down to y.
func (d *drawing) axis(y float64) {
	step := tick(d.end)
	for at := time.Duration(0); at <= d.end; at += step {
		text := short(at)
		if at == 0 {
			text = "0"
		}
		d.print(`<line x1="%.1f" x2="%.1f" y1="%.0f" y2="%.1f" class="grid"/><text x="%.1f" y="%.0f" class="dim mid">%s</text>`,
			d.x(at), d.x(at), above-6, y, d.x(at), above-10, text)
	}
}

// tick returns a round time that lies at most eight times in d.
func tick(d time.Duration) time.Duration {
	for step := time.Duration(1); ; step *= 10 {
		for _, s := range []time.Duration{step, 2 * step, 5 * step} {
			if d/s <= 8 {
				return s
			}
		}
	}
}

func (d *drawing) row(r row, y float64) {
	class := ""
	if r.scope {
		class = ` class="scope"`
	}
	left := 8 + indent*float64(min(r.depth, 10))
	d.print(`<g%s><title>%s</title>`, class, escape(r.tell()))
	d.print(`<text x="%.1f" y="%.1f">%s</text>`, left, y+14, escape(r.label(int((names-left-8)/columnWidth))))
	middle := y + rowHeight/2
	if r.queued < r.start {
		d.print(`<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" class="wait"/>`, d.x(r.queued), d.x(r.start), middle, middle)
	}
	from, width := d.x(r.start), max(2, d.x(r.end)-d.x(r.start))
	switch {
	case r.scope:
		class := "extent"
		if r.state == group.Failed {
			class = classes[r.state]
		}
		d.print(`<rect x="%.1f" y="%.1f" width="%.1f" height="4" rx="2" class="%s"/>`, from, middle-2, width, class)
	case r.began():
		d.print(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="2" class="%s"/>`, from, middle-barHeight/2, width, barHeight, classes[r.state])
		if r.critical {
			d.print(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="3" class="path"/>`, from-2, middle-barHeight/2-2, width+4, barHeight+4)
		}
	}
	d.print(`<text x="%.0f" y="%.1f" class="dim">%s</text></g>`, pictureWidth-ends+12, y+14, r.outcome())
}

// outcome is what stands at the end of the row.
func (r row) outcome() string {
	if !r.began() {
		return marks[r.state] + " " + words[r.state]
	}
	mark := marks[r.state]
	if r.cut {
		mark += " ≥"
	}
	return mark + " " + short(r.took())
}
