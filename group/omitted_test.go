package group_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// Of many failures Discard keeps the first hundred and the one that ended the scope. Those and the omitted ones are all.
func TestE1_DiscardOmitsWhatItDoesNotKeep(t *testing.T) {
	tests := []struct {
		name       string
		rule       group.Option
		tasks      int
		kept, left int
	}{
		{"one less", group.Tolerate(98), 99, 99, 0},
		{"the last that is kept ends it", group.Tolerate(99), 100, 100, 0},
		{"the first that is not ends it", group.Tolerate(100), 101, 101, 0},
		{"a later one ends it", group.Tolerate(150), 151, 101, 50},
		{"nothing ends it", group.KeepGoing(), 151, 100, 51},
		{"out of reach", group.UntilSuccess(1), 151, 100, 51},
		{"at the first", group.FailFast(), 151, 1, 0},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), group.Discard(), tt.rule, group.Limit(1))
			for i := range tt.tasks {
				g.Go(failing(fmt.Errorf("failure %d", i)))
			}
			_, err := g.Wait()
			e := testutil.ScopeError(t, err)
			if len(e.Failures) != tt.kept || e.Omitted != tt.left {
				t.Errorf("%d failures, %d omitted, want %d and %d", len(e.Failures), e.Omitted, tt.kept, tt.left)
			}
			seen := map[int]bool{}
			for _, f := range e.Failures {
				if seen[f.Index] {
					t.Errorf("the failure of task %d is there twice", f.Index)
				}
				seen[f.Index] = true
			}
		})
	}
}

// Ages of hours differ by more nanoseconds than an int has on some machines.
func TestOnStuck_OldestFirstWhateverTheAge(t *testing.T) {
	gaps := []time.Duration{time.Nanosecond, time.Second, 3 * time.Second, 5 * time.Second, 1<<32 + 7, 24 * time.Hour}
	for shift := range gaps {
		testutil.Bubble(t, fmt.Sprint(gaps[shift], " first"), func(t *testing.T) {
			var told []group.StuckTask
			g := group.New[int](t.Context(), group.OnStuck(time.Second, func(tasks []group.StuckTask) { told = tasks }))
			release := make(chan struct{})
			for i := range gaps {
				g.Go(doing(func() { <-release }), group.Name(fmt.Sprint(i)))
				time.Sleep(gaps[(i+shift)%len(gaps)])
			}
			g.Cancel(nil)
			time.Sleep(2 * time.Second)
			close(release)
			g.Wait()
			if len(told) != len(gaps) {
				t.Fatalf("it was told of %d tasks, want %d", len(told), len(gaps))
			}
			if !slices.IsSortedFunc(told, func(a, b group.StuckTask) int { return a.Index - b.Index }) {
				t.Errorf("it was told %v, want them in the order in which they began", told)
			}
		})
	}
}
