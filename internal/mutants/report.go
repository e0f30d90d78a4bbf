package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// tally counts outcomes.
type tally struct{ killed, hung, survived, explained, uncompiled int }

func (t *tally) add(o outcome) {
	switch {
	case o.result == uncompiled:
		t.uncompiled++
	case o.result == passes && o.excuse != "":
		t.explained++
	case o.result == passes:
		t.survived++
	default:
		t.killed++
		if o.result == hangs {
			t.hung++
		}
	}
}

func (t tally) total() int { return t.killed + t.survived + t.explained + t.uncompiled }

// table prints how many mutants of each file were noticed.
func table(w io.Writer, outcomes []outcome) {
	var files []string
	by, sum := map[string]*tally{}, tally{}
	for _, o := range outcomes {
		file := o.mutant.short()
		if by[file] == nil {
			by[file] = new(tally)
			files = append(files, file)
		}
		by[file].add(o)
		sum.add(o)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 1, ' ', tabwriter.AlignRight|tabwriter.Debug)
	row := func(name string, t tally) {
		fmt.Fprintf(tw, "| %s\t %d\t %d\t %d\t %d\t %d\t %d\t\n", name, t.total(), t.killed, t.hung, t.survived, t.explained, t.uncompiled)
	}
	fmt.Fprintf(tw, "| file\t mutants\t killed\t by timeout\t survived\t explained\t not compiled\t\n")
	fmt.Fprintf(tw, "|---\t---\t---\t---\t---\t---\t---\t\n")
	slices.Sort(files)
	for _, file := range files {
		row(file, *by[file])
	}
	row("all", sum)
	tw.Flush()
}

// faults returns what is wrong: mutants that survived without an excuse, planted ones that the compiler has noticed, and those whose excuse
// is none any more.
func faults(outcomes []outcome) (list []string) {
	for _, o := range outcomes {
		switch {
		case o.result == passes && o.excuse == "":
			list = append(list, "survived: "+o.mutant.name())
		case o.result == uncompiled && o.mutant.planted:
			list = append(list, fmt.Sprintf("does not compile: %s: %s", o.mutant.name(), o.reason))
		case o.result != passes && o.excuse != "":
			list = append(list, fmt.Sprintf("explained, and yet %v: %s", o, o.mutant.name()))
		}
	}
	return list
}
