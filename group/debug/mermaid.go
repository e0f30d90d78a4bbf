package debug

import (
	"bufio"
	"fmt"
	"strings"
)

// many is how many tasks of a scope are drawn. Mermaid refuses charts of more than five hundred lines, and nobody could read them.
const many = 20

// writeMermaid writes a flow chart. Scopes are boxes, and tasks are rounded. A task with scopes below it is always drawn.
func (t *Tree) writeMermaid(w *bufio.Writer) {
	w.WriteString("flowchart LR\n")
	for _, b := range t.branches() {
		drawScope(w, b)
	}
	w.WriteString("  classDef cancelled stroke-dasharray:4\n")
}

func drawScope(w *bufio.Writer, b *branch) {
	id := fmt.Sprintf("s%d", b.ID)
	title := fmt.Sprintf("scope %d", b.ID)
	if b.Name != "" {
		title = printable(b.Name)
	}
	fmt.Fprintf(w, "  %s[\"%s<br>%s %v\"]\n", id, label(title), b.State, b.Age)
	if b.State != "open" {
		fmt.Fprintf(w, "  class %s cancelled\n", id)
	}
	drawScopes(w, id, b.Scopes)
	drawn, left := 0, Counts{}
	for _, t := range b.Twigs {
		if drawn >= many && len(t.Scopes) == 0 {
			if t.State == "running" {
				left.Running++
			} else {
				left.Queued++
			}
			continue
		}
		drawn++
		task := fmt.Sprintf("%st%d", id, t.Index)
		fmt.Fprintf(w, "  %s(\"%s<br>%s %v\")\n  %s --- %s\n", task, label(fmt.Sprintf("%s[%d]", printable(t.Name), t.Index)), t.State, t.Age, id, task)
		drawScopes(w, task, t.Scopes)
	}
	if n := left.Running + left.Queued; n > 0 {
		fmt.Fprintf(w, "  %smore(\"%d more: %d running, %d queued\")\n  %s --- %smore\n", id, n, left.Running, left.Queued, id, id)
	}
}

func drawScopes(w *bufio.Writer, above string, bs []*branch) {
	for _, b := range bs {
		drawScope(w, b)
		fmt.Fprintf(w, "  %s --- s%d\n", above, b.ID)
	}
}

// entities writes what has a meaning for Mermaid, or for the HTML and Markdown in its labels, as Mermaid wants it.
var entities = strings.NewReplacer("&", "#amp;", "#", "#35;", ";", "#59;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\\", "#92;",
	"*", "#42;", "_", "#95;", "[", "#91;", "]", "#93;", "{", "#123;", "}", "#125;", "(", "#40;", ")", "#41;", "|", "#124;", "%", "#37;")

func label(s string) string { return entities.Replace(s) }
