// Command bench measures Creche against bare goroutines, errgroup, conc, pond, ants and lo, and prints the ratios as a Markdown table.
//
// It runs the benchmarks of this folder, each row a round at a time and each round of a row in a process of its own, the rows and the
// peers of a row in another random order each round. A ratio compares two peers of one round, which have met the same weather on the
// machine; the table has the medians of these ratios.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"
)

const usage = `Usage: go run -C internal/bench . [flags]

Prints a Markdown table: for each case the median of creche's ratios to the reference, one ratio a round, the spread of
these ratios (the least and the greatest), creche's time and allocations per task (those of the caller's closures among
them), and the median ratios of the peers. An empty field is a peer that cannot do that work.

Noise is half the width of the spread: (greatest ratio - least ratio) / 2. A row whose median is over its budget by more than
its noise says "over", and by less "noise". With one round there is no noise.

What Python's asyncio takes for some of the same work, python3 internal/bench/asyncio_peer.py prints.

`

// What the command line asks for.
type command struct {
	rounds int
	usual  time.Duration
	match  *regexp.Regexp
	check  bool
	grows  bool
	large  bool
	svg    string
}

func main() {
	var c command
	flag.IntVar(&c.rounds, "rounds", 0, "how often to measure each row (default 10)")
	only := flag.String("run", "", "measure the rows whose benchmark matches this `regexp`")
	flag.DurationVar(&c.usual, "benchtime", 100*time.Millisecond, "how long to measure a peer in a round, where a row does not say itself")
	flag.BoolVar(&c.check, "check", false, "exit with status 1 if a row is over its budget by more than its noise")
	flag.BoolVar(&c.grows, "growth", false, "measure instead how the cost of one grows with their number; with -check, exit with status 1 if worse than linear")
	flag.BoolVar(&c.large, "cores", false, "simulate instead what more processors would do")
	flag.StringVar(&c.svg, "svg", "", "draw the table as an SVG in this `file` too")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	if c.rounds == 0 {
		c.rounds = 10
	}
	var err error
	c.match, err = regexp.Compile(*only)
	if flag.NArg() > 0 || c.rounds < 1 || err != nil {
		fmt.Fprintln(os.Stderr, "bench: needs at least one round, a valid regexp and no arguments")
		flag.Usage()
		os.Exit(2)
	}
	work := c.ratios
	switch {
	case c.grows:
		work = c.growth
	case c.large:
		work = c.cores
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// ratios measures the rows and prints their table.
func (c command) ratios() error {
	chosen := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !c.match.MatchString(r.name()) })
	measured, err := measure(chosen, c.rounds, c.usual)
	if err != nil {
		return err
	}
	fmt.Print(table(measured))
	if c.svg != "" {
		if err := os.WriteFile(c.svg, []byte(bars(measured)), 0o666); err != nil {
			return err
		}
	}
	if n := over(measured); c.check && n > 0 {
		return fmt.Errorf("%d of %d rows are over their budget by more than their noise", n, len(measured))
	}
	return nil
}
