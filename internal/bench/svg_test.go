package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// classes reads a drawing and counts its shapes by their class, and returns its texts. It fails the test if the file is not XML.
func classes(t *testing.T, svg string) (count map[string]int, texts []string) {
	t.Helper()
	count = map[string]int{}
	d := xml.NewDecoder(strings.NewReader(svg))
	inText := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count, texts
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
			for _, a := range token.Attr {
				if a.Name.Local == "class" {
					count[token.Name.Local+" "+a.Value]++
				}
				if a.Name.Local == "href" || a.Name.Local == "src" {
					t.Errorf("%s needs %s", token.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			if inText {
				texts = append(texts, string(token))
			}
		case xml.EndElement:
			inText = false
		}
	}
}

func TestBars(t *testing.T) {
	svg := bars(measuredRows())
	count, texts := classes(t, svg)
	for _, tt := range []struct {
		class  string
		want   int
		reason string
	}{
		{"rect mine", 2, "creche within its budget, or over it by noise"},
		{"rect over", 1, "creche over its budget"},
		{"rect peer", 6, "two peers in each row that has a reference"},
		{"line budget", 3, "one a row"},
		{"line whisker", 3, "one a row"},
		{"rect paper", 1, "what it is drawn on"},
	} {
		if got := count[tt.class]; got != tt.want {
			t.Errorf("got %d of %q, want %d: %s", got, tt.class, tt.want, tt.reason)
		}
	}
	all := strings.Join(texts, "\n")
	for _, tt := range []struct {
		text, reason string
	}{
		{"over & out", "what XML reserves is written as itself"},
		{"» 30.00", "a bar that is cut off says so"},
		{"1.25", "the ratio beside its bar"},
	} {
		if !strings.Contains(all, tt.text) {
			t.Errorf("no text %q: %s, in\n%s", tt.text, tt.reason, all)
		}
	}
	if strings.Contains(all, "alone") {
		t.Error("a row without a reference has no ratio to draw")
	}
	if !strings.Contains(svg, "prefers-color-scheme:dark") {
		t.Error("no colours for the dark")
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct {
		ratio, want float64
		reason      string
	}{
		{0, barsLeft, "where bars begin"},
		{1, barsLeft + barsUnit, "the reference"},
		{145, barsLeft + barsMost*barsUnit, "cut off"},
	} {
		if got := place(tt.ratio); got != tt.want {
			t.Errorf("place(%v): got %v, want %v: %s", tt.ratio, got, tt.want, tt.reason)
		}
	}
}
