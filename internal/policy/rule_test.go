package policy_test

import (
	"errors"
	"testing"

	"github.com/creche-go/creche/internal/policy"
	"github.com/google/go-cmp/cmp"
)

func TestRules(t *testing.T) {
	rule := func(k policy.Kind, n int) policy.Scope { return policy.Scope{Rule: policy.Rule{Kind: k, N: n}} }
	tests := []struct {
		name   string
		policy policy.Scope
		steps  string // f: a failure, p: a panic, s: a success; the step that stops the scope is in capitals
		reason string
	}{
		{"fail fast", rule(policy.FailFast, 0), "ssF", "the first failure stops"},
		{"keep going", rule(policy.KeepGoing, 0), "sfffP", "no failure stops, but a panic goes on"},
		{"tolerate", rule(policy.Tolerate, 2), "fsfF", "two are within the budget"},
		{"tolerate, panic", rule(policy.Tolerate, 2), "fP", "a panic is in nobody's budget"},
		{"until success", rule(policy.UntilSuccess, 2), "ffsfS", "failures do not matter"},
		{"stop when", rule(policy.StopWhen, 0), "fsff", "the user's rule decides, not this one"},
		{"panics are errors", policy.Scope{Panic: policy.AsError, Rule: policy.Rule{Kind: policy.Tolerate, N: 1}}, "pP",
			"then they count as such"},
		{"panics crash", policy.Scope{Panic: policy.Crash, Rule: policy.Rule{Kind: policy.KeepGoing}}, "f", "nothing to decide"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r policy.Run
			got := ""
			for _, step := range tt.steps {
				lower, stop := step|0x20, false
				switch lower {
				case 's':
					stop = r.End(&tt.policy, true)
				default:
					stop = r.Fail(&tt.policy, lower == 'p')
				}
				if stop {
					lower &^= 0x20
				}
				got += string(lower)
			}
			if got != tt.steps {
				t.Errorf("got %s, want %s: %s", got, tt.steps, tt.reason)
			}
		})
	}
}

func TestHopeless(t *testing.T) {
	tests := []struct {
		goal, submitted, successes, failures int
		waiting, want                        bool
		reason                               string
	}{
		{1, 0, 0, 0, false, false, "the body may still start tasks"},
		{1, 0, 0, 0, true, true, "nobody will"},
		{2, 3, 0, 1, true, false, "two are left, and two are missing"},
		{2, 3, 0, 2, true, true, "one is left"},
		{2, 3, 1, 1, true, false, "one is left, and one is missing"},
		{2, 2, 2, 0, true, false, "reached"},
	}
	for _, tt := range tests {
		p := policy.Scope{Rule: policy.Rule{Kind: policy.UntilSuccess, N: tt.goal}}
		var r policy.Run
		for range tt.successes {
			r.End(&p, true)
		}
		for range tt.failures {
			r.Fail(&p, false)
			r.End(&p, false)
		}
		if tt.waiting {
			r.Wait()
		}
		if got := r.Hopeless(&p, tt.submitted); got != tt.want {
			t.Errorf("%+v: got %v: %s", tt, got, tt.reason)
		}
	}
}

// E4: the order is MapError, then Ignore, whatever the order of the options.
func TestE4_FilterOrder(t *testing.T) {
	var asked []string
	boom, mapped := errors.New("boom"), errors.New("mapped")
	note := func(name string) func(error) bool {
		return func(err error) bool {
			asked = append(asked, name+" "+err.Error())
			return name == "last"
		}
	}
	f := policy.Filters{
		Ignore: []policy.Ignore{{Option: "Ignore", Is: note("first")}, {Option: "IgnoreFunc", Is: note("last")}, {Option: "Ignore", Is: note("never")}},
		Map:    []func(error) error{func(error) error { return mapped }},
	}
	var options []string
	if err := f.Apply(boom, func(o string) { options = append(options, o) }); err != nil {
		t.Errorf("got %v, want nothing left", err)
	}
	if d := cmp.Diff([]string{"first mapped", "last mapped"}, asked); d != "" {
		t.Error("asked (-want +got)", d)
	}
	if d := cmp.Diff([]string{"MapError", "Ignore", "IgnoreFunc"}, options); d != "" {
		t.Error("options (-want +got)", d)
	}
}

func TestKeeps(t *testing.T) {
	for _, tt := range []struct {
		discard bool
		n       int
		want    bool
	}{{false, 1 << 20, true}, {true, policy.KeptFailures, true}, {true, policy.KeptFailures + 1, false}} {
		if got := (&policy.Scope{Discard: tt.discard}).Keeps(tt.n); got != tt.want {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}
