package debug

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names, and the texts of errors, come from anywhere: from a request, say, whose path has become the name of a task. A terminal obeys some
// characters, others make a line read backwards, and a name may be as long as a book.

const (
	maxName  = 200 // characters; what is longer is cut, in all formats
	maxCause = 1000
)

// cut leaves the first characters of a text, with a mark if there were more.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// printable writes what is not to be seen as Go would in a string: \n, \x1b, \u202e.
func printable(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		if r != utf8.RuneError || size > 1 {
			if unicode.IsPrint(r) {
				b.WriteRune(r)
				continue
			}
		}
		quoted := strconv.Quote(s[i : i+size])
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// short leaves the folder, the file and the line of a place.
func short(place string) string {
	dir, file := path.Split(place)
	return path.Join(path.Base(dir), file)
}
