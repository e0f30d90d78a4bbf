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
	file := filepath.Join(t.TempDir(), "program_test.go")
	if err := os.WriteFile(file, programs.Source(list...), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "test", "-v", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	logs := strings.Split(string(out), "=== RUN   ")[1:]
	if len(logs) != len(list) {
		t.Fatalf("%d of %d programs have run", len(logs), len(list))
	}
	told := 0
	for i, x := range list {
		_, log, _ := strings.Cut(logs[i], " scope 0 is over: ")
		log, _, _ = strings.Cut(log, "\n    program_test.go:") // what is logged next
		got := faults(log)
		if got != "" {
			told++
		}
		if seen := outcomes(t, x.Program, got); !slices.Contains(seen, got) {
			t.Errorf("%s ends with %q in source, else with one of %q:\n%s", x.Name, got, seen, programs.Source(x))
		}
	}
	if told < 50 {
		t.Errorf("only %d programs end with a fault", told)
	}
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
