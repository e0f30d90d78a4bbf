// Command mutants puts mistakes into the library, one at a time, and sees whether the tests notice them.
//
// Some are planted: mistakes that people make in such protocols, each with the test command that has to notice it. With -lines they are
// generated instead, line by line, for the machine and the policy. One that no test can notice has a line in explained.txt.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
)

const usage = `usage: go run -C internal/mutants . [flags]

Flags:
  -lines       generated mutants instead of the planted ones; all of them take hours
  -quick       only planted mutants that need no tests of package group, and not the race detector
  -only regexp only mutants with such a name
  -sample n    only n of them, at random
  -seed s      which n (default 1)
  -procs n     so many at a time (default 1)
  -strict      run those of explained.txt as well: none may be noticed
  -list        print the names and test nothing
  -h           print this text

Exit status: 0 if every mutant was noticed or is explained, 1 if not, 2 if the command line is wrong (go run prints that
status and has 1 itself).
`

// choice is what the command line asks for.
type choice struct {
	lines, quick, strict, list bool
	only                       string
	sample, procs              int
	seed                       uint64
}

func main() {
	var c choice
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.BoolVar(&c.lines, "lines", false, "")
	flag.BoolVar(&c.quick, "quick", false, "")
	flag.StringVar(&c.only, "only", "", "")
	flag.IntVar(&c.sample, "sample", 0, "")
	flag.Uint64Var(&c.seed, "seed", 1, "")
	flag.IntVar(&c.procs, "procs", 1, "")
	flag.BoolVar(&c.strict, "strict", false, "")
	flag.BoolVar(&c.list, "list", false, "")
	flag.Parse()
	if _, err := regexp.Compile(c.only); flag.NArg() > 0 || c.procs < 1 || c.sample < 0 || c.quick && c.lines || err != nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	bad, err := run(ctx, c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
	for _, b := range bad {
		fmt.Println(b)
	}
	if len(bad) > 0 {
		os.Exit(1)
	}
}

func run(ctx context.Context, c choice) (bad []string, err error) {
	root, err := filepath.Abs(filepath.Join("..", "..")) // seen from the folder of this command
	if err != nil {
		return nil, err
	}
	ms, err := all(root, c.lines)
	if err != nil {
		return nil, err
	}
	if ms = c.choose(ms); c.list {
		for _, m := range ms {
			fmt.Println(m.name())
		}
		return nil, nil
	}
	if len(ms) == 0 {
		return nil, fmt.Errorf("no mutant is named like %q", c.only)
	}
	known, err := excuses(explained)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "creche-mutants-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	r := runner{root: root, scratch: scratch, progress: os.Stderr, excuses: known, strict: c.strict}
	if err := r.calibrate(ctx, ms); err != nil {
		return nil, err
	}
	outcomes, err := r.run(ctx, ms, c.procs)
	if err != nil {
		return nil, err
	}
	table(os.Stdout, outcomes)
	return faults(outcomes), nil
}

// folders are those that mutants are generated in.
var folders = []string{"internal/engine", "internal/policy"}

// all returns the mutants that there are.
func all(root string, lines bool) (ms []*mutant, err error) {
	if !lines {
		return plantAll(root, planted())
	}
	for _, dir := range folders {
		of, err := generate(root, dir)
		if err != nil {
			return nil, err
		}
		ms = append(ms, of...)
	}
	return ms, nil
}

func (c choice) choose(ms []*mutant) []*mutant {
	only := regexp.MustCompile(c.only)
	ms = slices.DeleteFunc(slices.Clone(ms), func(m *mutant) bool {
		return !only.MatchString(m.name()) || c.quick && slices.ContainsFunc(m.steps, func(s step) bool { return !s.isQuick() })
	})
	if c.sample == 0 || c.sample >= len(ms) {
		return ms
	}
	order := rand.New(rand.NewPCG(c.seed, 0)).Perm(len(ms))[:c.sample]
	slices.Sort(order)
	var chosen []*mutant
	for _, i := range order {
		chosen = append(chosen, ms[i])
	}
	return chosen
}
