package programs_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/internal/programs"
)

// The source of a program compiles, and does what the program does: it ends in a way in which the program may end as well.
func TestSource(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("compiles")
	}
	var list []programs.Titled
	for seed := range uint64(300) {
		list = append(list, programs.Titled{
			Name: fmt.Sprint("Program", seed+1), Comment: "One of many.\nIt has no meaning.", Program: programs.Generate(seed+1, size),
		})
	}
	dir := t.TempDir()
	file, binary := filepath.Join(dir, "program_test.go"), filepath.Join(dir, "programs.test")
	if err := os.WriteFile(file, programs.Source(list...), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "test", "-c", "-o", binary, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ends := inSource(t, binary)
	if len(ends) != len(list) {
		t.Fatalf("%d of %d programs have run", len(ends), len(list))
	}
	told := 0
	for i, x := range list {
		if ends[i] != "" {
			told++
		}
		seen := outcomes(t, x.Program, ends[i])
		if slices.Contains(seen, ends[i]) {
			continue
		}
		// This one needs more luck than 2,000 runs have. Other runs of the source have to end as runs of the program do.
		again := inSource(t, binary, "-test.run=^Test"+x.Name+"$", "-test.count=20")
		if !slices.ContainsFunc(again, func(end string) bool { return slices.Contains(seen, end) }) {
			t.Errorf("%s ends with one of %q in source, else with one of %q:\n%s", x.Name, again, seen, programs.Source(x))
		}
	}
	if told < 50 {
		t.Errorf("only %d programs end with a fault", told)
	}
}

// inSource runs the binary's programs and returns with which faults each of them has ended.
func inSource(t *testing.T, binary string, args ...string) (ends []string) {
	t.Helper()
	out, err := exec.Command(binary, append(args, "-test.v")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, log := range strings.Split(string(out), "=== RUN   ")[1:] {
		_, log, _ = strings.Cut(log, " scope 0 is over: ")
		log, _, _ = strings.Cut(log, "\n    program_test.go:") // what is logged next
		ends = append(ends, faults(log))
	}
	return ends
}

var faultPattern = regexp.MustCompile(`\b(task|body) \d+: (plain|ignorable|mappable|forgettable|echoing)`)

// faults lists the faults in a text.
func faults(text string) string {
	list := faultPattern.FindAllString(text, -1)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// outcomes runs a program until it ends with these faults, but not for ever, and returns with which faults it has ended.
func outcomes(t *testing.T, p *programs.Program, want string) (seen []string) {
	for range 2000 { // some need luck
		var err error
		synctest.Test(t, func(*testing.T) {
			_, err = programs.Execute(p, programs.Config{Unit: time.Second, Exact: true}).Result()
		})
		if now := faults(fmt.Sprint(err)); !slices.Contains(seen, now) {
			seen = append(seen, now)
		}
		if slices.Contains(seen, want) {
			break
		}
	}
	return seen
}
