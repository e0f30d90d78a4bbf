package debug

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is how a tree is written.
type Format string

// The formats.
const (
	Text    Format = "text"    // for a terminal
	JSON    Format = "json"    // a [Tree], for programs
	Mermaid Format = "mermaid" // a flow chart, for documents; where a scope has many tasks, most of them are only counted
	HTML    Format = "html"    // a page for browsers, without a script as Dump writes it
)

// formats are all there are.
var formats = []Format{Text, JSON, Mermaid, HTML}

// parseFormat tells the formats in its error.
func parseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(formats, f) {
		return f, nil
	}
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return "", fmt.Errorf("debug: unknown format %q; there are %s", cut(name, maxName), strings.Join(names, ", "))
}

// Dump writes the present tree.
func Dump(w io.Writer, f Format, opts ...Option) error {
	f, err := parseFormat(string(f))
	if err != nil {
		return err
	}
	return Look(opts...).Write(w, f)
}

// Write writes the tree.
func (t *Tree) Write(w io.Writer, f Format) error { return t.write(w, f, nil) }

// write has the words that are searched for on a page, which is cut.
func (t *Tree) write(w io.Writer, f Format, words []string) error {
	b := bufio.NewWriter(w)
	var err error
	switch f {
	case JSON:
		err = t.writeJSON(b)
	case Mermaid:
		t.writeMermaid(b)
	case HTML:
		err = t.writePage(b, words)
	default:
		t.writeText(b)
	}
	return errors.Join(err, b.Flush())
}
