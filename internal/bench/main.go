// Command bench measures Creche against bare goroutines, errgroup, conc, pond, ants and lo, and prints the ratios as a Markdown table.
//
// It runs the benchmarks of this folder, each row a round at a time, the rows and the peers of a row in another random order each
// round. A ratio compares two peers of one round, which have met the same weather on the machine; the table has the medians of
// these ratios.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// The peers that have a column of their own come first. The others are the reference of a few rows.
var (
	columns = []string{"go", "errgroup", "conc", "pond", "ants", "lo"}
	peers   = append(slices.Clone(columns), "channel", "plain", "limit", "semaphore", "context", "serial", "hand", "creche")
)

func main() {
	rounds := flag.Int("rounds", 10, "how often to measure each row")
	only := flag.String("run", "", "measure the rows whose benchmark matches this `regexp`")
	usual := flag.Duration("benchtime", 100*time.Millisecond, "how long to measure a peer in a round")
	check := flag.Bool("check", false, "exit with status 1 if a row is over its budget")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if flag.NArg() > 0 || *rounds < 1 || err != nil {
		fmt.Fprintln(os.Stderr, "bench: needs at least one round, a valid regexp and no arguments")
		flag.Usage()
		os.Exit(2)
	}
	chosen := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !match.MatchString(r.name()) })
	over, err := measure(chosen, *rounds, *usual)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if *check && over > 0 {
		fmt.Fprintf(os.Stderr, "bench: %d rows over their budget\n", over)
		os.Exit(1)
	}
}

// measure runs the rounds, prints the table and returns how many rows are over their budget.
func measure(chosen []row, rounds int, usual time.Duration) (int, error) {
	scratch, err := os.MkdirTemp("", "creche-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	binary := filepath.Join(scratch, "bench.test.exe")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building the benchmarks: %w\n%s", err, out)
	}
	samples := make([][]sample, len(chosen))
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for _, i := range rand.Perm(len(chosen)) {
			s, err := chosen[i].sample(binary, usual)
			if err != nil {
				return 0, err
			}
			samples[i] = append(samples[i], s)
		}
	}
	return table(chosen, samples), nil
}

// A sample is what one round measured: an amount for each peer, in the unit of the row.
type sample map[string]float64

func (r row) sample(binary string, usual time.Duration) (sample, error) {
	order := slices.Clone(peers)
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	runs := []string{strings.Join(order, ",")}
	if r.apart {
		runs = order
	}
	s := sample{}
	for _, names := range runs {
		benchtime := usual.String()
		if r.benchtime != "" {
			benchtime = r.benchtime
		}
		cmd := exec.Command(binary, "-test.run=^$", "-test.bench="+r.pattern(), "-test.benchtime="+benchtime, "-peers="+names)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s%s", r.name(), err, out, &complaint)
		}
		for line := range strings.Lines(string(out)) {
			if name, v, ok := amount(line, r.unit()); ok {
				s[name] = v
			}
		}
	}
	if _, ok := s["creche"]; !ok {
		return nil, fmt.Errorf("%s: no such benchmark", r.name())
	}
	return s, nil
}

// amount reads the peer and its value in unit from a line that the testing package prints.
func amount(line, unit string) (peer string, v float64, ok bool) {
	fields := strings.Fields(line)
	i := slices.Index(fields, unit)
	if i < 1 {
		return "", 0, false
	}
	_, peer, _ = strings.Cut(fields[0], "/peer=")
	peer, _, _ = strings.Cut(peer, "-") // the number of processors follows
	v, err := strconv.ParseFloat(fields[i-1], 64)
	return peer, v, err == nil
}

// table prints the medians and returns how many rows are over their budget.
func table(chosen []row, samples [][]sample) (over int) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', tabwriter.Debug)
	defer w.Flush()
	fmt.Fprintf(w, "| case\t reference\t budget\t creche\t spread\t %s\t\n", strings.Join(columns, "\t "))
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---\t", 5+len(columns)))
	for i, r := range chosen {
		ref := "none"
		if r.ref != "" {
			ref = r.ref
		}
		ratios := r.ratios("creche", samples[i])
		mark := ""
		if median(ratios) > r.budget {
			mark = " over"
			over++
		}
		fmt.Fprintf(w, "| %s\t %s\t %.2f\t %.3f%s\t %.2f–%.2f\t", r.what, ref, r.budget, median(ratios), mark,
			slices.Min(ratios), slices.Max(ratios))
		for _, p := range columns {
			if ratios := r.ratios(p, samples[i]); len(ratios) > 0 {
				fmt.Fprintf(w, " %.2f", median(ratios))
			}
			fmt.Fprint(w, "\t")
		}
		fmt.Fprintln(w)
	}
	return over
}

// ratios compares a peer with the reference, round by round.
func (r row) ratios(peer string, samples []sample) []float64 {
	var ratios []float64
	for _, s := range samples {
		v, ok := s[peer]
		if !ok {
			continue
		}
		if r.ref != "" {
			v /= s[r.ref]
		}
		ratios = append(ratios, v)
	}
	return ratios
}

func median(vs []float64) float64 {
	vs = slices.Sorted(slices.Values(vs))
	n := len(vs)
	return (vs[(n-1)/2] + vs[n/2]) / 2
}
