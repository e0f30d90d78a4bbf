package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// table writes the medians as Markdown that can be read as it is, too.
func table(measured []measurement) string {
	head := append([]string{"case", "reference", "budget", "creche", "spread", "ns/task", "allocs/task"}, columns...)
	lines := [][]string{head}
	for _, m := range measured {
		ref := "none"
		if m.ref != "" {
			ref = m.ref
		}
		s := m.creche()
		line := []string{
			m.what, ref, fmt.Sprintf("%.2f", m.budget),
			fmt.Sprintf("%.3f%s", s.median, s.against(m.budget).mark()),
			fmt.Sprintf("%.2f–%.2f", s.least, s.most),
		}
		for _, unit := range []string{"ns", "allocs"} {
			field := ""
			if v, ok := m.perTask(unit); ok {
				field = short(v)
			}
			line = append(line, field)
		}
		for _, p := range columns {
			field := ""
			if ratios := m.ratios(p); len(ratios) > 0 {
				field = fmt.Sprintf("%.2f", spreadOf(ratios).median)
			}
			line = append(line, field)
		}
		lines = append(lines, line)
	}
	return markdown(lines)
}

// short writes a number with two or three digits that count.
func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// markdown lines up a table whose first line is its head.
func markdown(lines [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', tabwriter.Debug)
	for i, line := range lines {
		fmt.Fprintf(w, "| %s\t\n", strings.Join(line, "\t "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.Repeat("---\t", len(line)))
		}
	}
	w.Flush()
	return b.String()
}
