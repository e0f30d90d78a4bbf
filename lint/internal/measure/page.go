package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const top = `# What becomes of large modules

None of these modules uses Creche. So crechefix rewrites a copy of each: the groups of errgroup and conc in the packages that import
either, with their tests. Then crechelint looks at the result. There is no compile error in any of that: measuring ends at the first.
Each report has been looked at, and there is a word on whether it is a false alarm. In the directory of this module:

	go run ./internal/measure -o MEASURED.md

| module | packages | groups | | rewritten | left | reports | false alarms |
|---|---|---|---|---|---|---|---|
`

// write writes the page, and tells of how many reports nobody has said whether they are right.
func write(w io.Writer, rows []row) (unseen int) {
	fmt.Fprint(w, top)
	var safe, all outcome
	packages, groups := 0, 0
	for _, r := range rows {
		packages, groups = packages+r.packages, groups+r.groups
		safe, all = safe.and(r.safe), all.and(r.all)
		line(w, r.module, r.packages, r.groups, r.safe, r.all)
	}
	line(w, "together", packages, groups, safe, all)
	fmt.Fprint(w, "\nWhy groups were left alone:\n\n| reason | groups | with -all |\n|---|---|---|\n")
	for _, reason := range slices.SortedFunc(maps.Keys(safe.and(all).left), func(a, b string) int {
		return cmp.Or(cmp.Compare(safe.left[b], safe.left[a]), strings.Compare(a, b))
	}) {
		fmt.Fprintf(w, "| %s | %d | %d |\n", reason, safe.left[reason], all.left[reason])
	}
	if len(all.reports) > 0 {
		fmt.Fprint(w, "\nThe reports after -all:\n\n")
	}
	for _, report := range all.reports {
		v, ok := verdicts[report]
		if !ok {
			unseen++
			v = verdict{why: "nobody has looked at it"}
		}
		fmt.Fprintf(w, "- %s\\\n  %s\n", report, v.why)
	}
	return unseen
}

func line(w io.Writer, name string, packages, groups int, safe, all outcome) {
	fmt.Fprintf(w, "| %s | %d | %d | | %d | %d | %d | %d |\n", name, packages, groups, safe.rewritten, groups-safe.rewritten, len(safe.reports), safe.falseAlarms())
	fmt.Fprintf(w, "| | | | -all | %d | %d | %d | %d |\n", all.rewritten, groups-all.rewritten, len(all.reports), all.falseAlarms())
}

func (o outcome) and(other outcome) outcome {
	left := map[string]int{}
	for _, m := range []map[string]int{o.left, other.left} {
		for reason, n := range m {
			left[reason] += n
		}
	}
	return outcome{o.rewritten + other.rewritten, left, slices.Concat(o.reports, other.reports)}
}

func (o outcome) falseAlarms() (n int) {
	for _, report := range o.reports {
		if verdicts[report].falseAlarm {
			n++
		}
	}
	return n
}

// A verdict is what somebody who looked at the code says of a report.
type verdict struct {
	falseAlarm bool
	why        string
}

//go:embed verdicts.txt
var written string

// verdicts are those of verdicts.txt, by the report. Each is two lines there: the report, and a tab, "true" or "false", and why.
var verdicts = func() map[string]verdict {
	all := map[string]verdict{}
	report := ""
	for text := range strings.Lines(written) {
		why, ok := strings.CutPrefix(text, "\t")
		if !ok {
			report = strings.TrimSpace(text)
			continue
		}
		all[report] = verdict{strings.HasPrefix(why, "false"), strings.TrimSpace(why)}
	}
	return all
}()
