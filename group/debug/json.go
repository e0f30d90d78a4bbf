package debug

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// writeJSON writes characters that are not to be seen as \u202e: what shows JSON may be a terminal, or put text in the order that such
// characters ask for.
func (t *Tree) writeJSON(w io.Writer) error {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	for len(text) > 0 {
		i := bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
		if i < 0 {
			break
		}
		r, size := utf8.DecodeRune(text[i:])
		out.Write(text[:i])
		if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		} else {
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		text = text[i+size:]
	}
	out.Write(text)
	out.WriteByte('\n')
	_, err = w.Write(out.Bytes())
	return err
}
