package group_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var modelSeed = flag.Uint64("model.seed", 0, "run the one program of TestModel that has this seed")

// A chooser chooses one of n.
type chooser func(n int) int

// maker makes programs. Each duration has a bit of its own in its nanoseconds, so no two sums of them are the same.
type maker struct {
	choose chooser
	bit    int
}

func (m *maker) duration() time.Duration {
	m.bit++
	return time.Duration(1+m.choose(20))*time.Second + 1<<m.bit
}

func (m *maker) one(of ...string) string { return of[m.choose(len(of))] }

func (m *maker) coin(oneIn int) bool { return m.choose(oneIn) == oneIn-1 }

func (m *maker) plan(ends ...string) plan {
	return plan{Work: m.duration(), End: m.one(ends...), Deaf: m.coin(4), CleanUp: m.duration(), Stopped: m.one(ends...)}
}

func (m *maker) program() *program {
	p := &program{
		Rule: rule{
			Kind: m.one("FailFast", "KeepGoing", "Tolerate", "UntilSuccess", "StopWhen"),
			At:   m.one("end", "failure", "success", "echo"),
			N:    1 + m.choose(3),
		},
		Panic:          m.one("Propagate", "AsError", "Crash"),
		FirstError:     m.coin(3),
		Discard:        m.coin(5),
		CancelOnReturn: m.coin(6),
	}
	for _, f := range []string{"Ignore(mapped)", "Echo(stopped)", "MapError(other)", "Ignore(boom)", "IgnoreFunc(goexit)"} {
		if m.coin(3) {
			p.Filters = append(p.Filters, f)
		}
	}
	if m.coin(2) {
		p.Limit = 1 + m.choose(3)
	}
	for range m.choose(7) {
		// What ends well is more likely, and so is what ends as it should when it is cancelled.
		task := m.plan("value", "value", "value", "boom", "other", "echo", "cause", "wrapped", "joined", "stopped", "goexit", "panic")
		if m.coin(2) {
			task.Stopped = "echo"
		}
		if p.Panic == "Crash" {
			task.End, task.Stopped = calm(task.End), calm(task.Stopped)
		}
		p.Tasks = append(p.Tasks, task)
	}
	p.Body = m.plan("value", "value", "value", "echo", "cause", "joined", "stopped", "other", "boom")
	if m.coin(2) {
		p.Stop = happening{m.one("Cancel", "Cancel(nil)", "parent", "Timeout"), m.duration()}
	}
	if n := len(p.Tasks); n > 0 && m.coin(4) {
		p.TakeOut = happening{strconv.Itoa(m.choose(n)), m.duration()}
	}
	return p
}

func calm(end string) string {
	if end == "panic" {
		return "boom"
	}
	return end
}

// check runs a program and compares its end with the reference's. It reports whether the reference was sure of all of it.
func check(t *testing.T, p *program, from string) (sure bool) {
	t.Helper()
	r := reference{program: p}
	want, vague := r.verdict()
	opts := []cmp.Option{cmpopts.EquateEmpty()}
	if vague {
		opts = append(opts, cmpopts.IgnoreFields(verdict{}, "Failures"))
	}
	defer func() {
		if t.Failed() {
			t.Logf("%s: %s", from, p)
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		if diff := cmp.Diff(want, p.run(t), opts...); diff != "" {
			t.Errorf("verdict (-reference +library):\n%s", diff)
		}
	})
	return !vague
}

// String prints the program so that it can be read, and pasted into a test.
func (p *program) String() string {
	s := fmt.Sprintf("&program{Rule: %#v, Filters: %#v, Panic: %q, Limit: %d, FirstError: %v, Discard: %v, CancelOnReturn: %v, Tasks: []plan{",
		p.Rule, p.Filters, p.Panic, p.Limit, p.FirstError, p.Discard, p.CancelOnReturn)
	for _, task := range p.Tasks {
		s += fmt.Sprintf("\n\t%#v,", task)
	}
	return s + fmt.Sprintf("\n}, Body: %#v, Stop: %#v, TakeOut: %#v}", p.Body, p.Stop, p.TakeOut)
}

// Programs at random: whatever comes together in a scope, it ends as the laws of errors say.
func TestE1_E2_E3_E4_E5_Model(t *testing.T) {
	run := func(seed uint64) bool {
		r := rand.New(rand.NewPCG(seed, 0))
		m := &maker{choose: r.IntN}
		return check(t, m.program(), fmt.Sprint("-model.seed=", seed))
	}
	if *modelSeed != 0 {
		run(*modelSeed)
		return
	}
	const programs = 2000
	sure := 0
	for seed := range uint64(programs) {
		if run(seed + 1) {
			sure++
		}
		if t.Failed() {
			return // the first is enough to look at
		}
	}
	if sure < programs*8/10 {
		t.Errorf("the reference was sure of %d of %d programs: too few to mean much", sure, programs)
	}
}

func FuzzModel(f *testing.F) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		var data []byte
		for range 20 {
			data = binary.LittleEndian.AppendUint64(data, r.Uint64())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &maker{choose: func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		}}
		check(t, m.program(), "program")
	})
}
