package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The peers that have a column of their own come first. The others are the reference of a few rows.
var (
	columns = []string{"go", "errgroup", "conc", "pond", "ants", "lo"}
	peers   = append(slices.Clone(columns), "channel", "plain", "limit", "semaphore", "context", "serial", "hand", "creche")
)

// A measurement is a row with what each round measured.
type measurement struct {
	row
	samples []sample
}

// A sample is what one round measured: for each peer its amounts, by their units.
type sample map[string]map[string]float64

// measure runs the rounds.
func measure(chosen []row, rounds int, usual time.Duration) ([]measurement, error) {
	scratch, err := os.MkdirTemp("", "creche-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	binary := filepath.Join(scratch, "bench.test.exe")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the benchmarks: %w\n%s", err, out)
	}
	measured := make([]measurement, len(chosen))
	for i, r := range chosen {
		measured[i].row = r
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for _, i := range rand.Perm(len(chosen)) {
			s, err := chosen[i].sample(binary, usual)
			if err != nil {
				return nil, err
			}
			measured[i].samples = append(measured[i].samples, s)
		}
	}
	return measured, nil
}

// sample measures the peers in one process, or in one each where they must be apart.
func (r row) sample(binary string, usual time.Duration) (sample, error) {
	order := slices.Clone(peers)
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	runs := []string{strings.Join(order, ",")}
	if r.apart {
		runs = order
	}
	benchtime := usual.String()
	if r.benchtime != "" {
		benchtime = r.benchtime
	}
	s := sample{}
	for _, names := range runs {
		cmd := exec.Command(binary, "-test.run=^$", "-test.bench="+r.pattern(), "-test.benchtime="+benchtime, "-peers="+names)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s%s", r.name(), err, out, &complaint)
		}
		for line := range strings.Lines(string(out)) {
			if name, amounts, ok := parse(line); ok {
				s[name] = amounts
			}
		}
	}
	if _, ok := s["creche"][r.unit()]; !ok {
		return nil, fmt.Errorf("%s: no such benchmark", r.name())
	}
	return s, nil
}

// parse reads the peer and its amounts from a line that the testing package prints.
func parse(line string) (peer string, amounts map[string]float64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 {
		return "", nil, false
	}
	_, peer, ok = strings.Cut(fields[0], "/peer=")
	if !ok {
		return "", nil, false
	}
	peer, _, _ = strings.Cut(peer, "-") // the number of processors follows
	amounts = map[string]float64{}
	for pair := range slices.Chunk(fields[2:], 2) {
		v, err := strconv.ParseFloat(pair[0], 64)
		if err != nil || len(pair) < 2 {
			return "", nil, false
		}
		amounts[pair[1]] = v
	}
	return peer, amounts, true
}
