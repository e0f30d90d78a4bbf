package debug

import (
	"bufio"
	"fmt"
	"path"
	"strconv"
)

// writeText draws the tree. What comes from the program is printable, and on one line.
func (t *Tree) writeText(w *bufio.Writer) {
	fmt.Fprintf(w, "%s\n", t.summary())
	warnings, more := t.shownWarnings()
	for _, x := range warnings {
		fmt.Fprintf(w, "! %s\n", printable(x.Text))
	}
	if more > 0 {
		fmt.Fprintf(w, "! and %d more\n", more)
	}
	for _, b := range t.branches() {
		w.WriteByte('\n')
		writeScope(w, b)
		w.WriteByte('\n')
		writeBelow(w, b, indent{})
	}
}

// summary counts what there is.
func (t *Tree) summary() string {
	text := count(len(t.Scopes), "scope")
	if living := t.Counts.Running + t.Counts.Queued; living > 0 {
		text += fmt.Sprintf(", %s: %d running, %d queued", count(living, "task"), t.Counts.Running, t.Counts.Queued)
	} else {
		text += ", no tasks"
	}
	return text
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// indent is what stands before a line. It stops growing at some depth, or a deep tree would take the square of that.
type indent struct {
	text  string
	depth int
}

const deepest = 40

func (in indent) below(last bool) indent {
	step := "│  "
	if last {
		step = "   "
	}
	if in.depth >= deepest {
		step = ""
	}
	return indent{in.text + step, in.depth + 1}
}

// begin writes what stands before a line that has a place in the tree.
func (in indent) begin(w *bufio.Writer, last bool) {
	w.WriteString(in.text)
	if last {
		w.WriteString("└─ ")
	} else {
		w.WriteString("├─ ")
	}
}

func writeBelow(w *bufio.Writer, b *branch, in indent) {
	writeScopes(w, b.Scopes, in, len(b.Twigs) == 0)
	for i, t := range b.Twigs {
		last := i == len(b.Twigs)-1
		in.begin(w, last)
		writeTask(w, t.Task)
		w.WriteByte('\n')
		writeScopes(w, t.Scopes, in.below(last), true)
	}
}

// writeScopes writes scopes that lie in the same task or body. With end set nothing follows them there.
func writeScopes(w *bufio.Writer, bs []*branch, in indent, end bool) {
	for i, b := range bs {
		last := end && i == len(bs)-1
		in.begin(w, last)
		writeScope(w, b)
		w.WriteByte('\n')
		writeBelow(w, b, in.below(last))
	}
}

func writeScope(w *bufio.Writer, b *branch) {
	fmt.Fprintf(w, "scope %d", b.ID)
	if b.Name != "" {
		fmt.Fprintf(w, " %q", b.Name)
	}
	fmt.Fprintf(w, " %s %v, opened at %s", b.State, b.Age, printable(short(b.Opened)))
	sep := "; "
	for name, n := range b.Counts.states {
		fmt.Fprintf(w, "%s%d %s", sep, n, name)
		sep = ", "
	}
	if b.Cause != "" {
		fmt.Fprintf(w, "; because: %s", printable(b.Cause))
	}
}

// writeTask is called for each of many.
func writeTask(w *bufio.Writer, t *Task) {
	w.WriteString(printable(t.Name))
	w.WriteByte('[')
	w.WriteString(strconv.Itoa(t.Index))
	w.WriteString("] ")
	w.WriteString(t.State)
	w.WriteByte(' ')
	w.WriteString(t.Age.String())
	if b := t.Blocked; b != nil {
		fmt.Fprintf(w, ", %s in %s at %s", b.On, printable(path.Base(b.Function)), printable(short(b.Line)))
	}
}
