package timeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/creche-go/creche/group"
)

// Names come from anywhere: from a request, say, whose path has become the name of a task. They are written so that nothing in them is
// markup, hides something or turns the text around it, and no longer than there is room for.

// printable returns a name with a mark in place of each character that is not to be seen. If it has more than width columns its middle is left
// out: names that begin alike often end differently.
func printable(name string, width int) string {
	var columns []string // a character that is as wide as two is followed by an empty one
	for _, r := range name {
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		if columns = append(columns, string(r)); r >= 0x1100 && r != unicode.ReplacementChar {
			columns = append(columns, "")
		}
	}
	if len(columns) <= width {
		return strings.Join(columns, "")
	}
	tail := (width - 1) / 2
	return strings.Join(columns[:width-1-tail], "") + "…" + strings.Join(columns[len(columns)-tail:], "")
}

// escaper makes text what it is in XML and in HTML.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

func escape(s string) string { return escaper.Replace(s) }

// marks tell states to those who do not see colours.
var marks = map[group.State]string{group.Queued: "○", group.Running: "▸", group.Succeeded: "✓", group.Failed: "✗", group.Canceled: "⊘", group.NotStarted: "–"}

// words tell states.
var words = map[group.State]string{
	group.Queued: "waits", group.Running: "runs", group.Succeeded: "succeeded", group.Failed: "failed", group.Canceled: "cancelled", group.NotStarted: "never began",
}

// short writes a duration with three digits.
func short(d time.Duration) string {
	units := []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}}
	for _, u := range units {
		if d >= u.unit {
			digits := 2
			for x := d / u.unit; x >= 10 && digits > 0; x /= 10 {
				digits--
			}
			text := strconv.FormatFloat(float64(d)/float64(u.unit), 'f', digits, 64)
			if strings.Contains(text, ".") {
				text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
			}
			return text + " " + u.name
		}
	}
	return strconv.Itoa(int(d)) + " ns"
}

// label is the name of a span, for a line with room for so many columns.
func (s *span) label(width int) string {
	if s.scope {
		return printable(s.name, width)
	}
	index := fmt.Sprintf("[%d]", s.index)
	return printable(s.name, max(1, width-len(index))) + index
}

// tell says all of a span.
func (s *span) tell() string {
	text := fmt.Sprintf("%s: %s", s.label(maxName), words[s.state])
	if s.began() {
		text += fmt.Sprintf(", from %s to %s (%s)", short(s.start), short(s.end), short(s.took()))
	}
	if s.timed {
		wait := s.waited()
		if !s.began() {
			wait = s.end - s.queued
		}
		if wait > 0 {
			text += ", waited " + short(wait)
		}
	}
	if s.daemon {
		text += ", a daemon"
	}
	if s.cut {
		text += ", its beginning is lost"
	}
	if s.critical {
		text += ", on the critical path"
	}
	return text
}

const maxName = 200

// notes tells what is missing from the timeline, if there is anything.
func (t *tree) notes(shown, all int) (list []string) {
	if t.dropped > 0 {
		list = append(list, fmt.Sprintf("The buffer was full: the oldest %d events were dropped. Of %d tasks the beginning is lost.", t.dropped, t.cut))
	}
	if shown < all {
		list = append(list, fmt.Sprintf("%d of %d tasks are shown: those of the critical path, those that failed, and the longest.", shown, all))
	}
	return list
}
